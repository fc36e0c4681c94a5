// SPDX-License-Identifier: GPL-3.0-only
// HttpStage: a whole server on loopback with a clock moved by hand, and the routes the tests need.
#pragma once

#include "service/core/inflight.h"
#include "service/core/stopnotice.h"
#include "service/http/httpserver.h"
#include "tests/support/logrecorder.h"
#include "tests/support/manualclock.h"
#include "tests/support/rawclient.h"

#include <QPromise>
#include <QThreadPool>
#include <deque>
#include <memory>
#include <stop_token>

namespace quiesce::test {

/// What a handler of /later was called with: it answers when the test says so.
struct LaterCall
{
    std::shared_ptr<QPromise<QByteArray>> promise = std::make_shared<QPromise<QByteArray>>();
    RequestContext context;

    void answer(const QByteArray &body)
    {
        promise->addResult(body);
        promise->finish();
    }
    [[nodiscard]] bool isToldToStop() const { return context.stopToken().stop_requested(); }
};

/// Serves on a free port from the start. Routes, all for GET and POST unless said otherwise:
/// /hello: "Hello"; /echo: the body back; /later: a future that the test finishes; /big/<bytes>;
/// /throw, /throw-odd, /throw-future, /throw-pool; /empty: 204; /unchanged: 304; /livez;
/// /put: PUT only; /role: the role in the request's context; /admin: "admin", for a path of its
/// own.
///
/// As an operator's listener it knows the two tokens below, and may be called "t" as get() does.
class HttpStage final
{
public:
    static constexpr char kOperatorToken[] = "operator-token-of-the-tests";
    static constexpr char kReadToken[] = "read-only-token-of-the-tests";

    explicit HttpStage(const LimitSettings &limits = {},
                       ConnectionHost::Role role = ConnectionHost::Role::Traffic);
    ~HttpStage();
    HttpStage(const HttpStage &) = delete;
    HttpStage &operator=(const HttpStage &) = delete;

    [[nodiscard]] quint16 port() const { return server.listeningSocket().endpoint().port; }
    [[nodiscard]] int requestsInFlight() const { return inFlight.count(WorkKind::Request); }
    [[nodiscard]] bool becomesIdle() const
    {
        return eventually([this] { return inFlight.isEmpty(); });
    }
    [[nodiscard]] bool hasConnections(int count) const
    {
        return eventually([this, count] { return server.connectionCount() == count; });
    }
    /// A handler of /later has been called that often in all.
    [[nodiscard]] bool hasLaterCalls(int count) const
    {
        return eventually([this, count] { return static_cast<int>(later.size()) == count; });
    }
    /// Sockets that QHttpServer still knows: what must not grow.
    [[nodiscard]] int exchangeSockets() const;
    /// Lame duck without time, then the drain.
    void beginStop(std::chrono::milliseconds linger = std::chrono::seconds(1));

    ManualClock clock;
    Poller poller;
    InFlight inFlight{ clock };
    QThreadPool pool;
    HttpServer server;
    std::deque<LaterCall> later;

private:
    void addRoutes();
};

/// A GET for a path, kept alive unless told otherwise.
[[nodiscard]] QByteArray get(const QByteArray &path, const QByteArray &fields = {});
/// The Authorization field with a token, with its line end.
[[nodiscard]] QByteArray bearer(const QByteArray &token = HttpStage::kOperatorToken);
[[nodiscard]] QByteArray post(const QByteArray &path, const QByteArray &body,
                              const QByteArray &fields = {});

} // namespace quiesce::test
