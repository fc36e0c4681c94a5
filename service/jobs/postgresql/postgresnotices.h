// SPDX-License-Identifier: GPL-3.0-only
// PostgresNotices: hears, on a connection of its own, what other instances do (LISTEN/NOTIFY).
#pragma once

#include "service/jobs/postgresql/postgresoptions.h"

#include <QStringList>
#include <QThread>
#include <functional>
#include <memory>
#include <optional>

struct pg_conn;

namespace quiesce {

/// What an instance tells the others with a commit.
struct PostgresNotice
{
    /// As many as fit the 8,000 bytes of a notification.
    static constexpr qsizetype kMaxIds = 150;

    QString from; ///< its owner
    bool hasWork = false; ///< something may be claimed that could not before
    QStringList changed; ///< jobs that have ended, or are to be cancelled

    [[nodiscard]] QByteArray toBytes() const;
    /// None: it is not one.
    [[nodiscard]] static std::optional<PostgresNotice> fromBytes(const QByteArray &bytes);
};

/// libpq's own messages about a connection go to the log, at debug level, and not to standard
/// error.
void quietenConnection(pg_conn *connection);

/// Waits for notifications on a thread of its own, in poll(): QtSql's driver turns a connection
/// that has ended into a socket that is always readable.
///
/// Thread:  owned by that of the store; signals come there, queued.
/// Order:   start(), once.
/// Emits:   listening() with each connection: what was notified before it was missed.
/// Limits:  connects anew after kFirstWait, then after twice as long each time, at most
///          kLongestWait; a peer that is gone is noticed by the options' keepalives.
/// Blocks:  its destructor, while a host's name is looked up.
/// Source:  PostgreSQL 15, libpq, "Asynchronous Notification" and "PQconnectPoll".
class PostgresNotices final : public QThread
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kFirstWait{ 250 };
    static constexpr std::chrono::milliseconds kLongestWait{ 4'000 };
    static constexpr std::chrono::milliseconds kConnectWait{ 5'000 };

    explicit PostgresNotices(std::shared_ptr<const PostgresOptions> options);
    ~PostgresNotices() override;

Q_SIGNALS:
    void listening();
    void heard(const QByteArray &notice);

protected:
    void run() override;

private:
    class Session;

    /// False: it is to end.
    [[nodiscard]] bool waitFor(std::chrono::milliseconds time) const;

    const std::shared_ptr<const PostgresOptions> m_options;
    const int m_wakeUp; ///< an eventfd, readable once it is to end
};

} // namespace quiesce
