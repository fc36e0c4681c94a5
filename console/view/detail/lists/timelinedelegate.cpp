// SPDX-License-Identifier: GPL-3.0-only
// TimelineDelegate: see the header.
#include "console/view/detail/lists/timelinedelegate.h"

#include "console/model/lists/timeline.h"
#include "console/view/look/look.h"

namespace quiesce {

namespace {

Tone toneOf(EventSeverity severity)
{
    switch (severity) {
    case EventSeverity::Info:
        return Tone::Neutral;
    case EventSeverity::Warning:
        return Tone::Warning;
    case EventSeverity::Error:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

} // namespace

void TimelineDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const auto severity = static_cast<EventSeverity>(index.data(Timeline::SeverityRole).toInt());
    if (severity == EventSeverity::Info || index.column() != Timeline::SeverityColumn)
        return;
    const QColor color = toneTextColor(toneOf(severity), option->palette);
    option->palette.setColor(QPalette::Active, QPalette::Text, color);
    option->palette.setColor(QPalette::Inactive, QPalette::Text, color);
    option->font.setBold(true);
}

} // namespace quiesce
