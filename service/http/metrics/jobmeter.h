// SPDX-License-Identifier: GPL-3.0-only
// JobMeter: what is counted of jobs since the start, by kind.
#pragma once

#include "common/jobs/job.h"

#include <QStringList>
#include <array>
#include <map>

namespace quiesce {

/// How long attempts took, for a Prometheus histogram: from a tenth of a second to a day.
struct RunDurations
{
    static constexpr std::array kBounds{
        0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300., 900.0, 3600., 14400., 43200.0, 86400.0
    }; ///< seconds

    std::array<quint64, kBounds.size() + 1> buckets{}; ///< not cumulative; the last: beyond
    double sum = 0; ///< seconds
    quint64 count = 0;

    void add(double seconds);
};

/// Counts the changes of jobs it is told of.
///
/// Thread:  event loop.
/// Limits:  one series for each kind that was registered, and `other` for jobs of kinds that are
///          not any more.
class JobMeter final
{
public:
    struct Kind
    {
        quint64 submitted = 0;
        std::map<JobState, quint64> finished; ///< by how they ended
        RunDurations runs; ///< the last attempt of those that ended
    };

    void setKinds(const QStringList &kinds);
    /// A job is as it says now.
    void changed(const Job &job);
    /// So many were found running by a process that has died.
    void rescued(int jobs) { m_requeues[RequeueReason::Crash] += static_cast<quint64>(jobs); }

    [[nodiscard]] const std::map<QString, Kind> &kinds() const { return m_kinds; }
    [[nodiscard]] quint64 requeues(RequeueReason reason) const;

private:
    [[nodiscard]] Kind &kindOf(const QString &name);
    void ended(Kind &kind, const Job &job);

    std::map<QString, Kind> m_kinds;
    std::map<RequeueReason, quint64> m_requeues;
};

} // namespace quiesce
