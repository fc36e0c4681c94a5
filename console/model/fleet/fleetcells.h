// SPDX-License-Identifier: GPL-3.0-only
// FleetCells: what each column of the fleet says of one instance, as text, to sort by, and more.
#pragma once

#include "console/model/fleet/lastevent.h"

#include <QVariant>

namespace quiesce {

/// In the order in which they are first shown. InFlight to Uptime change with the stats.
enum class FleetColumn : unsigned char {
    State,
    Name,
    Environment,
    Ready,
    InFlight,
    Trend,
    Jobs,
    Engine,
    Connections,
    Rate,
    Remaining,
    Uptime,
    Version,
    LastEvent,
    Address,
};
inline constexpr int kFleetColumns = int(FleetColumn::Address) + 1;

/// One instance and what is needed beside it.
struct FleetRow
{
    const Instance &instance;
    const LastEvent &last;
    QDateTime now; ///< UTC
};

[[nodiscard]] QString fleetHeader(FleetColumn column);
[[nodiscard]] QString fleetHeaderToolTip(FleetColumn column);
/// Empty where nothing is known, or nobody is there any more to have any.
[[nodiscard]] QString fleetText(const FleetRow &row, FleetColumn column);
/// A number, a moment or a text, of one type in each column; the smallest comes first.
[[nodiscard]] QVariant fleetSortKey(const FleetRow &row, FleetColumn column);
[[nodiscard]] QString fleetToolTip(const FleetRow &row, FleetColumn column);
[[nodiscard]] bool isNumber(FleetColumn column);

} // namespace quiesce
