// SPDX-License-Identifier: GPL-3.0-only
// Report: the tally as text for people, as JSON for programs, and a line of progress.
#pragma once

#include "tests/rehearse/options.h"
#include "tests/rehearse/rehearsal.h"
#include "tests/rehearse/tally.h"

#include <QString>

namespace quiesce::rehearse {

/// Whether a rehearsal counts as good; see --help for the rule.
[[nodiscard]] bool isPassed(const Tally &tally, const Options &options);

QString textReport(const Tally &tally, const Options &options);
QString jsonReport(const Tally &tally, const Options &options);

QString textReport(const LoadResult &load);
QString jsonReport(const LoadResult &load);

/// One line without an end.
QString progressLine(const Tally &tally, const Options &options);

} // namespace quiesce::rehearse
