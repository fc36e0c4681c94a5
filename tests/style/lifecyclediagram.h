// SPDX-License-Identifier: GPL-3.0-only
// Reads the README's state diagram, so that a test can hold it to the transition table.
#pragma once

#include "common/result.h"

#include <QString>
#include <QStringList>

namespace quiesce::style {

/// The diagram's edges, sorted, each as "from -> to" in wire names; "[*]" is outside.
using LifecycleEdges = QStringList;

/// Takes the one mermaid stateDiagram-v2 between the lines `<!-- lifecycle -->` and
/// `<!-- /lifecycle -->`. What it knows of mermaid:
///
///     state "lame-duck" as lameDuck        the wire name of a state whose name is no mermaid id
///     serving --> lameDuck : stop          an edge; what follows the colon is for people
///     %% …, note …, direction …            passed over
///
/// @error what is missing, or the line that is none of these.
[[nodiscard]] Result<LifecycleEdges, QString> readLifecycleDiagram(const QString &markdown);

} // namespace quiesce::style
