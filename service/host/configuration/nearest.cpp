// SPDX-License-Identifier: GPL-3.0-only
// The Levenshtein distance, by the row-by-row method.
#include "service/host/configuration/nearest.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace quiesce {

namespace {

qsizetype editDistance(QStringView a, QStringView b)
{
    std::vector<qsizetype> distances(static_cast<size_t>(b.size()) + 1);
    for (size_t j = 0; j < distances.size(); ++j)
        distances[j] = static_cast<qsizetype>(j);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = std::exchange(distances[0], i + 1);
        for (qsizetype j = 0; j < b.size(); ++j) {
            const auto at = static_cast<size_t>(j);
            const qsizetype replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = distances[at + 1];
            distances[at + 1] = std::min({ replaced, diagonal + 1, distances[at] + 1 });
        }
    }
    return distances.back();
}

} // namespace

QString nearest(QStringView wrong, const QStringList &candidates)
{
    constexpr qsizetype kLongestCompared = 256; // keeps a hostile name from costing much
    const QStringView start = wrong.left(kLongestCompared);
    const auto isNearer = [start](const QString &a, const QString &b) {
        return editDistance(start, a) < editDistance(start, b);
    };
    return *std::min_element(candidates.begin(), candidates.end(), isNearer);
}

} // namespace quiesce
