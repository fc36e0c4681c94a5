// SPDX-License-Identifier: GPL-3.0-only
// ProgressDelegate: a job's progress as a bar in its cell.
#pragma once

#include <QStyledItemDelegate>

namespace quiesce {

/// Of JobModel::ProgressRole; a cell without one is left to its text. Thread: GUI.
class ProgressDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace quiesce
