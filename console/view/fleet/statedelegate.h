// SPDX-License-Identifier: GPL-3.0-only
// StateDelegate: the condition of an instance as a chip of icon and text on a hint of its tone.
#pragma once

#include "console/model/instance/condition.h"
#include "console/view/fleet/celldelegate.h"

#include <QHash>
#include <QIcon>

namespace quiesce {

/// Reads FleetModel::ConditionRole. Owns: its icons, drawn anew for another palette.
class StateDelegate final : public CellDelegate
{
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;
    /// Where the text of the chip goes within `rect`.
    [[nodiscard]] static QRect textRect(const QRect &rect, const QFontMetrics &metrics);

private:
    [[nodiscard]] QIcon iconFor(Condition condition, const QPalette &palette) const;

    mutable QHash<Condition, QIcon> m_icons;
    mutable qint64 m_paletteKey = 0;
};

} // namespace quiesce
