// SPDX-License-Identifier: GPL-3.0-only
// HttpServer: one listener, its connections and the QHttpServer that routes their requests.
#pragma once

#include "common/readyfuture.h"
#include "common/result.h"
#include "service/core/runonpool.h"
#include "service/core/workitem.h"
#include "service/http/connectionhost.h"
#include "service/http/listeningsocket.h"
#include "service/http/pendinganswer.h"
#include "service/http/qtcompat.h"
#include "service/http/routehandler.h"

#include <QFutureWatcher>
#include <QHttpServer>
#include <QThreadPool>

namespace quiesce {

class ExchangeServer;

/// Serves one listener through QHttpServer, and stops it without losing a request.
///
/// Thread:  event loop; handlers are called on it and must not block it: return a QFuture, or use
///          onPool().
/// Owns:    the listening socket, the connections and the QHttpServer. The pool is the caller's.
/// Order:   route() as often as you like, then tryListen() once; beginDrain() once.
///
/// Handlers take what QHttpServer's take (path captures, then perhaps the request), and may take a
/// RequestContext last. They return anything a QHttpServerResponse is made of, or a QFuture of it;
/// or a PendingAnswer that they keep and answer, which costs less than a future that is watched.
/// One that throws answers 500 and leaves a line in the log.
class HttpServer final : public ConnectionHost
{
    Q_OBJECT

public:
    using Methods = QHttpServerRequest::Methods;

    HttpServer(Role role, const Parts &parts, const LimitSettings &limits, QThreadPool &pool,
               QObject *parent = nullptr);
    ~HttpServer() override;

    struct Route
    {
        QString pattern; ///< `<arg>` stands for a captured part
        Methods methods;
    };

    /// A GET route answers HEAD as well. False when the pattern does not fit the handler.
    template <typename Handler>
    bool route(const QString &pattern, Methods methods, Handler handler);
    /// Those added so far, in that order.
    [[nodiscard]] const QList<Route> &routes() const { return m_routes; }

    /// A GET for exactly this path is answered by a stream (its HEAD by the head, other methods
    /// that no route has by 405). On an operator's listener only: a stream must never hold a drain.
    void stream(const QByteArray &path, StreamRoute route);

    /// Runs `work` on the pool; what it returns is the answer. It may block, and should look at its
    /// RequestContext's stop token.
    template <typename Work>
    [[nodiscard]] auto onPool(Work work)
    {
        return runOnPool(m_pool, std::move(work));
    }

    /// At run time, too; a raised maxConnections is used at once.
    void setLimits(const LimitSettings &limits);
    Result<Done, QString> tryListen(const Endpoint &endpoint);
    /// The same on a socket that listens already and is shared with another process.
    Result<Done, QString> tryAdopt(FileDescriptor listening);
    /// Whether another process has the listening socket, too, from now on.
    void setListening(ListeningSocket::Use use) { m_listening.setUse(use); }
    /// What comes waits in the kernel's queue until resumeListening(); also before tryListen().
    void pauseListening() { m_listening.pause(); }
    void resumeListening() { makeRoom(); }
    /// Accepts no more: another process does. Connections there are live on.
    void letGo() { m_listening.abort(); }
    [[nodiscard]] QString url() const;
    [[nodiscard]] const ListeningSocket &listeningSocket() const { return m_listening; }

    /// Serves the accept queue, closes the listener, and has the connections finish. Holds the
    /// drain until the listener is closed.
    void beginDrain();
    /// Closes the listener and every connection at once; answers already written still arrive.
    void closeNow();

    ExchangeSocket *makeExchange(const QHostAddress &peer, quint16 port) override;
    void dispatch(HttpConnection &connection, ExchangeSocket &exchange, AnswerSink &sink) override;
    [[nodiscard]] bool isHealthPath(QByteArrayView path) const override;

private:
    /// The accept queue as work in flight.
    struct QueueItem final : WorkItem
    {
        explicit QueueItem(HttpServer &owner)
            : WorkItem(WorkKind::Listener)
            , server(owner)
        { }
        [[nodiscard]] WorkDescription describe() const override;
        [[nodiscard]] std::optional<std::chrono::milliseconds>
        expectedLeft(std::chrono::milliseconds /*age*/) const override
        {
            return ListeningSocket::kSettle;
        }
        void cut() override { server.closeListener(); }
        HttpServer &server;
    };

    template <typename Handler, std::size_t... I>
    bool addRoute(const QString &pattern, Methods methods, Handler handler,
                  std::index_sequence<I...>);
    template <typename Handler, typename... Arguments>
    auto call(RouteStats &route, const Handler &handler, Arguments &&...arguments);
    template <typename T>
    QFuture<QHttpServerResponse> await(QFuture<T> answer, PendingAnswer::Listens listens);
    QFuture<QHttpServerResponse> await(std::shared_ptr<PendingAnswer> answer);
    template <typename T>
    static void settle(PendingAnswer &pending, QFuture<T> &answer);

