// SPDX-License-Identifier: GPL-3.0-only
// PostgresJobStore: jobs in a PostgreSQL database, shared by any number of instances.
#pragma once

#include "service/core/clock.h"
#include "service/jobs/postgresql/postgresoptions.h"
#include "service/jobs/threadedjobstore.h"

#include <deque>

namespace quiesce {

class PostgresLine;
class PostgresNotices;

/// Every instance answers for every job, and may run any: who runs what is said by leases, which
/// run out by the server's clock. What one does the others hear by NOTIFY; a job whose lease has
/// run out is queued again by whichever instance sees it first.
///
/// Thread:  its own for calls and replies; statements on a worker's, notifications on another's.
/// Blocks:  its destructor, until what was asked is done, at most kLongestEnd and the time that one
///          try to connect takes.
/// Limits:  those of JobStore. What the server has not answered for PostgresOptions::patience is
///          given up, and the connection with it; see PostgresLedger for the rest. counts() takes
///          in what others do within kCountsWait after they have told of it.
/// Faults:  while there is one, the server is tried every kLongestProbe at most.
class PostgresJobStore final : public ThreadedJobStore
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kLongestEnd{ 3'000 };
    static constexpr std::chrono::milliseconds kLongestProbe{ 2'000 };
    static constexpr std::chrono::milliseconds kCountsWait{ 1'000 };
    /// Notices of changes that wait for replies; for more there is one that names no job.
    static constexpr size_t kMaxUntold = 64;

    /// The clock must outlive the store.
    PostgresJobStore(const std::shared_ptr<const PostgresOptions> &options, Clock &clock,
                     QObject *parent = nullptr);
    ~PostgresJobStore() override;

    void open(const QString &owner, Reply<int> reply) override;
    void openBeside(const QString &owner, const QString &predecessor, Reply<int> reply) override;
    [[nodiscard]] QLatin1StringView engine() const override;

protected:
    void enqueue(std::unique_ptr<StoreCall> call) override;
    void delivered(const StoreFacts &facts) override;

private:
    PostgresJobStore(const std::shared_ptr<const PostgresOptions> &options,
                     const std::shared_ptr<PostgresLine> &line, Clock &clock, QObject *parent);

    void listen(const QString &owner);
    void takeNotice(const QByteArray &bytes);
    void noteChange(const QStringList &ids);
    void tellOfChanges();
    void watchSoon(std::chrono::milliseconds in);
    void watch();

    Clock &m_clock;
    const std::shared_ptr<const PostgresOptions> m_options;
    const std::shared_ptr<PostgresLine> m_line;
    std::unique_ptr<Alarm> m_patience; ///< with the server, while something was asked of it
    std::unique_ptr<Alarm> m_watch; ///< when the next lease may have run out
    SteadyTime m_watchAt{}; ///< while that is set
    std::unique_ptr<PostgresNotices> m_notices; ///< from open() on
    QString m_owner;

    struct Untold
    {
        QStringList ids;
        quint64 after = 0; ///< so many calls are answered
    };
    std::deque<Untold> m_untold; ///< what others have changed, oldest first
};

} // namespace quiesce
