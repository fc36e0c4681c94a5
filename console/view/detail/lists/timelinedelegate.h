// SPDX-License-Identifier: GPL-3.0-only
// TimelineDelegate: a timeline's severities with a sign and in their tone.
#pragma once

#include <QStyledItemDelegate>

namespace quiesce {

/// Thread: GUI.
class TimelineDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace quiesce
