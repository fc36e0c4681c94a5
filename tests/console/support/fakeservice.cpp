// SPDX-License-Identifier: GPL-3.0-only
// FakeService: see the header.
#include "tests/console/support/fakeservice.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSslSocket>
#include <algorithm>
#include <utility>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

const QByteArray kEvents = QByteArrayLiteral("/admin/v1/events");
constexpr qint64 kIdsOfAnInstance = 1'000'000;
constexpr qint64 kFloodAhead = 1024 * 1024;

QByteArray toBytes(const QJsonObject &json)
{
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

QByteArray eventBytes(qint64 id, const QByteArray &type, const QJsonObject &payload)
{
    return "id: " + QByteArray::number(id) + "\nevent: " + type + "\ndata: " + toBytes(payload)
        + "\n\n";
}

/// The first whole request, taken out of the buffer.
std::optional<FakeRequest> takeRequest(QByteArray &buffer)
{
    const qsizetype headEnd = buffer.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return std::nullopt;
    const QList<QByteArray> lines = buffer.left(headEnd).split('\n');
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    FakeRequest request{
        .method = words.value(0), .target = words.value(1), .fields = {}, .body = {}
    };
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        request.fields.insert(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    const qsizetype length = request.fields.value("content-length").toLongLong();
    const qsizetype whole = headEnd + 4 + length;
    if (buffer.size() < whole)
        return std::nullopt;
    request.body = buffer.mid(headEnd + 4, length);
    buffer.remove(0, whole);
    return request;
}

QByteArray problem(int status, const QString &code, const QString &detail)
{
    return httpAnswer(status,
                      { { u"type"_s, u"about:blank"_s },
                        { u"title"_s, u"Problem"_s },
                        { u"status"_s, status },
                        { u"detail"_s, detail },
                        { u"code"_s, code } },
                      "application/problem+json");
}

} // namespace

QByteArray httpAnswer(int status, const QJsonObject &body, const QByteArray &type)
{
    const QByteArray content = toBytes(body);
    return "HTTP/1.1 " + QByteArray::number(status) + " Said\r\nContent-Type: " + type
        + "\r\nContent-Length: " + QByteArray::number(content.size()) + "\r\n\r\n" + content;
}

FakeService::FakeService(const std::optional<QSslConfiguration> &tls, QObject *parent)
    : QTcpServer(parent)
    , m_tls(tls)
    , m_snapshot(fakeSnapshot())
{
    if (!listen(QHostAddress::LocalHost))
        qFatal("no free port");
    m_port = serverPort();
}

FakeService::~FakeService()
{
    goAway();
}

InstanceSpec FakeService::spec() const
{
    InstanceSpec spec;
    spec.id = u"fake-%1"_s.arg(m_port);
    spec.adminUrl.setScheme(m_tls ? u"https"_s : u"http"_s);
    spec.adminUrl.setHost(u"127.0.0.1"_s);
    spec.adminUrl.setPort(m_port);
    spec.tokenSource = TokenSource::Ask;
    return spec;
}

void FakeService::goAway()
{
    close();
    m_streams.clear();
    m_floodLeft.clear();
    const auto sockets = std::exchange(m_sockets, {});
    for (auto at = sockets.keyBegin(); at != sockets.keyEnd(); ++at) {
        (*at)->disconnect(this);
        (*at)->abort();
        (*at)->deleteLater();
    }
}

bool FakeService::comeBack()
{
    m_lastId = kFirstId + kIdsOfAnInstance * m_instances;
    m_snapshot.insert("instanceId"_L1, u"fake-%1"_s.arg(++m_instances));
    forgetRing();
    return listen(QHostAddress::LocalHost, m_port);
}

void FakeService::incomingConnection(qintptr descriptor)
{
    ++m_connections;
    if (!m_tls) {
        auto *socket = new QTcpSocket(this);
        socket->setSocketDescriptor(descriptor);
        return adopt(socket);
    }
    auto *socket = new QSslSocket(this);
    socket->setSocketDescriptor(descriptor);
    socket->setSslConfiguration(*m_tls);
    socket->startServerEncryption();
    adopt(socket);
}

void FakeService::adopt(QTcpSocket *socket)
{
    m_sockets.insert(socket, {});
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] { take(socket); });
    connect(socket, &QTcpSocket::bytesWritten, this, [this, socket] { feedFlood(socket); });
    connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
        m_sockets.remove(socket);
        m_streams.removeAll(socket);
        m_floodLeft.remove(socket);
        socket->deleteLater();
    });
}

