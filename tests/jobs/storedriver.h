// SPDX-License-Identifier: GPL-3.0-only
// StoreDriver: asks a store and waits for the reply, so that a test reads from top to bottom.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/jobstore.h"

#include <QTest>

namespace quiesce::test {

/// What a reply was: its value, or its error by kind. A reply that does not come in kLongestWait
/// fails the test and counts as Unavailable.
template <typename T>
using Answer = Result<T, StoreError>;

class StoreDriver final
{
public:
    static constexpr std::chrono::seconds kLongestWait{ 30 };

    StoreDriver(JobStore &store, const Clock &clock)
        : m_store(store)
        , m_clock(clock)
    { }

    template <typename T, typename Ask>
    static Answer<T> await(Ask ask)
    {
        const auto got = std::make_shared<std::optional<Answer<T>>>();
        ask(Reply<T>([got](Answer<T> answer) { got->emplace(std::move(answer)); }));
        if (!QTest::qWaitFor([&] { return got->has_value(); },
                             int(std::chrono::milliseconds(kLongestWait).count())))
            return Failure{ StoreError{ StoreError::Kind::Unavailable,
                                        QStringLiteral("no reply came") } };
        return **got;
    }

    Answer<int> open(const QString &owner = QStringLiteral("us"))
    {
        return await<int>([&](auto reply) { m_store.open(owner, reply); });
    }
    Answer<int> openBeside(const QString &owner, const QString &predecessor)
    {
        return await<int>([&](auto reply) { m_store.openBeside(owner, predecessor, reply); });
    }
    Answer<int> share(JobStore::Sharing how)
    {
        return await<int>([&](auto reply) { m_store.share(how, reply); });
    }
    Answer<Done> close()
    {
        return await<Done>([&](auto reply) { m_store.close(reply); });
    }
    /// A new job with a new id, unless it has one.
    [[nodiscard]] NewJob newJob(const QString &kind = QStringLiteral("sleep")) const
    {
        NewJob job;
        job.id = newJobId(m_clock.utcNow());
        job.kind = kind;
        return job;
    }
    Answer<Submitted> submit(const NewJob &job)
    {
        return await<Submitted>([&](auto reply) { m_store.submit(job, reply); });
    }
    /// The id of a new job of that kind.
    QString add(const QString &kind = QStringLiteral("sleep"))
    {
        const NewJob job = newJob(kind);
        return submit(job) ? job.id : QString();
    }
    Answer<Job> get(const QString &id)
    {
        return await<Job>([&](auto reply) { m_store.get(id, reply); });
    }
    JobState stateOf(const QString &id) { return get(id).value().state; }
    Answer<JobPage> list(const JobQuery &query = {})
    {
        return await<JobPage>([&](auto reply) { m_store.list(query, reply); });
    }
    Answer<QList<Job>> claim(const ClaimRequest &request)
    {
        return await<QList<Job>>([&](auto reply) { m_store.claim(request, reply); });
    }
    /// As `owner`, up to so many of kind "sleep".
    QList<Job> claim(int limit = 1, const QString &owner = QStringLiteral("us"))
    {
        ClaimRequest request;
        request.owner = owner;
        request.places = { { QStringLiteral("sleep"), limit } };
        request.limit = limit;
        auto answer = claim(request);
        return answer ? answer.takeValue() : QList<Job>();
    }
    static Lease leaseOf(const Job &job, const QString &owner = QStringLiteral("us"))
    {
        return { job.id, owner, job.attempt };
    }
    Answer<Renewal> renew(const QList<Lease> &leases)
    {
        return await<Renewal>(
            [&](auto reply) { m_store.renew(leases, std::chrono::seconds(30), reply); });
    }
    Answer<Done> checkpoint(const Lease &lease, const Checkpoint &checkpoint)
    {
        return await<Done>([&](auto reply) { m_store.checkpoint(lease, checkpoint, reply); });
    }
    Answer<Job> end(const Lease &lease, const AttemptEnd &end)
    {
        return await<Job>([&](auto reply) { m_store.endAttempt(lease, end, reply); });
    }
    Answer<CancelResult> cancel(const QString &id)
    {
        return await<CancelResult>([&](auto reply) { m_store.cancel(id, reply); });
    }
    Answer<Done> setOutput(const Lease &lease, const JobOutput &output)
    {
        return await<Done>([&](auto reply) { m_store.setOutput(lease, output, reply); });
    }
    Answer<JobOutput> output(const QString &id)
    {
        return await<JobOutput>([&](auto reply) { m_store.output(id, reply); });
    }
    Answer<PruneResult> prune(const PruneRequest &request)
    {
        return await<PruneResult>([&](auto reply) { m_store.prune(request, reply); });
    }

private:
    JobStore &m_store;
    const Clock &m_clock;
};

/// The ways in which an attempt ends, short.
[[nodiscard]] inline AttemptEnd succeeded(const QJsonValue &result = {})
{
    return { AttemptEnd::Succeeded{ result }, {} };
}
[[nodiscard]] inline AttemptEnd failed(const QString &error,
                                       const std::optional<QDateTime> &retryAt = {})
{
    return { AttemptEnd::Failed{ error, retryAt }, {} };
}
[[nodiscard]] inline AttemptEnd cancelled()
{
    return { AttemptEnd::Cancelled{}, {} };
}
[[nodiscard]] inline AttemptEnd requeued(RequeueReason reason,
                                         const std::optional<QJsonObject> &checkpoint = {})
{
    return { AttemptEnd::Requeued{ reason, checkpoint }, {} };
}

} // namespace quiesce::test
