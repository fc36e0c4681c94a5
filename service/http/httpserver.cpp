// SPDX-License-Identifier: GPL-3.0-only
// HttpServer: see the header.
#include "service/http/httpserver.h"

#include "common/endpoint.h"
#include "common/logline.h"
#include "service/core/inflight.h"

#include <QLoggingCategory>
#include <QMetaMethod>
#include <deque>
#include <fcntl.h>

namespace quiesce {

Q_LOGGING_CATEGORY(lcHttp, "quiesce.http")

/// The QTcpServer that QHttpServer is bound to: hands out ExchangeSockets instead of connections.
class ExchangeServer final : public QTcpServer
{
    Q_OBJECT

public:
    using QTcpServer::QTcpServer;

    ExchangeSocket *make(const QHostAddress &peer, quint16 port)
    {
        auto *exchange = new ExchangeSocket(peer, port, this);
        m_pending.push_back(exchange);
        // addPendingConnection() would keep a pointer for the base class's nextPendingConnection(),
        // which wants a socket engine. The signal alone is what QHttpServer listens to.
        static const QMetaMethod kAvailable =
            QMetaMethod::fromSignal(&QTcpServer::pendingConnectionAvailable);
        kAvailable.invoke(this, Qt::DirectConnection);
        return exchange;
    }

