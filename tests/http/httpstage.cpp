// SPDX-License-Identifier: GPL-3.0-only
// HttpStage: see the header.
#include "tests/http/httpstage.h"

#include <QFutureInterface>
#include <stdexcept>

namespace quiesce::test {

using namespace Qt::StringLiterals;
using Method = QHttpServerRequest::Method;

HttpStage::HttpStage(const LimitSettings &limits, ConnectionHost::Role role)
    : server(role, { clock, poller, inFlight, std::make_shared<StopNotice>() }, limits, pool)
{
    addRoutes();
    if (AdminEdge *edge = server.adminEdge()) {
        edge->setCredentials(Credentials(kOperatorToken, kReadToken));
        AdminSettings rules;
        rules.allowedHosts = { u"t"_s };
        edge->gate().setRules(rules);
    }
    if (const Result<Done, QString> listening = server.tryListen({ u"127.0.0.1"_s, 0 }); !listening)
        qFatal("%s", qUtf8Printable(listening.error()));
}

HttpStage::~HttpStage()
{
    server.closeNow();
    pool.waitForDone();
}

void HttpStage::addRoutes()
{
    const auto add = [this](const QString &path, auto handler) {
        if (!server.route(path, Method::Get | Method::Post, std::move(handler)))
            qFatal("%s", qUtf8Printable(path));
    };
    add(u"/hello"_s, [] { return "Hello"; });
    add(u"/livez"_s, [] { return "ok"; });
    add(u"/echo"_s, [](const QHttpServerRequest &request) { return request.body(); });
    add(u"/later"_s, [this](const RequestContext &context) {
        later.push_back({ .context = context });
        later.back().promise->start();
        return later.back().promise->future();
    });
    add(u"/big/<arg>"_s, [](int bytes) { return QByteArray(bytes, 'x'); });
    add(u"/empty"_s,
        [] { return QHttpServerResponse(QHttpServerResponse::StatusCode::NoContent); });
    add(u"/unchanged"_s,
        [] { return QHttpServerResponse(QHttpServerResponse::StatusCode::NotModified); });
    add(u"/continue"_s,
        [] { return QHttpServerResponse(QHttpServerResponse::StatusCode::Continue); });
    add(u"/throw"_s, []() -> QByteArray { throw std::runtime_error("on purpose"); });
    add(u"/throw-odd"_s, []() -> QByteArray { throw 42; });
    add(u"/throw-future"_s,
        []() -> QFuture<QByteArray> { throw std::runtime_error("on purpose"); });
    add(u"/throw-pool"_s, [this] {
        return server.onPool([]() -> QByteArray { throw std::runtime_error("on purpose"); });
    });
    add(u"/pool"_s, [this] { return server.onPool([] { return QByteArray("pool"); }); });
    add(u"/who"_s, [](const RequestContext &context) {
        return context.method() + ' ' + context.target() + ' ' + context.traceId() + ' '
            + context.peer().toLatin1();
    });
    add(u"/metrics"_s, [] { return "metrics"; });
    add(u"/admin"_s, [] { return "admin"; });
    add(u"/role"_s, [](const RequestContext &context) { return context.role(); });
    if (!server.route(u"/put"_s, Method::Put, [] { return "put"; }))
        qFatal("/put");
}

int HttpStage::exchangeSockets() const
{
    return static_cast<int>(server.findChildren<ExchangeSocket *>().size());
}

void HttpStage::beginStop(std::chrono::milliseconds linger)
{
    server.beginLameDuck(linger);
    server.beginDrain();
    clock.advance(ListeningSocket::kSettle);
}

QByteArray get(const QByteArray &path, const QByteArray &fields)
{
    return "GET " + path + " HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n";
}

QByteArray bearer(const QByteArray &token)
{
    return "Authorization: Bearer " + token + "\r\n";
}

QByteArray post(const QByteArray &path, const QByteArray &body, const QByteArray &fields)
{
    return "POST " + path + " HTTP/1.1\r\nHost: t\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\n" + fields + "\r\n" + body;
}

} // namespace quiesce::test
