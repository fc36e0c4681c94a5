// SPDX-License-Identifier: GPL-3.0-only
// Rows by their statements; searches over several kinds or states merge one indexed search of each.
#include "service/jobs/sql/jobtable.h"

#include <algorithm>
#include <limits>

namespace quiesce {

namespace {

/// Larger than every id.
const QByteArray &endKey()
{
    static const QByteArray key(17, '\xff');
    return key;
}

int spilledBits(const RowDocument &payload, const RowDocument &checkpoint,
                const RowDocument &result)
{
    return (payload.isSpilled ? bitOf(Part::Payload) : 0)
        | (checkpoint.isSpilled ? bitOf(Part::Checkpoint) : 0)
        | (result.isSpilled ? bitOf(Part::Result) : 0);
}

RowDocument checkpointOf(const JobRow &before, const Job &after)
{
    if (after.checkpoint == before.stored.job.checkpoint)
        return before.checkpoint;
    return RowDocument::of(after.checkpoint ? toBytes(*after.checkpoint) : QByteArray());
}

RowDocument resultOf(const JobRow &before, const Job &after)
{
    if (after.state != JobState::Succeeded || after.result == before.stored.job.result)
        return before.result;
    return RowDocument::of(toBytes(after.result));
}

} // namespace

JobTable::JobTable(Connection &connection, Writers writers)
    : m_connection(connection)
    , m_writers(writers)
{ }

void JobTable::load()
{
    m_counts.clear();
    Statement statement(m_connection, Sql::Counts);
    statement.run();
    while (statement.next()) {
        const auto state = static_cast<size_t>(statement.value(1).toInt());
        m_counts[statement.value(0).toString()].at(state) = statement.value(2).toLongLong();
    }
}

JobCounts JobTable::totals() const
{
    JobCounts totals;
    for (const auto &[kind, counts] : m_counts) {
        for (const JobState state : kJobStates)
            totals.of(state) += counts.at(static_cast<size_t>(state));
    }
    return totals;
}

void JobTable::count(const Job &job, qint64 by)
{
    m_counts[job.kind].at(static_cast<size_t>(job.state)) += by;
}

bool JobTable::mayHave(const QString &kind, JobState state) const
{
    if (m_writers == Writers::Many)
        return true;
    const auto found = m_counts.find(kind);
    return found != m_counts.end() && found->second.at(static_cast<size_t>(state)) > 0;
}

std::optional<JobRow> JobTable::find(const QByteArray &key)
{
    Statement statement(m_connection, Sql::FindJob);
    statement.run(key);
    return readFound(statement);
}

std::optional<JobRow> JobTable::findToChange(const QByteArray &key)
{
    Statement statement(m_connection, Sql::FindJobToChange);
    statement.run(key);
    return readFound(statement);
}

std::optional<JobRow> JobTable::findByIdempotencyKey(const QByteArray &idempotencyKey)
{
    if (idempotencyKey.isEmpty())
        return {};
    Statement statement(m_connection, Sql::FindJobByKey);
    statement.run(idempotencyKey);
    return readFound(statement);
}

std::optional<JobRow> JobTable::readFound(Statement &found)
{
    if (!found.next())
        return {};
    JobRow row = readRow(found);
    for (const auto &[document, number] :
         { std::pair(&row.payload, Part::Payload), std::pair(&row.checkpoint, Part::Checkpoint),
           std::pair(&row.result, Part::Result) }) {
        if (document->isSpilled)
            document->bytes = part(toKey(row.stored.job.id), number);
    }
    decodeDocuments(row);
    return row;
}

bool JobTable::insert(const StoredJob &stored)
{
    const Job &job = stored.job;
    const QByteArray key = toKey(job.id);
    const RowDocument payload = RowDocument::of(toBytes(job.payload));
    Statement statement(m_connection, Sql::InsertJob);
    statement.run(key, job.kind, static_cast<int>(job.state), job.maxAttempts,
                  job.timeout ? QVariant(qint64(job.timeout->count())) : QVariant(),
                  toMs(job.createdAt), toMs(job.runAt),
                  stored.idempotencyKey.isEmpty() ? QVariant() : QVariant(stored.idempotencyKey),
                  stored.fingerprint.isEmpty() ? QVariant() : QVariant(stored.fingerprint),
                  payload.inlined(), spilledBits(payload, {}, {}));
    if (statement.changed() == 0)
        return false;
    movePart(key, Part::Payload, {}, payload);
    count(job, 1);
    return true;
}

void JobTable::update(const JobRow &before, const StoredJob &after)
{
    const Job &job = after.job;
    const QByteArray key = toKey(job.id);
    const RowDocument checkpoint = checkpointOf(before, job);
    const RowDocument result = resultOf(before, job);
    Statement statement(m_connection, Sql::UpdateJob);
    statement.run(static_cast<int>(job.state), job.attempt, orNull(job.progress), toMs(job.runAt),
                  after.backOff ? QVariant(qint64(after.backOff->count())) : QVariant(),
                  toMs(job.startedAt), toMs(job.finishedAt),
                  job.owner.isEmpty() ? QVariant() : QVariant(job.owner), toMs(after.leasedUntil),
                  int(job.isCancelRequested), toRow(job.requeues),
                  job.error.isEmpty() ? QVariant() : QVariant(job.error), checkpoint.inlined(),
                  result.inlined(), spilledBits(before.payload, checkpoint, result), key);
    movePart(key, Part::Checkpoint, before.checkpoint, checkpoint);
    movePart(key, Part::Result, before.result, result);
    count(before.stored.job, -1);
    count(job, 1);
}

void JobTable::remove(const Ended &ended)
{
    Statement(m_connection, Sql::DeleteJob).run(ended.key);
    Statement(m_connection, Sql::DeleteParts).run(ended.key);
    auto &counts = m_counts[ended.kind];
    counts.at(static_cast<size_t>(ended.state)) -= 1;
    if (std::all_of(counts.begin(), counts.end(), [](qint64 count) { return count == 0; }))
        m_counts.erase(ended.kind); // kinds come and go with the program's versions
}

std::optional<bool> JobTable::renew(const Lease &lease, const QDateTime &until)
{
    Statement statement(m_connection, Sql::UpdateLease);
    statement.run(toMs(until), toKey(lease.jobId), lease.owner, lease.attempt);
    if (!statement.next())
        return std::nullopt;
    return statement.value(0).toInt() != 0;
}

bool JobTable::keepCheckpoint(const Lease &lease, const Checkpoint &checkpoint)
{
    const QByteArray key = toKey(lease.jobId);
    const RowDocument document = RowDocument::of(toBytes(checkpoint.state));
    Statement statement(m_connection, Sql::UpdateCheckpoint);
    statement.run(document.inlined(), document.isSpilled ? bitOf(Part::Checkpoint) : 0,
                  orNull(checkpoint.progress), key, lease.owner, lease.attempt);
    if (statement.changed() == 0)
        return false;
    if (document.isSpilled)
        putPart(key, Part::Checkpoint, document.bytes);
    else
        removePart(key, Part::Checkpoint);
    return true;
}

void JobTable::setOutput(const QByteArray &key, const JobOutput &output)
{
    putPart(key, Part::Output, output.bytes, output.dropped);
}

JobOutput JobTable::output(const QByteArray &key)
{
    Statement statement(m_connection, Sql::FindPart);
    statement.run(key, static_cast<int>(Part::Output));
    if (!statement.next())
        return {};
    return { statement.value(0).toByteArray(), statement.value(1).toLongLong() };
}

QByteArray JobTable::part(const QByteArray &key, Part part)
{
    Statement statement(m_connection, Sql::FindPart);
    statement.run(key, static_cast<int>(part));
    return statement.next() ? statement.value(0).toByteArray() : QByteArray();
}

void JobTable::putPart(const QByteArray &key, Part part, const QByteArray &bytes, qint64 dropped)
{
    // Null would be refused; there is something, if only nothing.
    Statement(m_connection, Sql::PutPart)
        .run(key, static_cast<int>(part), bytes.isNull() ? QByteArray("") : bytes, dropped);
}

void JobTable::removePart(const QByteArray &key, Part part)
{
    Statement(m_connection, Sql::DeletePart).run(key, static_cast<int>(part));
}

void JobTable::movePart(const QByteArray &key, Part part, const RowDocument &before,
                        const RowDocument &after)
{
    if (after.isSpilled && after.bytes != before.bytes)
        putPart(key, part, after.bytes);
    else if (before.isSpilled && !after.isSpilled)
        removePart(key, part);
}

void JobTable::addTurns(Statement &statement, qint64 latestMs, std::vector<Turn> &turns)
{
    while (statement.next()) {
        if (const qint64 turn = statement.value(0).toLongLong(); turn <= latestMs)
            turns.emplace_back(turn, statement.value(1).toByteArray());
    }
}

std::vector<JobTable::Turn> JobTable::turns(const QString &kind, qint64 nowMs,
                                            qint64 queuedBeforeMs, int limit)
{
    std::vector<Turn> turns;
    if (limit > 0 && mayHave(kind, JobState::Queued)) {
        Statement queued(m_connection, Sql::QueuedByTurn);
        queued.run(kind, limit);
        addTurns(queued, queuedBeforeMs, turns);
    }
    if (limit > 0 && mayHave(kind, JobState::Scheduled)) {
        Statement scheduled(m_connection, Sql::ScheduledByTurn);
        scheduled.run(kind, nowMs, limit);
        addTurns(scheduled, nowMs, turns);
    }
    std::sort(turns.begin(), turns.end());
    turns.resize(std::min(turns.size(), static_cast<size_t>(limit)));
    return turns;
}

std::optional<qint64> JobTable::nextDueMs(qint64 afterMs)
{
    std::optional<qint64> next;
    for (const auto &[kind, counts] : m_counts) {
        if (!mayHave(kind, JobState::Scheduled))
            continue;
        Statement scheduled(m_connection, Sql::NextOfKindAfter);
        scheduled.run(kind, afterMs);
        if (scheduled.next()) {
            const qint64 ms = scheduled.value(0).toLongLong();
            next = next ? std::min(*next, ms) : ms;
        }
    }
    return next;
}

std::vector<QByteArray> JobTable::page(const JobQuery &query, const QByteArray &below, int limit)
{
    const QByteArray &end = below.isNull() ? endKey() : below;
    std::vector<QByteArray> keys;
    if (!query.state && query.kind.isEmpty()) {
        Statement statement(m_connection, Sql::NewestFirst);
        statement.run(end, limit);
        while (statement.next())
            keys.push_back(statement.value(0).toByteArray());
        return keys;
    }
    for (const auto &[kind, counts] : m_counts) {
        if (!query.kind.isEmpty() && kind != query.kind)
            continue;
        for (const JobState state : kJobStates) {
            if (query.state && state != *query.state)
                continue;
            const std::vector<QByteArray> more = ofKindAndState(kind, state, end, limit);
            keys.insert(keys.end(), more.begin(), more.end());
        }
    }
    std::sort(keys.begin(), keys.end(), std::greater<>());
    keys.resize(std::min(keys.size(), static_cast<size_t>(limit)));
    return keys;
}

std::vector<QByteArray> JobTable::ofKindAndState(const QString &kind, JobState state,
                                                 const QByteArray &below, int limit)
{
    std::vector<QByteArray> keys;
    if (!mayHave(kind, state))
        return keys;
    Statement statement(m_connection, Sql::NewestFirstOfKindAndState);
    statement.run(kind, static_cast<int>(state), below, limit);
    while (statement.next())
        keys.push_back(statement.value(0).toByteArray());
    return keys;
}

std::vector<QByteArray> JobTable::running()
{
    JobQuery query;
    query.state = JobState::Running;
    return page(query, {}, std::numeric_limits<int>::max());
}

std::vector<QByteArray> JobTable::retriesBeyond(qint64 ms)
{
    std::vector<QByteArray> keys;
    Statement statement(m_connection, Sql::RetriesBeyond);
    statement.run(ms);
    while (statement.next())
        keys.push_back(statement.value(0).toByteArray());
    return keys;
}

std::vector<JobTable::Ended> JobTable::oldestEnded(int limit)
{
    std::vector<Ended> ended;
    Statement statement(m_connection, Sql::OldestEnded);
    statement.run(limit);
    while (statement.next())
        ended.push_back({ statement.value(0).toByteArray(), statement.value(1).toString(),
                          static_cast<JobState>(statement.value(2).toInt()),
                          statement.value(3).toLongLong() });
    return ended;
}

QByteArray JobTable::lastKey()
{
    Statement statement(m_connection, Sql::LastId);
    statement.run();
    return statement.next() ? statement.value(0).toByteArray() : QByteArray();
}

} // namespace quiesce
