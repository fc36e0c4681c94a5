// SPDX-License-Identifier: GPL-3.0-only
// JobMeter: see the header.
#include "service/http/metrics/jobmeter.h"

#include <algorithm>

namespace quiesce {

void RunDurations::add(double seconds)
{
    const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
    ++buckets[static_cast<size_t>(bound - kBounds.begin())];
    sum += seconds;
    ++count;
}

void JobMeter::setKinds(const QStringList &kinds)
{
    for (const QString &kind : kinds)
        m_kinds[kind];
}

void JobMeter::changed(const Job &job)
{
    Kind &kind = kindOf(job.kind);
    const bool hasRun = job.startedAt.isValid();
    if (hasEnded(job.state))
        return ended(kind, job);
    if (!hasRun)
        ++kind.submitted;
    else if (job.state == JobState::Queued && !job.requeues.isEmpty())
        ++m_requeues[job.requeues.last().reason];
}

quint64 JobMeter::requeues(RequeueReason reason) const
{
    const auto found = m_requeues.find(reason);
    return found == m_requeues.end() ? 0 : found->second;
}

JobMeter::Kind &JobMeter::kindOf(const QString &name)
{
    if (const auto known = m_kinds.find(name); known != m_kinds.end())
        return known->second;
    return m_kinds[QStringLiteral("other")];
}

void JobMeter::ended(Kind &kind, const Job &job)
{
    ++kind.finished[job.state];
    if (job.startedAt.isValid() && job.finishedAt.isValid())
        kind.runs.add(static_cast<double>(job.startedAt.msecsTo(job.finishedAt)) / 1'000);
}

} // namespace quiesce
