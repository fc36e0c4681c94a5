// SPDX-License-Identifier: GPL-3.0-only
// RollingTable: the instances of a rolling stop in their order, and how far each has come.
#pragma once

#include "console/model/acting/actionpolicy.h"
#include "console/model/acting/rollingstop.h"
#include "console/model/instance/instancewatch.h"
#include "console/view/actions/stateicons.h"

#include <QTreeWidget>

namespace quiesce {

/// Before the start the order can be changed and what cannot be stopped is marked; from start() on
/// it shows the run.
///
/// Thread:  event loop. Owns: its rows; an instance may vanish.
/// Emits:   changed() at most ten times a second, before the start.
class RollingTable final : public QTreeWidget
{
    Q_OBJECT

public:
    enum Column {
        Order,
        Name,
        Environment,
        State,
        Progress,
        ColumnCount,
    };
    enum class Direction : signed char { Up = -1, Down = 1 };

    RollingTable(const QList<Instance *> &targets, ActionPolicy::PermissionOf permissionOf,
                 QWidget *parent = nullptr);

    /// Those that can be stopped, in their order.
    [[nodiscard]] QList<Instance *> granted() const;
    [[nodiscard]] bool canMove(Direction direction) const;
    void moveCurrent(Direction direction);
    /// From here on only those of this run are shown. It outlives this.
    void start(const RollingStop &run);

    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void changed();

private:
    static constexpr int kMinRowsShown = 4;

    void refresh();
    void refreshRow(int row);
    [[nodiscard]] QString progressOf(int row) const;
    [[nodiscard]] Tone toneOfRow(int row) const;

    ActionPolicy::PermissionOf m_permissionOf;
    QList<QPointer<Instance>> m_targets;
    const RollingStop *m_run = nullptr;
    StateIcons m_icons;
    InstanceWatch m_watch;
};

} // namespace quiesce
