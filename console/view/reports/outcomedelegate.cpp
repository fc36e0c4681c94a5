// SPDX-License-Identifier: GPL-3.0-only
// OutcomeDelegate: see the header.
#include "console/view/reports/outcomedelegate.h"

#include "console/model/reports/reportlist.h"
#include "console/view/look/look.h"

namespace quiesce {

void OutcomeDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const QVariant condition = index.data(ReportList::ConditionRole);
    if (!condition.isValid())
        return;
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->icon = iconOf(condition.value<Condition>(), option->palette);
    const int size = option->fontMetrics.height();
    option->decorationSize = { size, size };
    const auto tone = index.data(ReportList::ToneRole).value<Tone>();
    option->palette.setColor(QPalette::Text, toneTextColor(tone, option->palette));
}

QIcon OutcomeDelegate::iconOf(Condition condition, const QPalette &palette) const
{
    if (std::exchange(m_paletteKey, palette.cacheKey()) != palette.cacheKey())
        m_icons.clear();
    auto found = m_icons.find(condition);
    if (found == m_icons.end())
        found = m_icons.insert(condition, conditionIcon(condition, palette));
    return *found;
}

} // namespace quiesce
