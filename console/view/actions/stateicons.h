// SPDX-License-Identifier: GPL-3.0-only
// StateIcons: the icons of conditions and tones, drawn once a palette.
#pragma once

#include "console/model/instance/condition.h"

#include <QHash>
#include <QIcon>

class QPalette;

namespace quiesce {

/// For rows that are refreshed many times a second. Holds at most one icon a value.
class StateIcons final
{
public:
    [[nodiscard]] QIcon of(Condition condition, const QPalette &palette);
    [[nodiscard]] QIcon of(Tone tone, const QPalette &palette);

private:
    void heed(const QPalette &palette);

    qint64 m_palette = 0;
    QHash<Condition, QIcon> m_conditions;
    QHash<Tone, QIcon> m_tones;
};

} // namespace quiesce
