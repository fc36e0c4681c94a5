// SPDX-License-Identifier: GPL-3.0-only
// What a phase chart shows of a report, row by row: labels, times, and how it ended.
#pragma once

#include "common/lifecycle/stopreport.h"

#include <QList>
#include <QString>

namespace quiesce {

/// One row of a phase chart.
struct PhaseRow
{
    enum class Kind : unsigned char { Phase, Heading, Slow, Hook };
    /// How it ended: decides pattern and colour.
    enum class Mark : unsigned char {
        Plain,
        Cut, ///< cancelled, timed out
        Broken, ///< aborted, failed
        Undone, ///< skipped
    };

    Kind kind = Kind::Phase;
    QString label;
    QString note; ///< beside the bar
    std::chrono::milliseconds begin{ 0 }; ///< since the stop was asked for; below zero: before it
    std::chrono::milliseconds end{ 0 };
    qsizetype phase = 0; ///< the index of the phase it ends in
    bool isPlaced = true; ///< false: how long is known, but not when
    Mark mark = Mark::Plain;
};

/// At most this many hooks have a row; a last one says how many more there were.
inline constexpr qsizetype kMaxHookRows = 20;

/// The phases first, then the slowest, then the hooks, each of these with a heading; none when the
/// report names no phase. A slow one of which the report does not say when it ended, as those of
/// before did not, is not placed; hooks run one after the other from the begin of the last phase
/// on.
[[nodiscard]] QList<PhaseRow> phaseRows(const StopReport &report);

} // namespace quiesce
