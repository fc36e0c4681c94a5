// SPDX-License-Identifier: GPL-3.0-only
// ConnectionHost: owns the connections of one listener and what they share.
#pragma once

#include "common/settings.h"
#include "service/core/clock.h"
#include "service/http/admin/adminedge.h"
#include "service/http/connection/bodymemory.h"
#include "service/http/httpconnection.h"
#include "service/http/metrics/httpmeter.h"
#include "service/http/poller.h"
#include "service/http/timeoutqueue.h"
#include "service/http/tls/tlstransport.h"

#include <QObject>
#include <array>
#include <set>
#include <span>
#include <unordered_set>
#include <vector>

namespace quiesce {

class InFlight;
class StopNotice;

/// The part of a server that its connections call back: who they are, what they may, and where a
/// complete request goes.
///
/// Thread:  event loop. Owns: its connections.
/// Limits:  LimitSettings, changeable at run time; connections under way keep what they began with.
///          An operator's have max_admin_connections, and bodies of kMaxAdminBody at most.
class ConnectionHost : public QObject
{
    Q_OBJECT

public:
    /// Whose connections they are: an operator's never count as in flight nor hold a drain.
    enum class Role : unsigned char { Traffic, Operator };

    static constexpr qint64 kMaxAdminBody = qint64{ 64 } * 1'024;

    struct Parts
    {
        Clock &clock;
        Poller &poller;
        InFlight &inFlight;
        std::shared_ptr<const StopNotice> notice;
    };

    ConnectionHost(Role role, const Parts &parts, const LimitSettings &limits,
                   QObject *parent = nullptr);
    ~ConnectionHost() override;

    /// Takes an accepted descriptor.
    void adopt(int descriptor);
    void setLimits(const LimitSettings &limits);
    [[nodiscard]] HttpMeter &meter() { return m_meter; }
    [[nodiscard]] const HttpMeter &meter() const { return m_meter; }
    /// For connections accepted from here on; null: they are plain.
    void setTls(std::shared_ptr<const TlsContext> context) { m_tls = std::move(context); }
    [[nodiscard]] bool hasTls() const { return m_tls != nullptr; }
    [[nodiscard]] int connectionCount() const { return static_cast<int>(m_connections.size()); }

    /// From now on every answer says Connection: close; resume() undoes it.
    void beginLameDuck(std::chrono::milliseconds linger);
    void endLameDuck();
    void beginDrain();
    /// Ends every connection: in order where nothing is under way, else cut.
    void leaveAll();

    /// What guards an operator's listener; null for traffic.
    [[nodiscard]] AdminEdge *adminEdge() { return m_adminEdge.get(); }
    [[nodiscard]] const AdminEdge *adminEdge() const { return m_adminEdge.get(); }

    // What connections ask of it.
    [[nodiscard]] Clock &clock() const { return m_parts.clock; }
    [[nodiscard]] Poller &poller() const { return m_parts.poller; }
    /// For the connections of the traffic listener that have last asked for health.
    [[nodiscard]] Poller &probesPoller() { return m_probesPoller; }
    [[nodiscard]] InFlight &inFlight() const { return m_parts.inFlight; }
    [[nodiscard]] const std::shared_ptr<const StopNotice> &notice() const { return m_parts.notice; }
    [[nodiscard]] const LimitSettings &limits() const { return m_limits; }
    [[nodiscard]] Role role() const { return m_role; }
    [[nodiscard]] bool wantsClose() const { return m_isLameDuck; }
    [[nodiscard]] bool isDraining() const { return m_isDraining; }
    [[nodiscard]] std::chrono::milliseconds linger() const { return m_linger; }
    [[nodiscard]] QByteArrayView date();
    [[nodiscard]] quint64 nextRequestId() { return ++m_lastRequestId; }
    /// One read at a time, for whichever connection reads.
    [[nodiscard]] std::span<char> scratch() { return m_scratch; }
    /// The requests with a handler, as against limits.max_in_flight.
    int &dispatchedCount() { return m_dispatched; }
    /// The bodies held, as against limits.max_body_memory; without a limit for operators.
    [[nodiscard]] BodyMemory &bodyMemory() { return m_bodyMemory; }
    [[nodiscard]] const BodyMemory &bodyMemory() const { return m_bodyMemory; }