void FakeService::take(QTcpSocket *socket)
{
    QByteArray &buffer = m_sockets[socket];
    buffer.append(socket->readAll());
    while (const std::optional<FakeRequest> request = takeRequest(buffer)) {
        m_requests.append(*request);
        if (m_isDead)
            m_held.append({ .socket = socket, .request = *request });
        else
            serve(socket, *request);
        if (!m_sockets.contains(socket))
            return;
    }
}

void FakeService::answerHeld()
{
    for (const Held &held : std::exchange(m_held, {})) {
        if (held.socket)
            serve(held.socket, held.request);
    }
}

void FakeService::serve(QTcpSocket *socket, const FakeRequest &request)
{
    const QByteArray key = request.method + ' ' + request.path();
    const auto canned = m_answers.constFind(key);
    const bool isRaw = m_answers.contains("raw " + key);
    if (isRaw || canned != m_answers.constEnd()) {
        socket->write(isRaw ? m_answers.value("raw " + key) : *canned);
        if (isRaw)
            socket->disconnectFromHost();
    } else if (!m_demanded.isEmpty()
               && request.fields.value("authorization") != "Bearer " + m_demanded) {
        socket->write(problem(401, u"unauthorized"_s, u"The bearer token is not the right one."_s));
    } else if (request.path() == kEvents) {
        openStream(socket, request);
    } else {
        socket->write(stockAnswer(request));
    }
}

QByteArray FakeService::stockAnswer(const FakeRequest &request) const
{
    if (request.path() == "/admin/v1/state")
        return httpAnswer(200, m_snapshot);
    if (request.path() == "/admin/v1/session")
        return httpAnswer(200, { { u"role"_s, u"operator"_s } });
    return problem(404, u"not-found"_s, u"There is no such thing."_s);
}

void FakeService::openStream(QTcpSocket *socket, const FakeRequest &request)
{
    socket->write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                  "Cache-Control: no-store\r\nConnection: close\r\n\r\nretry: 1000\n\n");
    const qint64 last = request.fields.value("last-event-id").toLongLong();
    const bool isResumed = last >= m_lastForgotten && last <= m_lastId;
    bool hasMissed = false;
    for (const Event &event : std::as_const(m_ring)) {
        if (isResumed && event.id > last) {
            socket->write(event.bytes);
            hasMissed = true;
        }
    }
    if (!m_holdsSnapshots)
        socket->write(
            eventBytes(isResumed && !hasMissed ? last : m_lastId, "snapshot", m_snapshot));
    m_streams.append(socket);
}

void FakeService::answer(const QByteArray &method, const QByteArray &path, int status,
                         const QJsonObject &body)
{
    m_answers.insert(method + ' ' + path, httpAnswer(status, body));
}

void FakeService::refuse(const QByteArray &method, const QByteArray &path, int status,
                         const QString &code, const QString &detail)
{
    m_answers.insert(method + ' ' + path, problem(status, code, detail));
}

void FakeService::answerRaw(const QByteArray &method, const QByteArray &path,
                            const QByteArray &bytes)
{
    m_answers.insert("raw " + method + ' ' + path, bytes);
}

qsizetype FakeService::streamCount() const
{
    return m_streams.size();
}

void FakeService::push(const QByteArray &type, const QJsonObject &payload)
{
    const QByteArray bytes = eventBytes(++m_lastId, type, payload);
    if (type != "stats" && type != "snapshot")
        m_ring.append({ .id = m_lastId, .bytes = bytes });
    sendRaw(bytes);
}

void FakeService::forgetRing()
{
    m_ring.clear();
    m_lastForgotten = m_lastId;
}

void FakeService::finish(const QJsonObject &report)
{
    push("report", report);
    endStreams();
}

void FakeService::endStreams()
{
    for (QTcpSocket *socket : std::exchange(m_streams, {}))
        socket->disconnectFromHost();
}

void FakeService::sendRaw(const QByteArray &bytes)
{
    for (QTcpSocket *socket : std::as_const(m_streams))
        socket->write(bytes);
}

void FakeService::flood(const QByteArray &piece, qint64 bytes)
{
    m_floodPiece = piece;
    for (QTcpSocket *socket : std::as_const(m_streams)) {
        m_floodLeft.insert(socket, bytes);
        feedFlood(socket);
    }
}

void FakeService::feedFlood(QTcpSocket *socket)
{
    const auto left = m_floodLeft.find(socket);
    if (left == m_floodLeft.end())
        return;
    while (*left > 0 && socket->bytesToWrite() < kFloodAhead) {
        *left -= m_floodPiece.size();
        socket->write(m_floodPiece);
    }
}