    [[nodiscard]] bool hasPendingConnections() const override { return !m_pending.empty(); }
    QTcpSocket *nextPendingConnection() override
    {
        if (m_pending.empty())
            return nullptr;
        ExchangeSocket *next = m_pending.front();
        m_pending.pop_front();
        return next;
    }

private:
    std::deque<ExchangeSocket *> m_pending;
};

namespace {

/// Binds while the QTcpServer is listening, on a duplicate of our own socket: QHttpServer wants to
/// see it listening (6.4 warns, 6.8 refuses), though it never accepts anything.
bool bindListening(QHttpServer &server, QTcpServer &exchanges, int listeningDescriptor)
{
    const int duplicate = ::fcntl(listeningDescriptor, F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0 || !exchanges.setSocketDescriptor(duplicate))
        return false;
    exchanges.pauseAccepting();
    const bool isBound = qtcompat::bind(server, &exchanges);
    exchanges.close();
    return isBound;
}

QByteArray allowField(QHttpServerRequest::Methods methods)
{
    using Method = QHttpServerRequest::Method;
    static constexpr std::pair<Method, const char *> kNames[] = {
        { Method::Get, "GET, HEAD" }, { Method::Post, "POST" },     { Method::Put, "PUT" },
        { Method::Patch, "PATCH" },   { Method::Delete, "DELETE" }, { Method::Options, "OPTIONS" },
    };
    QByteArrayList names;
    for (const auto &[method, name] : kNames) {
        if (methods.testFlag(method))
            names.append(name);
    }
    return names.join(", ");
}

} // namespace

WorkDescription HttpServer::QueueItem::describe() const
{
    return { .id = {},
             .label = QStringLiteral("accept queue of %1").arg(server.url()),
             .peer = {},
             .traceId = {},
             .method = {},
             .route = {} };
}

HttpServer::HttpServer(Role role, const Parts &parts, const LimitSettings &limits,
                       QThreadPool &pool, QObject *parent)
    : ConnectionHost(role, parts, limits, parent)
    , m_listening(parts.clock, parts.poller)
    , m_pool(pool)
{
    connect(&m_listening, &ListeningSocket::accepted, this, &HttpServer::takeConnection);
    connect(&m_listening, &ListeningSocket::closed, this,
            [this] { inFlight().end(m_queueItem, WorkOutcome::Drained); });
    connect(this, &ConnectionHost::connectionEnded, this, &HttpServer::makeRoom);
    qtcompat::setMissingHandler(m_server,
                                [this](const QHttpServerRequest &) { return answerMissing(); });
}

HttpServer::~HttpServer()
{
    inFlight().end(m_queueItem, WorkOutcome::Aborted);
    deleteConnections(); // their exchange sockets are children of m_server
}

Result<Done, QString> HttpServer::tryListen(const Endpoint &endpoint)
{
    return bindServer(m_listening.tryListen(endpoint));
}

Result<Done, QString> HttpServer::tryAdopt(FileDescriptor listening)
{
    return bindServer(m_listening.tryAdopt(std::move(listening)));
}

Result<Done, QString> HttpServer::bindServer(const Result<Done, QString> &listening)
{
    if (!listening)
        return listening;
    m_exchanges = new ExchangeServer(&m_server);
    if (!bindListening(m_server, *m_exchanges, m_listening.descriptor()))
        return Failure{ QStringLiteral("cannot bind QHttpServer: out of descriptors?") };
    return Done{};
}

void HttpServer::setLimits(const LimitSettings &limits)
{
    ConnectionHost::setLimits(limits);
    makeRoom();
}

QString HttpServer::url() const
{
    return httpUrl(m_listening.endpoint(), hasTls() ? Scheme::Https : Scheme::Http);
}

void HttpServer::takeConnection(int descriptor)
{
    evictUntilThereIsRoom();
    adopt(descriptor);
    if (role() == Role::Traffic && connectionCount() >= limits().maxConnections)
        m_listening.pause();
}

void HttpServer::makeRoom()
{
    if (connectionCount() < limits().maxConnections)
        m_listening.resume();
}

void HttpServer::beginDrain()
{
    if (m_listening.isListening()) {
        inFlight().begin(m_queueItem);
        m_listening.beginClose();
    }
    // A handler that stops its own service is called in the middle of a connection's read: the
    // connections have their turn after it. Its own request holds the drain until then.
    if (m_dispatching)
        QMetaObject::invokeMethod(
            this, [this] { ConnectionHost::beginDrain(); }, Qt::QueuedConnection);
    else
        ConnectionHost::beginDrain();
}

void HttpServer::closeListener()
{
    m_listening.abort();
    inFlight().end(m_queueItem, WorkOutcome::Aborted);
}

void HttpServer::closeNow()
{
    closeListener();
    leaveAll();
}

ExchangeSocket *HttpServer::makeExchange(const QHostAddress &peer, quint16 port)
{
    return m_exchanges->make(peer, port);
}

void HttpServer::dispatch(HttpConnection &connection, ExchangeSocket &exchange, AnswerSink &sink)
{
    m_dispatching = &connection.activeRequest();
    const ParsedRequest &request = m_dispatching->parsed();
    m_routing = qtcompat::Routing(request.path());
    const StreamRoute *stream = m_streams.empty() ? nullptr : streamAt(m_routing.path);
    if (stream && (request.method == "GET" || request.isHead)) {
        connection.openStream(*stream);
    } else {
        if (stream)
            m_routing.missed = QHttpServerRequest::Method::Get;
        exchange.present(request.head, request.body, sink);
    }
    m_dispatching = nullptr;
}

void HttpServer::stream(const QByteArray &path, StreamRoute route)
{
    Q_ASSERT(role() == Role::Operator);
    m_routes.append({ QString::fromLatin1(path), QHttpServerRequest::Method::Get });
    m_streams.emplace_back(path, std::move(route));
}

const StreamRoute *HttpServer::streamAt(QByteArrayView path) const
{
    for (const auto &[streamPath, route] : m_streams) {
        if (streamPath == path)
            return &route;
    }
    return nullptr;
}

bool HttpServer::isHealthPath(QByteArrayView path) const
{
    return path == "/livez" || path == "/readyz" || path == "/startupz";
}

QFuture<QHttpServerResponse> HttpServer::await(std::shared_ptr<PendingAnswer> answer)
{
    QFuture<QHttpServerResponse> future = answer->future();
    m_dispatching->setPending(std::move(answer));
    return future;
}

qtcompat::MissingAnswer HttpServer::answerMissing() const
{
    if (m_routing.missed) {
        const Refusal refusal{ .status = 405,
                               .code = "method-not-allowed",
                               .detail = QStringLiteral("This path does not have this method.") };
        return { 405, kProblemType, problemJson(refusal), allowField(m_routing.missed) };
    }
    const Refusal refusal{ .status = 404,
                           .code = "not-found",
                           .detail = QStringLiteral("There is nothing at this path.") };
    return { 404, kProblemType, problemJson(refusal), {} };
}

Refusal HttpServer::handlerThrew(const char *what)
{
    qCCritical(lcHttp).noquote()
        << LogLine("handler threw").with("what", QByteArrayView(what)).toString();
    return { .status = 500,
             .code = "handler-threw",
             .detail = QStringLiteral("The handler of this route failed.") };
}

} // namespace quiesce

#include "httpserver.moc"