    /// Null when the kernel cannot watch the descriptor, which is taken in any case.
    [[nodiscard]] std::unique_ptr<Transport> makeTransport(Poller &poller, int descriptor,
                                                           TransportObserver &observer);

    TimeoutQueue &handshakeTimeouts() { return m_handshakeTimeouts; }
    TimeoutQueue &headerTimeouts() { return m_headerTimeouts; }
    TimeoutQueue &bodyTimeouts() { return m_bodyTimeouts; }
    TimeoutQueue &requestTimeouts() { return m_requestTimeouts; }
    TimeoutQueue &writeTimeouts() { return m_writeTimeouts; }
    TimeoutQueue &keepAliveTimeouts() { return m_keepAliveTimeouts; }
    TimeoutQueue &closingTimeouts() { return m_closingTimeouts; }
    TimeoutQueue &coolDowns() { return m_coolDowns; }

    /// Has the connection's DrainHold look again then, if it is still there.
    void lingerUntil(HttpConnection &connection, SteadyTime when);
    void resumeLater(HttpConnection &connection);
    void ended(HttpConnection &connection);

    virtual ExchangeSocket *makeExchange(const QHostAddress &peer, quint16 port) = 0;
    /// Presents the connection's request to QHttpServer through its exchange socket.
    virtual void dispatch(HttpConnection &connection, ExchangeSocket &exchange,
                          AnswerSink &sink) = 0;
    [[nodiscard]] virtual bool isHealthPath(QByteArrayView path) const = 0;

Q_SIGNALS:
    void connectionEnded();

protected:
    /// For the deriving class's destructor: its parts go before this class's.
    void deleteConnections();
    /// An operator's listener that is full sends somebody away (see AdminEdge).
    void evictUntilThereIsRoom();

private:
    void ringLinger();
    void runResumes();

    static constexpr std::chrono::milliseconds kClosingTimeout{ 1'000 };
    static constexpr std::chrono::milliseconds kCoolDown{ 500 };

    Role m_role;
    Parts m_parts;
    Poller m_probesPoller;
    HttpMeter m_meter;
    LimitSettings m_limits;
    BodyMemory m_bodyMemory;
    std::chrono::milliseconds m_linger{ 0 };
    std::shared_ptr<const TlsContext> m_tls;
    TlsTurns m_tlsTurns;
    TimeoutQueue m_handshakeTimeouts;
    TimeoutQueue m_headerTimeouts;
    TimeoutQueue m_bodyTimeouts;
    TimeoutQueue m_requestTimeouts;
    TimeoutQueue m_writeTimeouts;
    TimeoutQueue m_keepAliveTimeouts;
    TimeoutQueue m_closingTimeouts;
    TimeoutQueue m_coolDowns;
    std::unique_ptr<AdminEdge> m_adminEdge;
    std::unique_ptr<Alarm> m_lingerAlarm;
    std::set<std::pair<SteadyTime, HttpConnection *>> m_lingering;
    std::vector<HttpConnection *> m_resumes;
    std::unordered_set<HttpConnection *> m_connections;
    std::vector<std::unique_ptr<HttpConnection>>
        m_doomed; ///< ended, deleted when no call is on them
    std::array<char, 64 * 1024> m_scratch{};
    QByteArray m_date;
    SteadyTime m_dateValidUntil{};
    quint64 m_lastRequestId = 0;
    int m_dispatched = 0;
    bool m_isLameDuck = false;
    bool m_isDraining = false;
};

} // namespace quiesce
