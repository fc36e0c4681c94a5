// SPDX-License-Identifier: GPL-3.0-only
// CellDelegate: how rows of the fleet look: their height, and old values dimmed.
#pragma once

#include <QStyledItemDelegate>

namespace quiesce {

/// Paints as the style does, on a row with room to breathe. What a cell shows of an instance that
/// is not live (FleetModel::IsLiveRole) is in the colour of a hint, since it may be old.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
    /// Only the ground: selection, hover, focus.
    void paintGround(QPainter *painter, const QStyleOptionViewItem &option,
                     const QModelIndex &index) const;
};

} // namespace quiesce
