// SPDX-License-Identifier: GPL-3.0-only
// JobKinds: which kinds of jobs there are, how many of each run, and how long they took lately.
#pragma once

#include "common/settings.h"
#include "service/core/latencyhistogram.h"
#include "service/jobs/jobdispatch.h"
#include "service/jobs/jobkind.h"

#include <memory>
#include <vector>

namespace quiesce {

/// The registry of kinds, with the defaults of the settings filled in.
///
/// Thread:  event loop. Owns: its entries, whose addresses stay for its life.
/// Limits:  kMaxKinds.
class JobKinds final
{
public:
    static constexpr int kMaxKinds = 512;
    static constexpr int kMaxNameLength = 64;

    struct Entry
    {
        JobKind kind; ///< nothing in it is zero for "the default" any more, but timeout: 0 is none
        int held = 0; ///< places taken of kind.maxRunning
        LatencyHistogram times; ///< of handlers that returned by themselves
    };

    explicit JobKinds(const JobSettings &settings);

    /// @error what is wrong, for people.
    Result<Done, QString> tryAdd(JobKind kind);
    /// Null: there is none.
    [[nodiscard]] Entry *find(const QString &name) const;
    [[nodiscard]] bool isEmpty() const { return m_entries.empty(); }
    [[nodiscard]] QStringList names() const; ///< sorted
    /// Of each kind that has one free.
    [[nodiscard]] QList<ClaimRequest::Places> freePlaces() const;

private:
    JobSettings m_settings;
    std::vector<std::unique_ptr<Entry>> m_entries; ///< sorted by name
};

} // namespace quiesce
