// SPDX-License-Identifier: GPL-3.0-only
// SparkDelegate: the last minute as a small line, gaps left open.
#pragma once

#include "console/view/fleet/celldelegate.h"

#include <QList>
#include <QPainterPath>

namespace quiesce {

/// Reads FleetModel::TrendRole. Each line has a scale of its own, from zero to its most.
class SparkDelegate final : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    /// The newest at the right edge; a sample of NaN interrupts it. Stays within `area`.
    [[nodiscard]] static QPainterPath lineOf(const QList<float> &trend, const QRectF &area);
};

} // namespace quiesce
