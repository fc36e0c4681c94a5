// SPDX-License-Identifier: GPL-3.0-only
// Opening, sharing, transactions and faults of a file: see the header.
#include "service/jobs/sqlite/sqliteledger.h"

#include "service/core/clock.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// As much as a small batch writes, so that a fault is not over when only a few bytes fit.
constexpr int kProbeBytes = 256 * 1'024;

const QString &notOpen()
{
    static const QString text = u"the job store is not open"_s;
    return text;
}

} // namespace

SqliteLedger::SqliteLedger(const QString &path, const Clock &clock)
    : SqlLedger(sqliteDialect(), JobTable::Writers::Us)
    , m_clock(clock)
    , m_file(path)
    , m_fault(notOpen())
{ }

JobLedger::Answer<int> SqliteLedger::open(const QString &owner)
{
    if (m_isOpen)
        return Failure{ unavailable(u"the job store is open already"_s) };
    connection().clearFailure();
    setNow(m_clock.utcNow());
    if (auto opened = m_file.open(connection(), m_now); !opened) {
        m_fault = opened.error().reason;
        return Failure{ opened.error() };
    }
    m_owner = owner;
    m_predecessor.clear();
    m_isShared = false;
    const Answer<int> rescued = takeOver();
    return hasFailed() ? failToOpen() : rescued;
}

JobLedger::Answer<int> SqliteLedger::openBeside(const QString &owner, const QString &predecessor)
{
    if (m_isOpen)
        return Failure{ unavailable(u"the job store is open already"_s) };
    connection().clearFailure();
    setNow(m_clock.utcNow());
    if (auto opened = m_file.openBeside(connection()); !opened) {
        m_fault = opened.error().reason;
        return Failure{ opened.error() };
    }
    m_owner = owner;
    m_predecessor = predecessor;
    m_isShared = true;
    const Answer<int> rescued = takeOver();
    if (!hasFailed())
        return rescued;
    const StoreError error = m_file.errorOf(*connection().failure());
    connection().close();
    connection().clearFailure();
    m_fault = error.reason;
    return Failure{ error };
}

/// Everything there is becomes known, and what nobody runs is rescued.
JobLedger::Answer<int> SqliteLedger::takeOver()
{
    Statement(connection(), "BEGIN IMMEDIATE"_L1).run();
    table().load();
    keepJobIdsAbove(idOf(table().lastKey()));
    const int rescued = rescueAll();
    bringRetriesForward();
    m_hasNewWork = true;
    m_isDamaged = false;
    m_fault.clear();
    commit();
    m_isOpen = !hasFailed();
    return rescued;
}

JobLedger::Answer<int> SqliteLedger::share(JobStore::Sharing how)
{
    if (!m_isOpen)
        return Failure{ unavailable(notOpen()) };
    if (!m_fault.isEmpty())
        return Failure{ unavailable(m_fault) };
    switch (how) {
    case JobStore::Sharing::Begin:
        return beginSharing();
    case JobStore::Sharing::Look:
        break;
    case JobStore::Sharing::End:
        return endSharing();
    }
    return look();
}

JobLedger::Answer<int> SqliteLedger::beginSharing()
{
    if (std::exchange(m_isShared, true))
        return 0;
    if (const auto opened = m_file.reopen(connection(), StoreFile::Use::Shared); !opened) {
        m_isShared = false;
        if (const auto back = m_file.reopen(connection(), StoreFile::Use::Alone); !back) {
            m_isOpen = false;
            m_fault = back.error().reason;
        }
        return Failure{ opened.error() };
    }
    return 0;
}

/// When it cannot be had alone it goes on being shared, which is only slower.
JobLedger::Answer<int> SqliteLedger::endSharing()
{
    if (!m_isShared)
        return 0;
    if (m_file.reopen(connection(), StoreFile::Use::Alone)) {
        m_isShared = false;
    } else if (const auto opened = m_file.reopen(connection(), StoreFile::Use::Shared); !opened) {
        m_isOpen = false;
        m_fault = opened.error().reason;
        return Failure{ opened.error() };
    }
    m_predecessor.clear();
    setNow(m_clock.utcNow());
    m_countsBefore = table().counts();
    const Answer<int> rescued = takeOver();
    if (!hasFailed())
        return rescued;
    m_isOpen = true;
    return Failure{ rollback() };
}

