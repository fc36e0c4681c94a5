// SPDX-License-Identifier: GPL-3.0-only
// StateIcons: see the header.
#include "console/view/actions/stateicons.h"

#include "console/view/actions/verblook.h"
#include "console/view/look/look.h"

namespace quiesce {

QIcon StateIcons::of(Condition condition, const QPalette &palette)
{
    heed(palette);
    QIcon &icon = m_conditions[condition];
    if (icon.isNull())
        icon = conditionIcon(condition, palette);
    return icon;
}

QIcon StateIcons::of(Tone tone, const QPalette &palette)
{
    heed(palette);
    QIcon &icon = m_tones[tone];
    if (icon.isNull())
        icon = toneIcon(tone, palette);
    return icon;
}

void StateIcons::heed(const QPalette &palette)
{
    if (std::exchange(m_palette, palette.cacheKey()) == palette.cacheKey())
        return;
    m_conditions.clear();
    m_tones.clear();
}

} // namespace quiesce
