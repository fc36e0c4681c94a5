// SPDX-License-Identifier: GPL-3.0-only
// FakeJobStore: jobs in a map, with everything about it for a test to choose.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/jobstore.h"

#include <deque>
#include <map>

namespace quiesce::test {

/// Does a call at once and answers it at the next turn, or when it is let.
///
/// Thread: event loop.
class FakeJobStore final : public JobStore
{
    Q_OBJECT

public:
    explicit FakeJobStore(const Clock &clock)
        : m_clock(clock)
    { }

    /// Every change is refused for that reason; empty: none is.
    void setFault(const QString &reason);
    /// The next so many changes are refused though there is no fault.
    void refuseNext(int changes) { m_refuse = changes; }
    /// Every success is refused as too large.
    void refuseResults() { m_refusesResults = true; }
    /// Answers wait until release().
    void hold() { m_isHeld = true; }
    void release();
    /// Somebody has taken it away from its holder.
    void takeAway(const QString &id);
    /// Somebody has asked elsewhere for it to be cancelled, and nobody is told.
    void askToCancel(const QString &id);
    [[nodiscard]] Job job(const QString &id) const { return m_jobs.at(id); }
    /// What was asked since the last take: `claim 8`, `renew 2`, `checkpoint`, `end`, …
    QStringList takeCalls() { return std::exchange(m_calls, {}); }

    void open(const QString &owner, Reply<int> reply) override;
    void submit(NewJob job, Reply<Submitted> reply) override;
    void get(const QString &id, Reply<Job> reply) override;
    void list(JobQuery query, Reply<JobPage> reply) override;
    void claim(ClaimRequest request, Reply<QList<Job>> reply) override;
    void renew(QList<Lease> leases, std::chrono::milliseconds lease, Reply<Renewal> reply) override;
    void checkpoint(Lease lease, Checkpoint checkpoint, Reply<Done> reply) override;
    void endAttempt(Lease lease, AttemptEnd end, Reply<Job> reply) override;
    void cancel(const QString &id, Reply<CancelResult> reply) override;
    void setOutput(Lease lease, JobOutput output, Reply<Done> reply) override;
    void output(const QString &id, Reply<JobOutput> reply) override;
    void prune(PruneRequest request, Reply<PruneResult> reply) override;
    void close(Reply<Done> reply) override;
    [[nodiscard]] JobCounts counts() const override;
    [[nodiscard]] std::optional<QDateTime> nextDueAt() const override { return m_nextDueAt; }
    [[nodiscard]] QString fault() const override { return m_fault; }
    [[nodiscard]] QLatin1StringView engine() const override { return QLatin1StringView("fake"); }

private:
    template <typename T>
    void answer(const Reply<T> &reply, const Result<T, StoreError> &result);
    template <typename T>
    [[nodiscard]] bool refuses(const QString &call, const Reply<T> &reply);
    [[nodiscard]] bool holds(const Lease &lease) const;
    void deliver();
    void lookAhead();
    void end(Job &job, const AttemptEnd &end) const;

    const Clock &m_clock;
    std::map<QString, Job> m_jobs;
    std::map<QString, JobOutput> m_outputs;
    std::deque<std::function<void()>> m_answers;
    QStringList m_calls;
    QString m_fault;
    std::optional<QDateTime> m_nextDueAt;
    int m_refuse = 0;
    bool m_refusesResults = false;
    bool m_isHeld = false;
    bool m_isClosed = true;
};

} // namespace quiesce::test
