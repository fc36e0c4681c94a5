// SPDX-License-Identifier: GPL-3.0-only
// Connecting, transactions, what others are told, and a commit of which nobody heard.
#include "service/jobs/postgresql/postgresledger.h"

#include "common/utc.h"
#include "service/core/clock.h"
#include "service/jobs/postgresql/postgresdialect.h"
#include "service/jobs/postgresql/postgresnotices.h"
#include "service/jobs/postgresql/postgresschema.h"

#include <algorithm>
#include <libpq-fe.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// Classes of SQLSTATE (PostgreSQL 15, appendix A).
constexpr auto kConnectionException = "08"_L1;
constexpr auto kShutdown = "57P"_L1;
constexpr auto kRolledBack = "40"_L1; ///< deadlocks, and what cannot be serialised

/// A server that has lost its client while committing still commits, at once or never.
constexpr int kDoubtLooks = 40; ///< of 50 ms each

/// A lease that its holder does not want any more.
constexpr qint64 kGivenUp = 0;

const QString &notOpen()
{
    static const QString text = u"the job store is not open"_s;
    return text;
}

/// PGconn is another name of pg_conn, and which of them Qt has is the compiler's.
PGconn *nativeOf(const QVariant &handle)
{
    const QByteArrayView type(handle.typeName());
    if (type != "PGconn*" && type != "pg_conn*")
        return nullptr;
    return *static_cast<PGconn *const *>(handle.constData());
}

QString settingsOfASession(std::chrono::milliseconds lease)
{
    using Ledger = PostgresLedger;
    const auto idle = std::clamp(lease, Ledger::kShortestIdle, Ledger::kLongestIdle);
    return u"SET search_path = quiesce; SET statement_timeout = %1; SET lock_timeout = %2;"
           " SET idle_in_transaction_session_timeout = %3;"
           " SELECT set_config('synchronous_commit', 'on', false)"
           " WHERE current_setting('synchronous_commit') IN ('off', 'local')"_s
               .arg(Ledger::kStatementTimeout.count())
               .arg(Ledger::kLockTimeout.count())
               .arg(idle.count());
}

} // namespace

PostgresLedger::PostgresLedger(std::shared_ptr<const PostgresOptions> options,
                               std::shared_ptr<PostgresLine> line, const Clock &clock)
    : SqlLedger(postgresDialect(), JobTable::Writers::Many)
    , m_options(std::move(options))
    , m_line(std::move(line))
    , m_clock(clock)
    , m_fault(notOpen())
{ }

PostgresLedger::~PostgresLedger()
{
    disconnect();
}

bool PostgresLedger::connectAnew()
{
    disconnect();
    if (m_line->isGivenUp()) {
        connection().fail({ {}, u"the store is being closed"_s });
        return false;
    }
    if (!connection().open(m_options->target()))
        return false;
    if (PGconn *native = nativeOf(connection().handle())) {
        quietenConnection(native);
        m_line->hold(PQsocket(native));
    }
    connection().run(settingsOfASession(m_options->lease));
    endFormerSession();
    resolveDoubt();
    return !connection().failure();
}

/// A process id alone may be another's by now.
void PostgresLedger::endFormerSession()
{
    const QString former = std::exchange(
        m_session,
        connection()
            .run(u"SELECT format('pid = %s AND backend_start = %L', pid, backend_start)"
                 " FROM pg_stat_activity WHERE pid = pg_backend_pid()"_s)
            .value_or(QVariant())
            .toString());
    if (!former.isEmpty())
        connection().run(u"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "_s
                         + former);
}

void PostgresLedger::disconnect()
{
    m_line->release();
    connection().drop();
}

bool PostgresLedger::isLost() const
{
    if (!connection().isOpen())
        return true;
    PGconn *native = nativeOf(connection().handle());
    if (!native || PQstatus(native) == CONNECTION_BAD)
        return true;
    const QString code = connection().failure() ? connection().failure()->code : u"?"_s;
    return code.isEmpty() || code.startsWith(kConnectionException) || code.startsWith(kShutdown);
}

StoreError PostgresLedger::errorOf(const SqlFailure &failure) const
{
    const QString firstLine = failure.text.section(u'\n', 0, 0).trimmed();
    return unavailable(u"PostgreSQL at %1: %2"_s.arg(m_options->place(), firstLine));
}

