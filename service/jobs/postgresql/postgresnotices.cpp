// SPDX-License-Identifier: GPL-3.0-only
// One connection after the other, each until it is lost.
#include "service/jobs/postgresql/postgresnotices.h"

#include "common/logline.h"

#include <QDeadlineTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <algorithm>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcPostgres, "quiesce.jobs")

} // namespace

void quietenConnection(pg_conn *connection)
{
    const auto log = [](void *, const char *message) {
        qCDebug(lcPostgres).noquote() << LogLine("PostgreSQL says")
                                             .with("message", QString::fromUtf8(message).trimmed())
                                             .toString();
    };
    PQsetNoticeProcessor(connection, log, nullptr);
}

QByteArray PostgresNotice::toBytes() const
{
    QJsonObject object{ { u"from"_s, from } };
    if (hasWork)
        object.insert(u"work"_s, true);
    if (!changed.isEmpty())
        object.insert(u"changed"_s, QJsonArray::fromStringList(changed));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<PostgresNotice> PostgresNotice::fromBytes(const QByteArray &bytes)
{
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (!document.isObject())
        return {};
    PostgresNotice notice;
    notice.from = document["from"_L1].toString();
    notice.hasWork = document["work"_L1].toBool();
    for (const QJsonValue id : document["changed"_L1].toArray())
        notice.changed.append(id.toString());
    return notice;
}

/// One connection. Every wait ends with the wake-up, too.
class PostgresNotices::Session final
{
public:
    Session(const PostgresOptions &options, int wakeUp)
        : m_wakeUp(wakeUp)
        , m_connection(begin(options))
    {
        quietenConnection(m_connection);
    }
    ~Session() { PQfinish(m_connection); }
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    [[nodiscard]] bool connect()
    {
        const QDeadlineTimer deadline(kConnectWait);
        auto next = PGRES_POLLING_WRITING;
        while (next != PGRES_POLLING_OK) {
            if (next == PGRES_POLLING_FAILED || PQstatus(m_connection) == CONNECTION_BAD
                || !wait(next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline))
                return false;
            next = PQconnectPoll(m_connection);
        }
        return listen(deadline);
    }

    /// Until there is something; false when the connection is lost, or it is to end.
    [[nodiscard]] bool hear(const std::function<void(const QByteArray &)> &take)
    {
        if (!wait(POLLIN, QDeadlineTimer::Forever) || PQconsumeInput(m_connection) == 0)
            return false;
        while (PGnotify *notice = PQnotifies(m_connection)) {
            take(QByteArray(notice->extra));
            PQfreemem(notice);
        }
        return PQstatus(m_connection) == CONNECTION_OK;
    }

private:
    static PGconn *begin(const PostgresOptions &options)
    {
        std::vector<const char *> names;
        std::vector<const char *> values;
        for (const auto &[name, value] : options.parameters) {
            names.push_back(name.constData());
            values.push_back(value.constData());
        }
        const QByteArray password(options.password.view().data(), options.password.view().size());
        if (!password.isEmpty()) {
            names.push_back("password");
            values.push_back(password.constData());
        }
        names.push_back(nullptr);
        values.push_back(nullptr);
        return PQconnectStartParams(names.data(), values.data(), 0);
    }

    [[nodiscard]] bool listen(const QDeadlineTimer &deadline)
    {
        if (PQsendQuery(m_connection, "LISTEN quiesce") == 0)
            return false;
        while (PQisBusy(m_connection) != 0) {
            if (!wait(POLLIN, deadline) || PQconsumeInput(m_connection) == 0)
                return false;
        }
        bool isListening = false;
        while (PGresult *result = PQgetResult(m_connection)) {
            isListening = PQresultStatus(result) == PGRES_COMMAND_OK;
            PQclear(result);
        }
        return isListening;
    }

    [[nodiscard]] bool wait(short events, const QDeadlineTimer &deadline) const
    {
        pollfd all[] = { { PQsocket(m_connection), events, 0 }, { m_wakeUp, POLLIN, 0 } };
        if (all[0].fd < 0)
            return false;
        const qint64 left = deadline.isForever() ? -1 : deadline.remainingTime();
        const int ready = ::poll(all, 2, static_cast<int>(left));
        return ready > 0 && all[1].revents == 0;
    }

    const int m_wakeUp;
    PGconn *const m_connection;
};

PostgresNotices::PostgresNotices(std::shared_ptr<const PostgresOptions> options)
    : m_options(std::move(options))
    , m_wakeUp(::eventfd(0, EFD_CLOEXEC))
{
    setObjectName(u"job notices"_s);
}

PostgresNotices::~PostgresNotices()
{
    const quint64 one = 1;
    [[maybe_unused]] const auto written = ::write(m_wakeUp, &one, sizeof one);
    wait();
    ::close(m_wakeUp);
}

bool PostgresNotices::waitFor(std::chrono::milliseconds time) const
{
    pollfd wakeUp{ m_wakeUp, POLLIN, 0 };
    // A wait that is interrupted is only shorter: nothing but the wake-up ends this thread.
    ::poll(&wakeUp, 1, static_cast<int>(time.count()));
    return wakeUp.revents == 0;
}

void PostgresNotices::run()
{
    std::chrono::milliseconds wait = kFirstWait;
    do {
        Session session(*m_options, m_wakeUp);
        if (!session.connect()) {
            wait = std::min(wait * 2, kLongestWait);
            continue;
        }
        wait = kFirstWait;
        Q_EMIT listening();
        while (session.hear([this](const QByteArray &notice) { Q_EMIT heard(notice); })) { }
    } while (waitFor(wait));
}

} // namespace quiesce
