// SPDX-License-Identifier: GPL-3.0-only
// TargetTable: exactly which instances a change would go to, and which it leaves out and why.
#pragma once

#include "console/model/acting/actionpolicy.h"
#include "console/model/instance/closelook.h"
#include "console/model/instance/instancewatch.h"
#include "console/view/actions/stateicons.h"

#include <QPointer>
#include <QTreeWidget>
#include <vector>

namespace quiesce {

/// Follows the instances while it is open.
///
/// Thread:  event loop. Owns: nothing but its rows; an instance may vanish.
/// Emits:   changed() at most ten times a second, when anything about its instances has.
class TargetTable final : public QTreeWidget
{
    Q_OBJECT

public:
    enum Column {
        Name,
        Environment,
        State,
        Note,
        ColumnCount,
    };

    TargetTable(const QList<Instance *> &targets, ActionPolicy::PermissionOf permissionOf,
                QWidget *parent = nullptr);

    /// Those it goes to, in their order.
    [[nodiscard]] QList<Instance *> granted() const { return m_granted; }
    /// Why the first one that is left out is; empty when none is.
    [[nodiscard]] QString firstRefusal() const { return m_firstRefusal; }

    /// At once, by what is true now.
    void refresh();

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void changed();

protected:
    void changeEvent(QEvent *event) override;

private:
    static constexpr int kMaxRowsShown = 8; ///< of the size it asks for; more scroll
    static constexpr int kLeastRowsShown = 3; ///< where a large font leaves no room for more

    [[nodiscard]] int heightFor(int rows) const;

    void addRow(Instance *target);
    void refreshRow(int row);

    ActionPolicy::PermissionOf m_permissionOf;
    QList<QPointer<Instance>> m_targets;
    std::vector<CloseLook> m_looks; ///< the consequences name what would be lost
    QList<Instance *> m_granted;
    QString m_firstRefusal;
    StateIcons m_icons;
    InstanceWatch m_watch;
};

} // namespace quiesce
