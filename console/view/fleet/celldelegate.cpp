// SPDX-License-Identifier: GPL-3.0-only
// CellDelegate: see the header.
#include "console/view/fleet/celldelegate.h"

#include "console/model/fleet/fleetmodel.h"

#include <QApplication>
#include <QPainter>

namespace quiesce {

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(std::max(size.height(), option.fontMetrics.height() * 7 / 4));
    return size;
}

void CellDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (!index.data(FleetModel::IsLiveRole).toBool())
        option->palette.setBrush(QPalette::Text, option->palette.brush(QPalette::PlaceholderText));
}

void CellDelegate::paintGround(QPainter *painter, const QStyleOptionViewItem &option,
                               const QModelIndex &index) const
{
    QStyleOptionViewItem ground = option;
    QStyledItemDelegate::initStyleOption(&ground, index);
    ground.text.clear();
    ground.icon = {};
    const QStyle *style = ground.widget ? ground.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, ground.widget);
}

} // namespace quiesce