JobLedger::Answer<int> SqliteLedger::look()
{
    begin();
    commit();
    if (hasFailed())
        return Failure{ rollback() };
    return 0;
}

void SqliteLedger::lookForChanges()
{
    const qint64 version =
        connection().run(u"PRAGMA data_version"_s).value_or(QVariant()).toLongLong();
    if (std::exchange(m_dataVersion, version) == version)
        return;
    table().load();
    m_hasNewWork = true;
}

JobLedger::Answer<int> SqliteLedger::failToOpen()
{
    const SqlFailure failure = *connection().failure();
    connection().close();
    connection().clearFailure();
    StoreError error =
        isDamage(failure) ? m_file.setAside(failure.text, m_now) : m_file.errorOf(failure);
    m_fault = error.reason;
    return Failure{ std::move(error) };
}

JobLedger::Answer<Done> SqliteLedger::close()
{
    // What is committed is safe in the log as well; moving it makes the next start quicker.
    if (m_isOpen)
        connection().run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
    connection().close();
    connection().clearFailure();
    m_isOpen = false;
    m_fault = notOpen();
    m_facts.nextDueAt.reset();
    return Done{};
}

int SqliteLedger::rescueAll()
{
    return rescue(table().running(),
                  [this](const StoredJob &stored) -> std::optional<RequeueReason> {
                      if ((m_isOpen && stored.job.owner == m_owner)
                          || (!m_predecessor.isEmpty() && stored.job.owner == m_predecessor))
                          return {};
                      return RequeueReason::Crash;
                  });
}

void SqliteLedger::begin()
{
    const bool hasSteppedBack = setNow(m_clock.utcNow());
    m_hasNewWork = false;
    Statement(connection(), "BEGIN IMMEDIATE"_L1).run();
    if (m_isShared)
        lookForChanges();
    m_countsBefore = table().counts();
    if (hasSteppedBack)
        bringRetriesForward();
}

void SqliteLedger::commit()
{
    const std::optional<qint64> nextDueMs = table().nextDueMs(lastClaimMs());
    Statement(connection(), "COMMIT"_L1).run();
    if (hasFailed())
        return;
    m_facts.counts = table().totals();
    m_facts.nextDueAt = nextDueMs ? std::optional(fromMs(*nextDueMs)) : std::nullopt;
    m_facts.hasNewWork = m_facts.hasNewWork || m_hasNewWork;
}

StoreError SqliteLedger::rollback()
{
    const SqlFailure failure = connection().failure().value_or(SqlFailure{});
    undo();
    const StoreError error = m_file.errorOf(failure);
    m_fault = error.reason;
    if (isDamage(failure)) {
        m_isDamaged = true;
        m_file.noteDamage();
    }
    return error;
}

void SqliteLedger::undo()
{
    connection().clearFailure();
    Statement(connection(), "ROLLBACK"_L1).run();
    connection().clearFailure(); // SQLite may have rolled back by itself
    table().setCounts(m_countsBefore);
}

void SqliteLedger::probe()
{
    if (!m_isOpen || m_isDamaged)
        return;
    m_countsBefore = table().counts();
    connection().run(u"BEGIN IMMEDIATE"_s);
    connection().run(
        u"INSERT OR REPLACE INTO parts (id, part, bytes) VALUES (x'00', 0, zeroblob(%1))"_s.arg(
            kProbeBytes));
    connection().run(u"COMMIT"_s);
    connection().run(u"DELETE FROM parts WHERE id = x'00'"_s);
    if (hasFailed())
        rollback();
    else
        m_fault.clear();
}

StoreFacts SqliteLedger::takeFacts()
{
    StoreFacts facts = m_facts;
    facts.fault = m_fault;
    facts.isToBeProbed = m_isOpen && !m_isDamaged && !m_fault.isEmpty();
    m_facts.hasNewWork = false;
    return facts;
}

bool SqliteLedger::freeRoom()
{
    int surplus = -kKeptFreePages;
    {
        Statement count(connection(), "PRAGMA freelist_count"_L1);
        if (count.run() && count.next())
            surplus += count.value(0).toInt();
    }
    // This pragma frees one page at each step, and QtSql makes only the first of a statement
    // without columns, whatever number stands here.
    for (int freed = 0; freed < std::min(surplus, kFreedPages); ++freed)
        Statement(connection(), "PRAGMA incremental_vacuum(1)"_L1).run();
    return surplus > kFreedPages;
}

} // namespace quiesce