    [[nodiscard]] const StreamRoute *streamAt(QByteArrayView path) const;
    Result<Done, QString> bindServer(const Result<Done, QString> &listening);
    void takeConnection(int descriptor);
    void makeRoom();
    void closeListener();
    [[nodiscard]] qtcompat::MissingAnswer answerMissing() const;
    [[nodiscard]] static Refusal handlerThrew(const char *what);

    QHttpServer m_server{ this }; ///< in the object tree, so that it is found there
    ExchangeServer *m_exchanges = nullptr; ///< a child of m_server once bound
    ListeningSocket m_listening;
    QueueItem m_queueItem{ *this };
    QThreadPool &m_pool;
    ActiveRequest *m_dispatching = nullptr; ///< what QHttpServer is handling right now
    qtcompat::Routing m_routing;
    QList<Route> m_routes;
    std::vector<std::pair<QByteArray, StreamRoute>> m_streams;
};

template <typename Handler>
bool HttpServer::route(const QString &pattern, Methods methods, Handler handler)
{
    using Traits = routehandler::Traits<Handler>;
    static_assert(!std::is_void_v<typename Traits::Result>, "A handler must return an answer.");
    return addRoute(pattern, methods, std::move(handler),
                    std::make_index_sequence<Traits::kRouted>{});
}

template <typename Handler, std::size_t... I>
bool HttpServer::addRoute(const QString &pattern, Methods methods, Handler handler,
                          std::index_sequence<I...>)
{
    using Traits = routehandler::Traits<Handler>;
    using Arguments = typename Traits::Arguments;
    m_routes.append({ pattern, methods });
    return qtcompat::addRoute(
        m_server, pattern, methods,
        Traits::kCaptures ? qtcompat::Captures::Some : qtcompat::Captures::None, &m_routing,
        [this, route = &meter().addRoute(pattern),
         handler = std::move(handler)](std::tuple_element_t<I, Arguments>... routed) {
            if constexpr (Traits::kWantsContext)
                return call(*route, handler, routed..., m_dispatching->context());
            else
                return call(*route, handler, routed...);
        });
}

template <typename Handler, typename... Arguments>
auto HttpServer::call(RouteStats &route, const Handler &handler, Arguments &&...arguments)
{
    m_dispatching->setRoute(route);
    if constexpr (routehandler::Traits<Handler>::kIsDeferred) {
        try {
            return await(handler(std::forward<Arguments>(arguments)...));
        } catch (const std::exception &thrown) {
            return readyFuture(toResponse(handlerThrew(thrown.what())));
        } catch (...) {
            return readyFuture(toResponse(handlerThrew("not a std::exception")));
        }
    } else if constexpr (routehandler::Traits<Handler>::kIsAsync) {
        try {
            return await(handler(std::forward<Arguments>(arguments)...),
                         routehandler::Traits<Handler>::kWantsContext
                             ? PendingAnswer::Listens::ToItsContext
                             : PendingAnswer::Listens::ToItsFuture);
        } catch (const std::exception &thrown) {
            return readyFuture(toResponse(handlerThrew(thrown.what())));
        } catch (...) {
            return readyFuture(toResponse(handlerThrew("not a std::exception")));
        }
    } else {
        try {
            return routehandler::asResponse(handler(std::forward<Arguments>(arguments)...));
        } catch (const std::exception &thrown) {
            return toResponse(handlerThrew(thrown.what()));
        } catch (...) {
            return toResponse(handlerThrew("not a std::exception"));
        }
    }
}

template <typename T>
QFuture<QHttpServerResponse> HttpServer::await(QFuture<T> answer, PendingAnswer::Listens listens)
{
    auto pending = std::make_shared<PendingAnswer>(listens);
    pending->setCanceller([answer]() mutable { answer.cancel(); });
    m_dispatching->setPending(pending);
    auto *watcher = new QFutureWatcher<void>(this);
    connect(watcher, &QFutureWatcher<void>::finished, this, [pending, answer, watcher]() mutable {
        watcher->disconnect(); // a QPromise whose result was taken reports its end once more
        watcher->deleteLater();
        pending->setCanceller({});
        settle(*pending, answer);
    });
    watcher->setFuture(QFuture<void>(answer));
    return pending->future();
}

template <typename T>
void HttpServer::settle(PendingAnswer &pending, QFuture<T> &answer)
{
    if (pending.isAnswered())
        return;
    try {
        answer.waitForFinished(); // it is; this throws what the handler threw
        if (answer.isValid() && answer.resultCount() > 0) // cancelling takes the result away
            return pending.answer(routehandler::asResponse(answer.takeResult()));
        pending.answer({ .status = 503,
                         .code = "cancelled",
                         .detail = QStringLiteral("The request was cancelled.") });
    } catch (const std::exception &thrown) {
        pending.answer(handlerThrew(thrown.what()));
    } catch (...) {
        pending.answer(handlerThrew("not a std::exception"));
    }
}

} // namespace quiesce