JobLedger::Answer<int> PostgresLedger::failToOpen(const StoreError &error)
{
    if (!isLost())
        undo();
    disconnect();
    connection().clearFailure();
    m_fault = error.reason;
    return Failure{ error };
}

JobLedger::Answer<int> PostgresLedger::open(const QString &owner)
{
    return enter(owner, {}, Migrate::Yes);
}

JobLedger::Answer<int> PostgresLedger::openBeside(const QString &owner, const QString &predecessor)
{
    return enter(owner, predecessor, Migrate::No);
}

JobLedger::Answer<int> PostgresLedger::enter(const QString &owner, const QString &predecessor,
                                             Migrate migrate)
{
    if (m_isOpen)
        return Failure{ unavailable(u"the job store is open already"_s) };
    m_owner = owner;
    m_predecessor = predecessor;
    m_transaction.clear();
    m_inDoubt.clear();
    m_untold.clear();
    if (!connectAnew())
        return failToOpen(errorOf(*connection().failure()));
    const auto made =
        migrate == Migrate::Yes ? migratePostgres(connection()) : inspectPostgres(connection());
    if (!made)
        return failToOpen(made.error());
    begin();
    m_isChanged = true; // by others
    table().load();
    keepJobIdsAbove(idOf(table().lastKey()));
    const int rescued = rescueOrphans(m_owner);
    bringRetriesForward();
    m_hasNewWork = true;
    commit();
    if (hasFailed())
        return failToOpen(errorOf(*connection().failure()));
    m_fault.clear();
    m_isOpen = true;
    return rescued;
}

JobLedger::Answer<int> PostgresLedger::share(JobStore::Sharing how)
{
    if (!m_isOpen)
        return Failure{ unavailable(notOpen()) };
    if (how == JobStore::Sharing::Begin)
        return 0; // as it is with every other instance
    begin();
    m_isChanged = true; // by others
    table().load();
    int rescued = 0;
    if (how == JobStore::Sharing::End && !m_predecessor.isEmpty())
        rescued = rescueOrphans(m_predecessor);
    m_hasNewWork = true;
    commit();
    if (hasFailed())
        return Failure{ rollback() };
    if (how == JobStore::Sharing::End)
        m_predecessor.clear();
    return rescued;
}

/// What this instance still holds is given up: whoever is next need not wait for its leases.
JobLedger::Answer<Done> PostgresLedger::close()
{
    if (m_isOpen && connection().isOpen()) {
        Statement(connection(), "UPDATE jobs SET leased_until = ? WHERE state = 2 AND owner = ?"_L1)
            .run(kGivenUp, m_owner);
    }
    disconnect();
    connection().clearFailure();
    m_isOpen = false;
    m_fault = notOpen();
    m_facts.nextDueAt.reset();
    m_facts.leaseRunsOutIn.reset();
    return Done{};
}

/// Those whose lease has run out, and those of an owner that has gone.
int PostgresLedger::rescueOrphans(const QString &gone)
{
    const qint64 now = m_serverNow.toMSecsSinceEpoch();
    std::vector<QByteArray> keys;
    {
        Statement orphans(
            connection(),
            "SELECT id FROM jobs WHERE state = 2 AND ((owner <> ? AND leased_until < ?)"
            " OR owner = ?) ORDER BY leased_until LIMIT 1000"
            " FOR UPDATE SKIP LOCKED"_L1);
        orphans.run(m_owner, now, gone);
        while (orphans.next())
            keys.push_back(orphans.value(0).toByteArray());
    }
    // They are locked, so they are still what was searched for. One that its owner has given up had
    // nobody to run it any more.
    return rescue(keys, [&gone](const StoredJob &stored) -> std::optional<RequeueReason> {
        const bool isGivenUp = stored.leasedUntil.toMSecsSinceEpoch() == kGivenUp;
        return isGivenUp || stored.job.owner == gone ? RequeueReason::Crash
                                                     : RequeueReason::LeaseLost;
    });
}

