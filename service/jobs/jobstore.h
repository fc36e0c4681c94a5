// SPDX-License-Identifier: GPL-3.0-only
// JobStore: where jobs are kept. The seam behind which SQLite, memory and (later) PostgreSQL stand.
#pragma once

#include "common/jobs/job.h"
#include "common/result.h"

#include <QByteArray>
#include <QObject>
#include <QStringList>
#include <functional>
#include <variant>

namespace quiesce {

struct StoreError
{
    enum class Kind : unsigned char {
        Unavailable, ///< cannot be read or written now: disk full, read-only, locked, closed
        NotFound, ///< no such job
        Ended, ///< it has ended; nothing was changed
        KeyReused, ///< the idempotency key was used for another body
        LeaseLost, ///< whoever asks does not hold the lease (any more); nothing was changed
        TooLarge, ///< beyond one of JobStore's limits; nothing was changed
        TooNew, ///< made by a newer version; of open() only
        Damaged, ///< not a store any more; of open() only: it was set aside, see reason
    };
    Kind kind = Kind::Unavailable;
    QString reason; ///< for people
};

/// Comes exactly once, on the thread the store lives on, never inside the call that asked, in the
/// order of the calls (but a refusal of a full queue comes at once). A success means: on stable
/// storage. It may call the store, and destroy it: then no other comes.
template <typename T>
using Reply = std::function<void(Result<T, StoreError>)>;

struct NewJob
{
    QString id; ///< UUIDv7, new; see newJobId()
    QString kind;
    QJsonObject payload;
    int maxAttempts = 1;
    std::optional<std::chrono::milliseconds> timeout;
    QDateTime runAt; ///< UTC; invalid: now
    QByteArray idempotencyKey; ///< empty: none
    QByteArray fingerprint; ///< of the request's body; compared when the key is known
};

struct Submitted
{
    Job job;
    bool isNew = true; ///< false: the key was known, and this is its job
};

/// Newest first.
struct JobQuery
{
    std::optional<JobState> state;
    QString kind; ///< empty: all
    int limit = 50; ///< at most JobStore::kMaxPage
    QString after; ///< an id, kept or not: what follows it; stable while jobs come and go
};
struct JobPage
{
    QList<Job> jobs;
    QString next; ///< empty: that was all
};

/// Who may run how many more.
struct ClaimRequest
{
    struct Places
    {
        QString kind;
        int free = 0;
    };
    QString owner; ///< whose leases they become: the instance id
    std::chrono::milliseconds lease{ 30'000 };
    QList<Places> places; ///< kinds not named here are not claimed
    int limit = 0; ///< of all kinds together; at most JobStore::kMaxPage
    QStringList ids{}; ///< not empty: only these, of which those are claimed that are due
    /// Valid: of the queued ones only what was due by then, since others may have been told of the
    /// rest; of what was scheduled nobody has been told, and all that is due counts.
    QDateTime queuedBefore{};
};

/// A job that somebody runs: what its holder shows to change it.
struct Lease
{
    QString jobId;
    QString owner;
    int attempt = 0;
};

/// What became of leases that were to be renewed.
struct Renewal
{
    QStringList lost; ///< jobs that are not the owner's any more
    QStringList toCancel; ///< still the owner's, and somebody has asked for them to be cancelled
};

/// How an attempt ended.
struct AttemptEnd
{
    struct Succeeded
    {
        QJsonValue result;
    };
    struct Failed
    {
        QString error;
        /// When the next attempt may begin; none: no more of them, whatever is left.
        std::optional<QDateTime> retryAt;
    };
    struct Cancelled
    { };
    struct Requeued
    {
        RequeueReason reason = RequeueReason::Stop;
        std::optional<QJsonObject> checkpoint; ///< a last one, if there is
    };
    std::variant<Succeeded, Failed, Cancelled, Requeued> how;
    std::optional<double> progress; ///< the last known, for those that go on
};

struct Checkpoint
{
    QJsonObject state;
    std::optional<double> progress;
};

struct CancelResult
{
    Job job; ///< cancelled, or still running with isCancelRequested
};

struct PruneRequest
{
    QDateTime endedBefore; ///< older ones go; invalid: none for their age
    qint64 keepEnded = -1; ///< beyond it the oldest ended ones go; -1: any number stays
    int limit = 200; ///< at most so many in one step
};
struct PruneResult
{
    int removed = 0;
    bool hasMore = false;
};

struct JobOutput
{
    QByteArray bytes; ///< the last kMaxBytes of what was written
    qint64 dropped = 0; ///< bytes before them

