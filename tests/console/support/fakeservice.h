// SPDX-License-Identifier: GPL-3.0-only
// FakeService: an admin listener in the test's own event loop, that behaves or misbehaves as told.
#pragma once

#include "console/client/instancespec.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QPointer>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QTcpSocket>
#include <optional>

namespace quiesce::test {

/// One request as it came.
struct FakeRequest
{
    QByteArray method;
    QByteArray target; ///< path and query
    QHash<QByteArray, QByteArray> fields; ///< names in lower case
    QByteArray body;

    [[nodiscard]] QByteArray path() const { return target.split('?').first(); }
};

/// Holds any number of event streams open and pushes to all of them what it is told, with ids, a
/// ring and replays as the real one; answers REST with canned JSON.
///
/// Stock answers: /admin/v1/events with a stream that begins with snapshot(), /admin/v1/state with
/// snapshot(), /admin/v1/session as operator; everything else 404 `not-found`.
///
/// Thread: that of the test. Owns: its sockets.
class FakeService final : public QTcpServer
{
    Q_OBJECT

public:
    static constexpr qint64 kFirstId = 1'000;

    /// Listens on a free port of 127.0.0.1, by TLS when a configuration with a certificate and its
    /// key is given.
    explicit FakeService(const std::optional<QSslConfiguration> &tls = {},
                         QObject *parent = nullptr);
    ~FakeService() override;

    /// Its address, and the token that it takes, in `token()`; TokenSource::Ask.
    [[nodiscard]] InstanceSpec spec() const;
    [[nodiscard]] static QByteArray token() { return QByteArrayLiteral("fake-token"); }

    /// Cuts everything and listens no more: who connects is refused.
    void goAway();
    /// Listens again, on the port it had, as another instance: its ids begin anew.
    [[nodiscard]] bool comeBack();
    /// From here on connections are taken and never answered.
    void playDead() { m_isDead = true; }
    void wakeUp() { m_isDead = false; }
    /// What came while it played dead.
    void answerHeld();
    /// Any other token gives 401 from here on.
    void demandToken(const QByteArray &token) { m_demanded = token; }

    // REST: what is said here goes before the stock answers.
    void answer(const QByteArray &method, const QByteArray &path, int status,
                const QJsonObject &body);
    void refuse(const QByteArray &method, const QByteArray &path, int status, const QString &code,
                const QString &detail);
    /// Bytes as they are, and then the connection is closed; an event stream's path too.
    void answerRaw(const QByteArray &method, const QByteArray &path, const QByteArray &bytes);
    void forgetAnswers() { m_answers.clear(); }

    // Streams.
    [[nodiscard]] qsizetype streamCount() const;
    [[nodiscard]] qint64 lastId() const { return m_lastId; }
    /// To all streams. What is no stats and no snapshot is kept for those that come back.
    void push(const QByteArray &type, const QJsonObject &payload);
    void pushSnapshot() { push("snapshot", m_snapshot); }
    /// The final event; every stream ends behind it.
    void finish(const QJsonObject &report);
    /// To all streams, as they are.
    void sendRaw(const QByteArray &bytes);
    /// Repeats `piece` to all streams until `bytes` were sent, as fast as they take them.
    void flood(const QByteArray &piece, qint64 bytes);
    void cutStreams();
    /// In order, as a service that goes without a report.
    void endStreams();
    /// Streams begin without their snapshot from here on.
    void holdSnapshots() { m_holdsSnapshots = true; }
    /// Nothing that was missed is replayed any more.
    void forgetRing();

    void setSnapshot(const QJsonObject &snapshot) { m_snapshot = snapshot; }
    [[nodiscard]] const QJsonObject &snapshot() const { return m_snapshot; }

    [[nodiscard]] const QList<FakeRequest> &requests() const { return m_requests; }
    [[nodiscard]] qsizetype countRequests(const QByteArray &path) const;
    /// The last one for this path; an empty one when there is none.
    [[nodiscard]] FakeRequest lastRequest(const QByteArray &path) const;
    [[nodiscard]] int connectionCount() const { return m_connections; } ///< ever

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    struct Event
    {
        qint64 id;
        QByteArray bytes;
    };
    struct Held
    {
        QPointer<QTcpSocket> socket;
        FakeRequest request;
    };

    void adopt(QTcpSocket *socket);
    void take(QTcpSocket *socket);
    void serve(QTcpSocket *socket, const FakeRequest &request);
    void openStream(QTcpSocket *socket, const FakeRequest &request);
    [[nodiscard]] QByteArray stockAnswer(const FakeRequest &request) const;
    void feedFlood(QTcpSocket *socket);

    std::optional<QSslConfiguration> m_tls;
    QHash<QTcpSocket *, QByteArray> m_sockets; ///< with what of a request has come
    QList<QTcpSocket *> m_streams;
    QHash<QByteArray, QByteArray> m_answers; ///< by "METHOD path"
    QList<FakeRequest> m_requests;
    QList<Held> m_held;
    QList<Event> m_ring;
    QJsonObject m_snapshot;
    QByteArray m_demanded;
    QByteArray m_floodPiece;
    QHash<QTcpSocket *, qint64> m_floodLeft;
    qint64 m_lastId = kFirstId;
    qint64 m_lastForgotten = kFirstId;
    quint16 m_port = 0;
    int m_instances = 1;
    int m_connections = 0;
    bool m_isDead = false;
    bool m_holdsSnapshots = false;
};

/// A head and a JSON body, kept alive; `type` is that of the body.
[[nodiscard]] QByteArray httpAnswer(int status, const QJsonObject &body,
                                    const QByteArray &type = QByteArrayLiteral("application/json"));

// Payloads as the real service makes them.

[[nodiscard]] QJsonObject fakeSnapshot(const QString &instanceId = QStringLiteral("fake-1"),
                                       const QString &state = QStringLiteral("serving"));
/// The same with a stop under way, which waits for this many requests.
[[nodiscard]] QJsonObject fakeStopSnapshot(int blockers);
[[nodiscard]] QJsonObject fakeStats(const QString &state = QStringLiteral("serving"),
                                    int inFlight = 0);
[[nodiscard]] QJsonObject fakeState(const QString &from, const QString &to);
[[nodiscard]] QJsonObject fakeReport(const QString &outcome = QStringLiteral("clean"));

} // namespace quiesce::test