PostgresLedger::Overlooked PostgresLedger::findOverlooked()
{
    const qint64 dueSince = (m_clock.utcNow() - kOverlookedAfter).toMSecsSinceEpoch();
    Statement statement(connection(),
                        "SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 0 AND run_at < ?),"
                        " (SELECT min(run_at) FROM jobs WHERE state = 1 AND run_at < ?)"_L1);
    statement.run(dueSince, dueSince);
    if (!statement.next())
        return {};
    return { .isQueued = statement.value(0).toBool(),
             .dueAt = statement.value(1).isNull() ? std::nullopt
                                                  : std::optional(fromMs(statement.value(1))) };
}

void PostgresLedger::watch()
{
    if (!m_isOpen || !m_fault.isEmpty())
        return;
    Overlooked overlooked;
    const auto look = [&] {
        begin();
        m_isChanged = true; // by others
        table().load();
        rescueOrphans({});
        overlooked = findOverlooked();
        commit();
    };
    look();
    for (int repeats = 1; hasFailed() && tryRepair(repeats); ++repeats)
        look();
    if (hasFailed()) {
        rollback();
        return;
    }
    if (overlooked.isQueued || overlooked.dueAt)
        m_facts.hasNewWork = true;
    if (overlooked.dueAt) // until a claim has passed over it once more
        m_facts.nextDueAt = overlooked.dueAt;
}

void PostgresLedger::begin()
{
    const bool hasSteppedBack = setNow(m_clock.utcNow());
    m_hasNewWork = false;
    m_ended.clear();
    m_toCancel.clear();
    m_endedAttempts.clear();
    m_isChanged = false;
    m_countsBefore = table().counts();
    if (!connection().isOpen()) {
        connection().fail({ {}, u"there is no connection"_s });
        return;
    }
    const auto serverMs =
        connection().run(u"BEGIN; SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"_s);
    m_serverNow = utcFromMs(serverMs.value_or(0).toLongLong());
    if (hasSteppedBack)
        bringRetriesForward();
}

void PostgresLedger::noteChange(const StoredJob &after)
{
    SqlLedger::noteChange(after);
    m_isChanged = true;
    if (hasEnded(after.job.state))
        m_ended.append(after.job.id);
    else if (after.job.isCancelRequested && after.job.owner != m_owner)
        m_toCancel.append(after.job.id);
}

void PostgresLedger::noteEnd(const Lease &lease)
{
    m_endedAttempts.append({ lease.jobId, lease.attempt });
}

bool PostgresLedger::wasEndedUntold(const Lease &lease) const
{
    return lease.owner == m_owner && m_untold.contains({ lease.jobId, lease.attempt });
}

void PostgresLedger::notifyOthers()
{
    PostgresNotice notice;
    notice.from = m_owner;
    notice.hasWork = m_hasNewWork;
    QStringList changed = m_ended + m_toCancel;
    do {
        notice.changed = changed.mid(0, PostgresNotice::kMaxIds);
        changed = changed.mid(notice.changed.size());
        Statement(connection(), "SELECT pg_notify('quiesce', ?)"_L1)
            .run(QString::fromUtf8(notice.toBytes()));
        notice.hasWork = false;
    } while (!changed.isEmpty());
}

/// What the store tells of: as of this transaction.
void PostgresLedger::learn()
{
    Statement statement(connection(),
                        "SELECT pg_current_xact_id_if_assigned()::text,"
                        " (SELECT min(run_at) FROM jobs WHERE state = 1 AND run_at > ?),"
                        " (SELECT min(leased_until) FROM jobs WHERE state = 2 AND owner <> ?)"_L1);
    m_learnedOfClaimMs = lastClaimMs();
    statement.run(m_learnedOfClaimMs, m_owner);
    if (!statement.next())
        return;
    m_transaction = statement.value(0).toString();
    m_facts.nextDueAt =
        statement.value(1).isNull() ? std::nullopt : std::optional(fromMs(statement.value(1)));
    std::chrono::milliseconds wait = std::min(m_options->lease, kLongestWatch);
    if (!statement.value(2).isNull()) {
        const std::chrono::milliseconds left(statement.value(2).toLongLong()
                                             - m_serverNow.toMSecsSinceEpoch() + 1);
        wait = std::clamp(left, kShortestWatch, wait);
    }
    m_facts.leaseRunsOutIn = wait;
}

