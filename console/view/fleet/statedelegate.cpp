// SPDX-License-Identifier: GPL-3.0-only
// StateDelegate: see the header.
#include "console/view/fleet/statedelegate.h"

#include "console/model/fleet/fleetmodel.h"
#include "console/view/look/look.h"

#include <QPainter>

namespace quiesce {

namespace {

/// Everything in the chip is measured in this.
int unitOf(const QFontMetrics &metrics)
{
    return std::max(metrics.height() / 4, 1);
}

int iconSize(const QFontMetrics &metrics)
{
    return metrics.ascent() + metrics.descent() / 2;
}

QRect iconRect(const QRect &rect, const QFontMetrics &metrics)
{
    const int size = iconSize(metrics);
    const int left = rect.left() + 3 * unitOf(metrics);
    return { left, rect.center().y() - size / 2 + 1, size, size };
}

QRectF chipRect(const QRect &rect, const QFontMetrics &metrics, int textWidth)
{
    const int unit = unitOf(metrics);
    const int height = std::min(metrics.height() + unit, rect.height());
    const int right = StateDelegate::textRect(rect, metrics).left() + textWidth + 2 * unit;
    const int left = rect.left() + unit;
    return QRectF(left, rect.top() + (rect.height() - height) / 2.0,
                  std::min(right, rect.right() + 1) - left, height);
}

} // namespace

QRect StateDelegate::textRect(const QRect &rect, const QFontMetrics &metrics)
{
    const int unit = unitOf(metrics);
    const int left = iconRect(rect, metrics).right() + 1 + 3 * unit / 2;
    return { left, rect.top(), rect.right() + 1 - 2 * unit - left, rect.height() };
}

void StateDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    paintGround(painter, option, index);
    const auto condition = Condition(index.data(FleetModel::ConditionRole).toInt());
    const Tone tone = toneOf(condition);
    const QFontMetrics &metrics = option.fontMetrics;
    const QRect text = textRect(option.rect, metrics);
    const QString shown =
        metrics.elidedText(conditionText(condition), Qt::ElideRight, text.width());
    const QRectF chip = chipRect(option.rect, metrics, metrics.horizontalAdvance(shown));

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(option.palette.base()); // so that a selected row is no other ground
    painter->drawRoundedRect(chip, chip.height() / 2, chip.height() / 2);
    painter->setBrush(toneBackground(tone, option.palette));
    painter->drawRoundedRect(chip, chip.height() / 2, chip.height() / 2);
    iconFor(condition, option.palette).paint(painter, iconRect(option.rect, metrics));
    painter->setFont(option.font);
    painter->setPen(toneTextColor(tone, option.palette));
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, shown);
    painter->restore();
}

QSize StateDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QFontMetrics &metrics = option.fontMetrics;
    const auto condition = Condition(index.data(FleetModel::ConditionRole).toInt());
    const QRect none(0, 0, 0, metrics.height());
    const int beside = -textRect(none, metrics).width();
    return { metrics.horizontalAdvance(conditionText(condition)) + beside,
             CellDelegate::sizeHint(option, index).height() };
}

QIcon StateDelegate::iconFor(Condition condition, const QPalette &palette) const
{
    if (std::exchange(m_paletteKey, palette.cacheKey()) != palette.cacheKey())
        m_icons.clear();
    QIcon &icon = m_icons[condition];
    if (icon.isNull())
        icon = conditionIcon(condition, palette);
    return icon;
}

} // namespace quiesce
