// SPDX-License-Identifier: GPL-3.0-only
// BatchedJobStore: what all stores share that do their calls in batches on a JobLedger.
#pragma once

#include "service/jobs/jobledger.h"

namespace quiesce {

/// The half of a store that is asked and answers. Which thread does the calls, and when, is for the
/// derived class: it gets them by enqueue() and gives them back, done, by deliver().
///
/// Limits:  those of JobStore; what is beyond them never comes to enqueue().
class BatchedJobStore : public JobStore
{
    Q_OBJECT

public:
    explicit BatchedJobStore(QObject *parent = nullptr);

    void open(const QString &owner, Reply<int> reply) override;
    void openBeside(const QString &owner, const QString &predecessor, Reply<int> reply) override;
    void share(Sharing how, Reply<int> reply) override;
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

    [[nodiscard]] JobCounts counts() const override { return m_facts.counts; }
    [[nodiscard]] std::optional<QDateTime> nextDueAt() const override { return m_facts.nextDueAt; }
    [[nodiscard]] QString fault() const override { return m_facts.fault; }

protected:
    /// Counts a call that was let in, until it is delivered, and enqueues it.
    void accept(std::unique_ptr<StoreCall> call);
    /// Must not answer inside this call.
    virtual void enqueue(std::unique_ptr<StoreCall> call) = 0;
    /// Takes over the facts, answers in order, then emits what has changed. It may destroy this
    /// store.
    void deliver(const StoreBatch &done, const StoreFacts &facts);
    [[nodiscard]] int waiting() const { return m_waiting; } ///< calls on their way
    /// Of all calls that were ever let in, as many of the first are answered.
    [[nodiscard]] quint64 answered() const { return m_accepted - static_cast<quint64>(m_waiting); }
    [[nodiscard]] quint64 accepted() const { return m_accepted; }

private:
    template <typename T, typename Work>
    void ask(StoreCall::Access access, const Result<qsizetype, StoreError> &size, Work work,
             Reply<T> reply);
    template <typename T>
    void refuse(Reply<T> reply);
    [[nodiscard]] bool hasRoomFor(qsizetype bytes) const;

    StoreFacts m_facts;
    quint64 m_accepted = 0;
    int m_waiting = 0;
    qsizetype m_waitingBytes = 0;
};

} // namespace quiesce