void PostgresLedger::commit()
{
    if (m_hasNewWork || !m_ended.isEmpty() || !m_toCancel.isEmpty())
        notifyOthers();
    m_transaction.clear();
    if (m_isChanged || m_learnedOfClaimMs != lastClaimMs())
        learn();
    if (hasFailed())
        return;
    connection().run(u"COMMIT"_s);
    if (hasFailed() && isLost() && !m_transaction.isEmpty()) {
        if (!isCommittedAfterAll())
            return;
    }
    m_transaction.clear();
    if (hasFailed())
        return;
    m_facts.counts = table().totals();
    m_facts.hasNewWork = m_facts.hasNewWork || m_hasNewWork;
    for (const Attempt &attempt : m_endedAttempts)
        m_untold.erase(attempt);
}

/// The connection was lost in the commit: connects anew and asks. Without an answer the transaction
/// stays in doubt.
bool PostgresLedger::isCommittedAfterAll()
{
    const SqlFailure failure = *connection().failure();
    m_inDoubt = m_endedAttempts;
    if (!connectAnew())
        return false;
    if (!m_wasCommitted)
        connection().fail(failure);
    return m_wasCommitted;
}

void PostgresLedger::resolveDoubt()
{
    m_wasCommitted = false;
    if (m_transaction.isEmpty())
        return;
    QString status;
    for (int look = 0; look < kDoubtLooks; ++look) {
        status = connection()
                     .run(u"SELECT pg_xact_status('%1'::xid8)"_s.arg(m_transaction))
                     .value_or(QVariant())
                     .toString();
        if (status != "in progress"_L1)
            break;
        connection().run(u"SELECT pg_sleep(0.05)"_s);
    }
    if (status == "in progress"_L1)
        connection().fail({ {}, u"it is not known yet what became of a transaction"_s });
    if (connection().failure())
        return;
    m_wasCommitted = status == "committed"_L1;
    if (m_wasCommitted)
        m_untold = std::set<Attempt>(m_inDoubt.cbegin(), m_inDoubt.cend());
    m_inDoubt.clear();
    m_transaction.clear();
}

bool PostgresLedger::tryRepair(int repeats)
{
    if (repeats > kMaxRepeats || !m_transaction.isEmpty() || !m_fault.isEmpty())
        return false;
    if (isLost()) {
        if (!connectAnew())
            return false;
    } else if (connection().failure()->code.startsWith(kRolledBack)) {
        undo();
    } else {
        return false;
    }
    table().setCounts(m_countsBefore);
    return !hasFailed();
}

void PostgresLedger::undo()
{
    connection().clearFailure();
    connection().run(u"ROLLBACK"_s);
    connection().clearFailure();
}

StoreError PostgresLedger::rollback()
{
    const SqlFailure failure = connection().failure().value_or(SqlFailure{});
    // A fault that is known says more than what comes of it.
    const StoreError error =
        m_fault.isEmpty() || connection().isOpen() ? errorOf(failure) : unavailable(m_fault);
    if (isLost())
        disconnect();
    else
        undo();
    connection().clearFailure();
    table().setCounts(m_countsBefore);
    m_fault = error.reason;
    return error;
}

/// Also when the connection stands: a disk that is full, or a server that has become a standby, is
/// seen by a write.
void PostgresLedger::probe()
{
    if (!m_isOpen || m_fault.isEmpty())
        return;
    if (!connection().isOpen() && !connectAnew()) {
        const SqlFailure failure = connection().failure().value_or(SqlFailure{});
        m_fault = errorOf(failure).reason;
        disconnect();
        connection().clearFailure();
        return;
    }
    begin();
    connection().run(
        u"UPDATE quiesce.meta SET probed_at = %1"_s.arg(m_serverNow.toMSecsSinceEpoch()));
    table().load();
    m_hasNewWork = true;
    commit();
    if (hasFailed())
        rollback();
    else
        m_fault.clear();
}

StoreFacts PostgresLedger::takeFacts()
{
    StoreFacts facts = m_facts;
    facts.fault = m_fault;
    facts.isToBeProbed = m_isOpen && !m_fault.isEmpty();
    m_facts.hasNewWork = false;
    return facts;
}

} // namespace quiesce
