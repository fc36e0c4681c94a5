// SPDX-License-Identifier: GPL-3.0-only
// What somebody who mistyped a name probably meant.
#pragma once

#include <QString>
#include <QStringList>

namespace quiesce {

/// The candidate with the smallest edit distance; of equals the first. `candidates` is not empty.
[[nodiscard]] QString nearest(QStringView wrong, const QStringList &candidates);

} // namespace quiesce
