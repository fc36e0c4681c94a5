// SPDX-License-Identifier: GPL-3.0-only
// ConnectionHost: see the header.
#include "service/http/connectionhost.h"

#include <QLocale>
#include <limits>
#include <sys/socket.h>
#include <unistd.h>

namespace quiesce {

namespace {

HttpConnection &connectionOf(void *owner)
{
    return *static_cast<HttpConnection *>(owner);
}

LimitSettings limitsOf(ConnectionHost::Role role, LimitSettings limits)
{
    if (role != ConnectionHost::Role::Operator)
        return limits;
    limits.maxConnections = limits.maxAdminConnections;
    limits.maxBodyBytes = std::min(limits.maxBodyBytes, ConnectionHost::kMaxAdminBody);
    limits.maxBodyMemory = std::numeric_limits<qint64>::max(); // max_connections bounds them
    return limits;
}

std::unique_ptr<AdminEdge> makeAdminEdge(ConnectionHost::Role role, Clock &clock)
{
    if (role != ConnectionHost::Role::Operator)
        return {};
    return std::make_unique<AdminEdge>(
        clock, [](void *owner) { connectionOf(owner).answerHeld(); },
        [](void *owner) { connectionOf(owner).tokensChanged(); });
}

} // namespace

ConnectionHost::ConnectionHost(Role role, const Parts &parts, const LimitSettings &limits,
                               QObject *parent)
    : QObject(parent)
    , m_role(role)
    , m_parts(parts)
    , m_limits(limitsOf(role, limits))
    , m_bodyMemory(m_limits.maxBodyMemory)
    , m_handshakeTimeouts(parts.clock, limits.handshakeTimeout,
                          [](void *owner) { connectionOf(owner).handshakeTimedOut(); })
    , m_headerTimeouts(parts.clock, limits.headerTimeout,
                       [](void *owner) { connectionOf(owner).headerTimedOut(); })
    , m_bodyTimeouts(parts.clock, limits.bodyTimeout,
                     [](void *owner) { connectionOf(owner).bodyTimedOut(); })
    , m_requestTimeouts(parts.clock, limits.requestTimeout,
                        [](void *owner) { connectionOf(owner).requestTimedOut(); })
    , m_writeTimeouts(parts.clock, limits.writeTimeout,
                      [](void *owner) { connectionOf(owner).writeTimedOut(); })
    , m_keepAliveTimeouts(parts.clock, limits.keepAliveTimeout,
                          [](void *owner) { connectionOf(owner).keepAliveTimedOut(); })
    , m_closingTimeouts(parts.clock, kClosingTimeout,
                        [](void *owner) { connectionOf(owner).closingTimedOut(); })
    , m_coolDowns(parts.clock, kCoolDown, [](void *owner) { connectionOf(owner).coolDown(); })
    , m_adminEdge(makeAdminEdge(role, parts.clock))
    , m_lingerAlarm(parts.clock.makeAlarm([this] { ringLinger(); }))
{
    for (const Poller *poller : { &parts.poller, &m_probesPoller })
        connect(poller, &Poller::batchDone, this, [this] { m_doomed.clear(); });
}

ConnectionHost::~ConnectionHost()
{
    deleteConnections();
}

void ConnectionHost::deleteConnections()
{
    m_doomed.clear();
    for (HttpConnection *connection : std::exchange(m_connections, {}))
        delete connection;
}

void ConnectionHost::adopt(int descriptor)
{
    ++m_meter.counts.accepted;
    auto connection = std::make_unique<HttpConnection>(*this);
    HttpConnection *opened = connection.get();
    m_connections.insert(connection.release());
    if (opened->tryOpen(m_parts.poller, descriptor))
        return;
    m_connections.erase(opened);
    delete opened;
}

void ConnectionHost::evictUntilThereIsRoom()
{
    while (m_adminEdge && connectionCount() >= m_limits.maxConnections) {
        void *first = m_adminEdge->nextToGo();
        if (!first)
            return;
        m_adminEdge->noteEviction();
        connectionOf(first).makeWay();
    }
}

std::unique_ptr<Transport> ConnectionHost::makeTransport(Poller &poller, int descriptor,
                                                         TransportObserver &observer)
{
    if (m_tls)
        return TlsTransport::tryMake(poller, descriptor, m_tls, m_tlsTurns, observer);
    return SocketTransport::tryMake(poller, descriptor, observer);
}

void ConnectionHost::setLimits(const LimitSettings &limits)
{
    m_limits = limitsOf(m_role, limits);
    m_bodyMemory.setLimit(m_limits.maxBodyMemory);
    m_handshakeTimeouts.setDuration(limits.handshakeTimeout);
    m_headerTimeouts.setDuration(limits.headerTimeout);
    m_bodyTimeouts.setDuration(limits.bodyTimeout);
    m_requestTimeouts.setDuration(limits.requestTimeout);
    m_writeTimeouts.setDuration(limits.writeTimeout);
    m_keepAliveTimeouts.setDuration(limits.keepAliveTimeout);
}

void ConnectionHost::beginLameDuck(std::chrono::milliseconds linger)
{
    m_isLameDuck = true;
    m_linger = linger;
}

void ConnectionHost::endLameDuck()
{
    m_isLameDuck = false;
}

void ConnectionHost::beginDrain()
{
    m_isDraining = true;
    const std::vector<HttpConnection *> all(m_connections.begin(), m_connections.end());
    for (HttpConnection *connection : all) {
        if (m_connections.contains(connection))
            connection->beginDrain();
    }
}

void ConnectionHost::leaveAll()
{
    const std::vector<HttpConnection *> all(m_connections.begin(), m_connections.end());
    for (HttpConnection *connection : all) {
        if (m_connections.contains(connection))
            connection->leave();
    }
}

QByteArrayView ConnectionHost::date()
{
    const SteadyTime now = clock().now();
    if (now >= m_dateValidUntil) {
        const QDateTime utc = clock().utcNow();
        m_date = QLocale::c().toString(utc, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'").toLatin1();
        m_dateValidUntil = now + std::chrono::milliseconds(1'000 - utc.time().msec());
    }
    return m_date;
}

void ConnectionHost::lingerUntil(HttpConnection &connection, SteadyTime when)
{
    m_lingering.emplace(when, &connection);
    if (m_lingering.begin()->second == &connection)
        m_lingerAlarm->setAt(when);
}

void ConnectionHost::ringLinger()
{
    const SteadyTime now = clock().now();
    while (!m_lingering.empty() && m_lingering.begin()->first <= now) {
        HttpConnection *connection = m_lingering.begin()->second;
        m_lingering.erase(m_lingering.begin());
        if (m_connections.contains(connection))
            connection->drainHold().look();
    }
    if (!m_lingering.empty())
        m_lingerAlarm->setAt(m_lingering.begin()->first);
}

void ConnectionHost::resumeLater(HttpConnection &connection)
{
    m_resumes.push_back(&connection);
    if (m_resumes.size() == 1)
        QMetaObject::invokeMethod(this, &ConnectionHost::runResumes, Qt::QueuedConnection);
}

void ConnectionHost::runResumes()
{
    for (HttpConnection *connection : std::exchange(m_resumes, {})) {
        if (m_connections.contains(connection))
            connection->resume();
    }
    m_doomed.clear();
}

void ConnectionHost::ended(HttpConnection &connection)
{
    m_connections.erase(&connection);
    m_doomed.emplace_back(&connection);
    if (m_doomed.size() == 1) // a time-out may have ended it, and then no batch may come for long
        QMetaObject::invokeMethod(
            this, [this] { m_doomed.clear(); }, Qt::QueuedConnection);
    Q_EMIT connectionEnded();
}

} // namespace quiesce