    static constexpr qsizetype kMaxBytes = 256 * 1'024;
};

/// Keeps jobs so that an accepted one is never lost and never ends twice. The truth about who runs
/// what are its leases.
///
/// Thread:  the one it lives on, which has an event loop; implementations may work on another.
/// Order:   open() first, close() last; replies come in the order of the calls.
/// States:  submit → queued or scheduled; claim → running (attempt + 1); endAttempt → succeeded,
///          failed, cancelled, scheduled (Failed with retryAt and attempts left), or queued
///          (Requeued; Stop gives the attempt back, after another reason it has failed when none
///          is left). A scheduled one is claimed once runAt has come. One whose cancel was
///          requested does not go back: it ends cancelled instead.
/// Clock:   stepped back, it delays none that is queued, and a retry by no more than its back-off.
/// Limits:  kMaxPending calls, and kMaxPendingBytes in them, wait for their reply at a time; beyond
///          it a call is answered Unavailable. kMaxDocumentBytes for each payload, checkpoint and
///          result as compact JSON, kMaxKeyBytes for a key; beyond it: TooLarge. An error text is
///          cut at kMaxErrorChars.
/// Faults:  while there is a fault() new jobs are refused and every other change is still tried.
///          The store finds out by itself when it is over.
class JobStore : public QObject
{
    Q_OBJECT

public:
    static constexpr int kMaxPending = 16'384;
    static constexpr qsizetype kMaxPendingBytes = 64 * 1'024 * 1'024;
    static constexpr qsizetype kMaxDocumentBytes = 1'024 * 1'024;
    static constexpr qsizetype kMaxKeyBytes = 255;
    static constexpr qsizetype kMaxErrorChars = 8'192;
    static constexpr int kMaxPage = 1'000;

    using QObject::QObject;

    /// Opens, migrates and rescues: every job found running by another owner whose lease has run
    /// out, or whose owner cannot live any more (an embedded store has one user at a time, so all
    /// of them), is queued again with the attempt spent, or failed when none is left. The reply
    /// says how many were rescued.
    /// @error Unavailable, TooNew, Damaged; the store is then closed and may be opened again.
    virtual void open(const QString &owner, Reply<int> reply) = 0;
    /// Opens beside another process, whose owner is `predecessor` and which has begun sharing: as
    /// open(), but the jobs that one runs stay its own. Nothing is migrated or set aside.
    /// @error Unavailable, also for a store that cannot be shared.
    virtual void openBeside(const QString &owner, const QString &predecessor, Reply<int> reply);
    enum class Sharing : unsigned char {
        Begin, ///< from now on another process may open it as well
        Look, ///< the other one has changed something: workAdded() tells what may be claimed
        End, ///< the other one has gone: what it has left running is rescued
    };
    /// Answers how many were rescued. While it is shared, counts() is as of its own last call.
    /// @error Unavailable: it cannot be shared, or not now; nothing has changed then.
    virtual void share(Sharing how, Reply<int> reply);
    virtual void submit(NewJob job, Reply<Submitted> reply) = 0;
    virtual void get(const QString &id, Reply<Job> reply) = 0;
    virtual void list(JobQuery query, Reply<JobPage> reply) = 0;
    /// Oldest runAt first (then oldest id), within the places. May be empty.
    virtual void claim(ClaimRequest request, Reply<QList<Job>> reply) = 0;
    virtual void renew(QList<Lease> leases, std::chrono::milliseconds lease,
                       Reply<Renewal> reply) = 0;
    virtual void checkpoint(Lease lease, Checkpoint checkpoint, Reply<Done> reply) = 0;
    /// The job as it then is. @error LeaseLost, also when this attempt has ended already.
    virtual void endAttempt(Lease lease, AttemptEnd end, Reply<Job> reply) = 0;
    /// Queued and scheduled ones end at once; a running one is marked, and its runner is to be told
    /// by the caller, or hears of it when it renews. @error NotFound, Ended.
    virtual void cancel(const QString &id, Reply<CancelResult> reply) = 0;
    /// Replaces what is kept of the job's output.
    virtual void setOutput(Lease lease, JobOutput output, Reply<Done> reply) = 0;
    virtual void output(const QString &id, Reply<JobOutput> reply) = 0;
    virtual void prune(PruneRequest request, Reply<PruneResult> reply) = 0;
    /// Answers when everything asked before is on stable storage and the store is closed in order.
    /// It may be opened again. A store destroyed without it still writes what was asked; replies
    /// that have not come then do not come.
    virtual void close(Reply<Done> reply) = 0;

    /// As of the last commit.
    [[nodiscard]] virtual JobCounts counts() const = 0;
    /// When the next scheduled job will be due, of any kind, that was not yet at the last claim
    /// without `ids`; none: there is none. What was due then does not count: it
    /// waits for a place, and would hide from the dispatch what comes due meanwhile. A shared store
    /// may name one again that is still there some time later: another's claim had held it.
    [[nodiscard]] virtual std::optional<QDateTime> nextDueAt() const = 0;
    /// Why it cannot keep new jobs at the moment (also: not open); empty: it can.
    [[nodiscard]] virtual QString fault() const = 0;
    /// What the setting jobs.store calls it; `memory` for one that has no setting.
    [[nodiscard]] virtual QLatin1StringView engine() const = 0;

Q_SIGNALS:
    /// A job may be claimed that could not before: one came, went back, or its time was changed; or
    /// one has been due for a while that nobody claims.
    void workAdded();
    /// fault() has changed.
    void faultChanged();
    /// Another instance has ended these, or has asked for them to be cancelled; none named: it may
    /// have done so to any. Only from a store that several share, and not before the replies to
    /// what was asked until it heard: a job that was claimed is known to its claimant by then.
    void changedElsewhere(const QStringList &ids);
};

/// A new UUIDv7 (RFC 9562, section 5.7) from that time and fresh random bits; of one process they
/// sort strictly in the order they were made, also within a millisecond and when the clock steps
/// back.
[[nodiscard]] QString newJobId(const QDateTime &now);
/// From now on new ids sort after that one too: for a store that holds ids from before a clock
/// stepped back. What is no UUIDv7 is passed over.
void keepJobIdsAbove(const QString &id);

} // namespace quiesce
