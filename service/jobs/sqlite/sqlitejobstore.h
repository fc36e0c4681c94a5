// SPDX-License-Identifier: GPL-3.0-only
// SqliteJobStore: the embedded default: jobs in one SQLite file, no set-up.
#pragma once

#include "service/jobs/threadedjobstore.h"

namespace quiesce {

/// Keeps jobs in a file, in write-ahead mode with `synchronous = FULL`: what was answered survives
/// the process and the power. One process at a time has the file; open() by another is answered
/// Unavailable.
///
/// Limits:  those of JobStore; memory also for SQLite's cache (64 MiB at most). The file shrinks in
///          small steps by prune(); the log beside it is moved into the file at 16 MiB.
/// Faults:  a damaged file is not probed.
class SqliteJobStore final : public ThreadedJobStore
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kLongestProbe{ 30'000 };

    /// The file's folder must be there. The clock must outlive the store.
    SqliteJobStore(const QString &path, Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] QLatin1StringView engine() const override;
};

} // namespace quiesce
