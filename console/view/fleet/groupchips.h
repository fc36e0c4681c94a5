// SPDX-License-Identifier: GPL-3.0-only
// GroupChips: a row of buttons that choose groups of the fleet, each with how many there are.
#pragma once

#include "console/model/fleet/fleetgroup.h"

#include <QWidget>
#include <array>

class QToolButton;

namespace quiesce {

/// Emits: chosen() with the groups that are pressed, none for all.
class GroupChips final : public QWidget
{
    Q_OBJECT

public:
    explicit GroupChips(QWidget *parent = nullptr);

    void setCounts(const FleetSummary &summary);
    [[nodiscard]] FleetGroups groups() const;
    void setGroups(FleetGroups groups);

Q_SIGNALS:
    void chosen(quiesce::FleetGroups groups);

protected:
    void changeEvent(QEvent *event) override;

private:
    void drawIcons();

    std::array<QToolButton *, kFleetGroups.size()> m_chips{}; ///< as kFleetGroups
};

} // namespace quiesce
