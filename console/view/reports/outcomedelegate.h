// SPDX-License-Identifier: GPL-3.0-only
// OutcomeDelegate: an outcome in the list of reports, with its icon and in its tone.
#pragma once

#include "console/model/instance/condition.h"

#include <QHash>
#include <QIcon>
#include <QStyledItemDelegate>

namespace quiesce {

/// For the column of ReportList that has ReportList::ConditionRole.
class OutcomeDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    /// Drawn once for a palette, not at each painting.
    [[nodiscard]] QIcon iconOf(Condition condition, const QPalette &palette) const;

    mutable QHash<Condition, QIcon> m_icons;
    mutable qint64 m_paletteKey = 0;
};

} // namespace quiesce
