// SPDX-License-Identifier: GPL-3.0-only
// JobTable: the rows of jobs and their parts, and how many there are of each kind and state.
#pragma once

#include "service/jobs/sql/jobrow.h"

#include <map>

namespace quiesce {

/// Reads and writes rows inside whatever transaction is open, and counts along.
///
/// Errors:  those of the connection, which remembers; what is returned then means nothing.
/// Limits:  each search costs as many steps as it returns rows, however many are stored.
class JobTable final
{
public:
    using StateCounts = std::array<qint64, kJobStates.size()>;
    using KindCounts = std::map<QString, StateCounts>;
    /// By when, then by id: the order in which jobs are claimed, and pruned.
    using Turn = std::pair<qint64, QByteArray>;

    struct Ended
    {
        QByteArray key;
        QString kind;
        JobState state;
        qint64 finishedAtMs;
    };

    enum class Writers : unsigned char {
        Us, ///< what is counted here is all there is
        Many, ///< other processes change rows as well: counts are as of the last load()
    };

    JobTable(Connection &connection, Writers writers);

    /// Counts anew what is there; walks an index.
    void load();
    /// How many as of now, uncommitted changes included; to be put back when these are undone.
    [[nodiscard]] const KindCounts &counts() const { return m_counts; }
    void setCounts(const KindCounts &counts) { m_counts = counts; }
    [[nodiscard]] JobCounts totals() const;

    [[nodiscard]] std::optional<JobRow> find(const QByteArray &key);
    /// The same, and nobody else changes it until the transaction ends.
    [[nodiscard]] std::optional<JobRow> findToChange(const QByteArray &key);
    [[nodiscard]] std::optional<JobRow> findByIdempotencyKey(const QByteArray &idempotencyKey);
    /// False when there is one of that id.
    bool insert(const StoredJob &stored);
    /// Writes what a transition has made of the row; its payload stays.
    void update(const JobRow &before, const StoredJob &after);
    void remove(const Ended &ended);
    /// Whether the job is to be cancelled; none: the lease was not held.
    std::optional<bool> renew(const Lease &lease, const QDateTime &until);
    bool keepCheckpoint(const Lease &lease, const Checkpoint &checkpoint);
    void setOutput(const QByteArray &key, const JobOutput &output);
    [[nodiscard]] JobOutput output(const QByteArray &key);

    /// The first that may be claimed of a kind, in order of their turns; see ClaimRequest for
    /// queuedBefore.
    [[nodiscard]] std::vector<Turn> turns(const QString &kind, qint64 nowMs, qint64 queuedBeforeMs,
                                          int limit);
    /// When the first scheduled one is due after that, of the kinds that are known.
    [[nodiscard]] std::optional<qint64> nextDueMs(qint64 afterMs);
    /// Ids below `below`, newest first.
    [[nodiscard]] std::vector<QByteArray> page(const JobQuery &query, const QByteArray &below,
                                               int limit);
    [[nodiscard]] std::vector<QByteArray> running();
    [[nodiscard]] std::vector<QByteArray> retriesBeyond(qint64 ms);
    [[nodiscard]] std::vector<Ended> oldestEnded(int limit);
    [[nodiscard]] QByteArray lastKey();

private:
    [[nodiscard]] std::optional<JobRow> readFound(Statement &found);
    [[nodiscard]] QByteArray part(const QByteArray &key, Part part);
    void putPart(const QByteArray &key, Part part, const QByteArray &bytes, qint64 dropped = 0);
    void removePart(const QByteArray &key, Part part);
    void movePart(const QByteArray &key, Part part, const RowDocument &before,
                  const RowDocument &after);
    [[nodiscard]] std::vector<QByteArray> ofKindAndState(const QString &kind, JobState state,
                                                         const QByteArray &below, int limit);
    static void addTurns(Statement &statement, qint64 latestMs, std::vector<Turn> &turns);
    void count(const Job &job, qint64 by);
    /// False: a search for them finds none.
    [[nodiscard]] bool mayHave(const QString &kind, JobState state) const;

    Connection &m_connection;
    const Writers m_writers;
    KindCounts m_counts;
};

} // namespace quiesce
