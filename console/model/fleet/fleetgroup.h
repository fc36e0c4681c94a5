// SPDX-License-Identifier: GPL-3.0-only
// FleetGroup: the four kinds of instances that the fleet is filtered and counted by.
#pragma once

#include "console/model/instance/condition.h"

#include <QFlags>
#include <array>

namespace quiesce {

enum class FleetGroup : unsigned char {
    Serving = 1,
    Stopping = 2, ///< out of rotation or on its way down, as asked
    Stopped = 4, ///< with a report
    Trouble = 8, ///< somebody should look
};
Q_DECLARE_FLAGS(FleetGroups, FleetGroup)
Q_DECLARE_OPERATORS_FOR_FLAGS(FleetGroups)

inline constexpr std::array kFleetGroups{ FleetGroup::Serving, FleetGroup::Stopping,
                                          FleetGroup::Stopped, FleetGroup::Trouble };

/// A stop that went wrong is of two groups; what is still coming up is of none.
[[nodiscard]] FleetGroups groupsOf(Condition condition);
/// For people: "Serving" …
[[nodiscard]] QString groupText(FleetGroup group);
/// The tone that marks it.
[[nodiscard]] Tone toneOf(FleetGroup group);

/// How many there are of each kind.
struct FleetSummary
{
    int total = 0;
    std::array<int, kFleetGroups.size()> byGroup{}; ///< as kFleetGroups
    Tone worst = Tone::Neutral;

    [[nodiscard]] int of(FleetGroup group) const;
    void add(Condition condition);
    friend bool operator==(const FleetSummary &, const FleetSummary &) = default;
};

/// "12 services: 9 serving, 1 stopping, 2 in trouble"; what there is none of is left out.
[[nodiscard]] QString summaryText(const FleetSummary &summary);

} // namespace quiesce
