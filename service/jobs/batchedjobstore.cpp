// SPDX-License-Identifier: GPL-3.0-only
// Calls of JobStore as objects, bounded in number and size, answered in order.
#include "service/jobs/batchedjobstore.h"

#include "service/jobs/storedjob.h"

#include <QPointer>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;
using Access = StoreCall::Access;

namespace {

/// A call that answers a T.
template <typename T, typename Work>
class TypedCall final : public StoreCall
{
public:
    TypedCall(Access access, qsizetype bytes, Work work, Reply<T> reply)
        : StoreCall(access, bytes)
        , m_work(std::move(work))
        , m_reply(std::move(reply))
    { }

    void run(JobLedger &ledger) override { m_answer.emplace(m_work(ledger)); }
    void fail(const StoreError &error) override { m_answer.emplace(Failure{ error }); }
    void answer() override
    {
        if (m_reply)
            m_reply(std::move(*m_answer));
    }

private:
    Work m_work;
    Reply<T> m_reply;
    std::optional<Result<T, StoreError>> m_answer;
};

template <typename T, typename Work>
std::unique_ptr<StoreCall> makeCall(Access access, qsizetype bytes, Work work, Reply<T> reply)
{
    return std::make_unique<TypedCall<T, Work>>(access, bytes, std::move(work), std::move(reply));
}

} // namespace

BatchedJobStore::BatchedJobStore(QObject *parent)
    : JobStore(parent)
{
    m_facts.fault = u"the job store is not open"_s;
}

template <typename T, typename Work>
void BatchedJobStore::ask(Access access, const Result<qsizetype, StoreError> &size, Work work,
                          Reply<T> reply)
{
    if (!size) { // its turn comes like any other's, without what is too large
        const auto answer = [error = size.error()](JobLedger &) -> Result<T, StoreError> {
            return Failure{ error };
        };
        accept(makeCall<T>(access, 0, answer, std::move(reply)));
    } else if (access == Access::Control || hasRoomFor(size.value())) {
        accept(makeCall<T>(access, size.value(), std::move(work), std::move(reply)));
    } else {
        refuse(std::move(reply));
    }
}

template <typename T>
void BatchedJobStore::refuse(Reply<T> reply)
{
    const auto answer = [reply = std::move(reply)] {
        if (reply)
            reply(Failure{ unavailable(u"too many calls wait for the job store"_s) });
    };
    QMetaObject::invokeMethod(this, answer, Qt::QueuedConnection);
}

bool BatchedJobStore::hasRoomFor(qsizetype bytes) const
{
    return m_waiting < kMaxPending && m_waitingBytes + bytes <= kMaxPendingBytes;
}

void BatchedJobStore::accept(std::unique_ptr<StoreCall> call)
{
    ++m_accepted;
    ++m_waiting;
    m_waitingBytes += call->bytes();
    enqueue(std::move(call));
}

void BatchedJobStore::deliver(const StoreBatch &done, const StoreFacts &facts)
{
    const bool hasNewFault = facts.fault != m_facts.fault;
    m_facts = facts;
    const QPointer<BatchedJobStore> self(this);
    for (const auto &call : done) {
        if (call->access() != Access::Own) {
            --m_waiting;
            m_waitingBytes -= call->bytes();
        }
        call->answer();
        if (!self)
            return;
    }
    if (hasNewFault)
        Q_EMIT faultChanged();
    if (self && facts.hasNewWork)
        Q_EMIT workAdded();
}

void BatchedJobStore::open(const QString &owner, Reply<int> reply)
{
    ask(
        Access::Control, 0, [owner](JobLedger &ledger) { return ledger.open(owner); },
        std::move(reply));
}

void BatchedJobStore::openBeside(const QString &owner, const QString &predecessor, Reply<int> reply)
{
    ask(
        Access::Control, 0,
        [owner, predecessor](JobLedger &ledger) { return ledger.openBeside(owner, predecessor); },
        std::move(reply));
}

void BatchedJobStore::share(Sharing how, Reply<int> reply)
{
    ask(
        Access::Control, 0, [how](JobLedger &ledger) { return ledger.share(how); },
        std::move(reply));
}

void BatchedJobStore::submit(NewJob job, Reply<Submitted> reply)
{
    auto size = sizeOf(job);
    ask(
        Access::NewJob, size,
        [job = std::move(job)](JobLedger &ledger) { return ledger.submit(job); }, std::move(reply));
}

void BatchedJobStore::get(const QString &id, Reply<Job> reply)
{
    ask(
        Access::Read, 0, [id](JobLedger &ledger) { return ledger.get(id); }, std::move(reply));
}

void BatchedJobStore::list(JobQuery query, Reply<JobPage> reply)
{
    ask(
        Access::Read, 0,
        [query = std::move(query)](JobLedger &ledger) { return ledger.list(query); },
        std::move(reply));
}

void BatchedJobStore::claim(ClaimRequest request, Reply<QList<Job>> reply)
{
    ask(
        Access::Change, 0,
        [request = std::move(request)](JobLedger &ledger) { return ledger.claim(request); },
        std::move(reply));
}

void BatchedJobStore::renew(QList<Lease> leases, std::chrono::milliseconds lease,
                            Reply<Renewal> reply)
{
    ask(
        Access::Change, 0,
        [leases = std::move(leases), lease](JobLedger &ledger) {
            return ledger.renew(leases, lease);
        },
        std::move(reply));
}

void BatchedJobStore::checkpoint(Lease lease, Checkpoint checkpoint, Reply<Done> reply)
{
    auto size = sizeOf(checkpoint);
    ask(
        Access::Change, size,
        [lease = std::move(lease), checkpoint = std::move(checkpoint)](JobLedger &ledger) {
            return ledger.checkpoint(lease, checkpoint);
        },
        std::move(reply));
}

void BatchedJobStore::endAttempt(Lease lease, AttemptEnd end, Reply<Job> reply)
{
    auto size = sizeOf(end);
    ask(
        Access::Change, size,
        [lease = std::move(lease), end = std::move(end)](JobLedger &ledger) {
            return ledger.endAttempt(lease, end);
        },
        std::move(reply));
}

void BatchedJobStore::cancel(const QString &id, Reply<CancelResult> reply)
{
    ask(
        Access::Change, 0, [id](JobLedger &ledger) { return ledger.cancel(id); }, std::move(reply));
}

void BatchedJobStore::setOutput(Lease lease, JobOutput output, Reply<Done> reply)
{
    auto size = sizeOf(output);
    ask(
        Access::Change, size,
        [lease = std::move(lease), output = std::move(output)](JobLedger &ledger) {
            return ledger.setOutput(lease, output);
        },
        std::move(reply));
}

void BatchedJobStore::output(const QString &id, Reply<JobOutput> reply)
{
    ask(
        Access::Read, 0, [id](JobLedger &ledger) { return ledger.output(id); }, std::move(reply));
}

void BatchedJobStore::prune(PruneRequest request, Reply<PruneResult> reply)
{
    ask(
        Access::Change, 0,
        [request = std::move(request)](JobLedger &ledger) { return ledger.prune(request); },
        std::move(reply));
}

void BatchedJobStore::close(Reply<Done> reply)
{
    ask(
        Access::Control, 0, [](JobLedger &ledger) { return ledger.close(); }, std::move(reply));
}

} // namespace quiesce
