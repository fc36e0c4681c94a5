// SPDX-License-Identifier: GPL-3.0-only
// ProgressDelegate: see the header.
#include "console/view/detail/lists/progressdelegate.h"

#include "console/model/lists/jobmodel.h"
#include "console/view/look/look.h"

#include <QPainter>
#include <QStyle>
#include <QWidget>
#include <algorithm>

namespace quiesce {

namespace {

Tone toneOfJob(JobState state)
{
    switch (state) {
    case JobState::Succeeded:
        return Tone::Good;
    case JobState::Failed:
        return Tone::Bad;
    case JobState::Running:
        return Tone::Busy;
    case JobState::Queued:
    case JobState::Scheduled:
    case JobState::Cancelled:
        break;
    }
    return Tone::Neutral;
}

} // namespace

void ProgressDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const QVariant progress = index.data(JobModel::ProgressRole);
    if (!progress.isValid())
        return QStyledItemDelegate::paint(painter, option, index);
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = std::exchange(cell.text, {});
    cell.widget->style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    const int in = cell.fontMetrics.height() / 4;
    const int textWidth =
        cell.fontMetrics.horizontalAdvance(text.isEmpty() ? text : QStringLiteral("100 %"));
    QRectF track = QRectF(cell.rect).adjusted(in, in, -2 * in - textWidth, -in);
    const Tone tone = toneOfJob(static_cast<JobState>(index.data(JobModel::StateRole).toInt()));
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(toneBackground(tone, cell.palette));
    painter->drawRoundedRect(track, in / 2.0, in / 2.0);
    track.setWidth(track.width() * std::clamp(progress.toDouble(), 0.0, 1.0));
    painter->setBrush(toneColor(tone, cell.palette));
    painter->drawRoundedRect(track, in / 2.0, in / 2.0);
    const bool isSelected = cell.state.testFlag(QStyle::State_Selected);
    painter->setPen(cell.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text));
    painter->drawText(cell.rect.adjusted(0, 0, -in, 0), int(Qt::AlignVCenter | Qt::AlignRight),
                      text);
    painter->restore();
}

} // namespace quiesce