void FakeService::cutStreams()
{
    for (QTcpSocket *socket : std::exchange(m_streams, {}))
        socket->abort();
}

qsizetype FakeService::countRequests(const QByteArray &path) const
{
    return std::count_if(m_requests.begin(), m_requests.end(),
                         [&path](const FakeRequest &request) { return request.path() == path; });
}

FakeRequest FakeService::lastRequest(const QByteArray &path) const
{
    const auto at = std::find_if(m_requests.rbegin(), m_requests.rend(),
                                 [&path](const FakeRequest &r) { return r.path() == path; });
    return at == m_requests.rend() ? FakeRequest() : *at;
}

// Payloads.

QJsonObject fakeStats(const QString &state, int inFlight)
{
    return {
        { u"state"_s, state },
        { u"uptimeMs"_s, 61'000 },
        { u"inFlight"_s, QJsonObject{ { u"count"_s, inFlight }, { u"oldestMs"_s, 40 } } },
        { u"connections"_s, QJsonObject{ { u"open"_s, 3 }, { u"idle"_s, 2 }, { u"active"_s, 1 } } },
        { u"requests"_s,
          QJsonObject{ { u"total"_s, 100 },
                       { u"rejected"_s, 0 },
                       { u"cancelled"_s, 0 },
                       { u"aborted"_s, 0 } } },
        { u"jobs"_s, QJsonObject{ { u"queued"_s, 1 }, { u"running"_s, 2 } } },
        { u"predictedDrainMs"_s, 250 },
    };
}

QJsonObject fakeSnapshot(const QString &instanceId, const QString &state)
{
    QJsonObject json = fakeStats(state);
    json.insert("name"_L1, u"fake"_s);
    json.insert("version"_L1, u"0.1.0"_s);
    json.insert("instanceId"_L1, instanceId);
    json.insert("pid"_L1, 4711);
    json.insert("host"_L1, u"fakehost"_s);
    json.insert("startedAt"_L1, u"2026-11-25T12:00:00.000Z"_s);
    json.insert("stateSinceAt"_L1, u"2026-11-25T12:00:01.000Z"_s);
    json.insert("stateCause"_L1, QJsonValue());
    json.insert("stop"_L1, QJsonValue());
    return json;
}

QJsonObject fakeStopSnapshot(int blockers)
{
    QJsonArray waitingOn;
    for (int i = 0; i < blockers; ++i) {
        waitingOn.append(QJsonObject{ { u"kind"_s, u"request"_s },
                                      { u"id"_s, QString::number(i + 1) },
                                      { u"label"_s, u"GET /work"_s },
                                      { u"ageMs"_s, 1'000 } });
    }
    QJsonObject json = fakeSnapshot(u"fake-1"_s, u"draining"_s);
    json.insert("stop"_L1,
                QJsonObject{ { u"cause"_s,
                               QJsonObject{ { u"kind"_s, u"api"_s }, { u"actor"_s, u"ann"_s } } },
                             { u"requestedAt"_s, u"2026-11-25T12:01:00.000Z"_s },
                             { u"deadlineAt"_s, u"2026-11-25T12:01:25.000Z"_s },
                             { u"remainingMs"_s, 20'000 },
                             { u"extendedMs"_s, 0 },
                             { u"waitingOn"_s, waitingOn },
                             { u"waitingOnTotal"_s, blockers } });
    return json;
}

QJsonObject fakeState(const QString &from, const QString &to)
{
    return { { u"from"_s, from },
             { u"to"_s, to },
             { u"at"_s, u"2026-11-25T12:01:00.000Z"_s },
             { u"cause"_s, QJsonValue() } };
}

QJsonObject fakeReport(const QString &outcome)
{
    return { { u"reportVersion"_s, 1 },
             { u"name"_s, u"fake"_s },
             { u"instanceId"_s, u"fake-1"_s },
             { u"version"_s, u"0.1.0"_s },
             { u"cause"_s, QJsonObject{ { u"kind"_s, u"api"_s } } },
             { u"outcome"_s, outcome },
             { u"exitCode"_s, outcome == "clean"_L1 ? 0 : 75 },
             { u"requestedAt"_s, u"2026-11-25T12:01:00.000Z"_s },
             { u"stoppedAt"_s, u"2026-11-25T12:01:02.000Z"_s } };
}

} // namespace quiesce::test
