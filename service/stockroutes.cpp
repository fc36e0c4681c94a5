// SPDX-License-Identifier: GPL-3.0-only
// The sample routes: see the header.
#include "service/stockroutes.h"

#include "common/readyfuture.h"
#include "service/http/admin/openapi.h"
#include "service/service.h"

#include <QCryptographicHash>
#include <QTimer>
#include <QUrlQuery>

namespace quiesce {

namespace {

using std::chrono::milliseconds;

constexpr int kMaxWorkMs = 600'000;

QHttpServerResponse cancelled()
{
    return toResponse({ .status = 503,
                        .code = "cancelled",
                        .detail = QStringLiteral("The work was told to give up.") });
}

/// An answer that comes after a while without holding a thread, or as soon as it is told to stop.
/// Thread: event loop, where the stop token is triggered too. Deletes itself once it has answered.
class DelayedAnswer final : public QObject
{
public:
    DelayedAnswer(milliseconds delay, const std::stop_token &token, QObject *parent)
        : QObject(parent)
        , m_stopped(token, [this] { answer(cancelled()); })
    {
        m_promise.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this,
                [this] { answer(routehandler::asResponse("done")); });
        m_timer.start(delay);
    }

    [[nodiscard]] QFuture<QHttpServerResponse> future() const { return m_promise.future(); }

private:
    void answer(QHttpServerResponse &&response)
    {
        m_timer.stop();
        if (std::exchange(m_isAnswered, true))
            return;
        m_promise.addResult(std::move(response));
        m_promise.finish();
        deleteLater();
    }

    QPromise<QHttpServerResponse> m_promise;
    QTimer m_timer;
    bool m_isAnswered = false;
    std::stop_callback<std::function<void()>> m_stopped;
};

/// Keeps a thread busy; true when it ran its full time.
bool burn(milliseconds duration, const std::stop_token &token)
{
    const auto end = std::chrono::steady_clock::now() + duration;
    QByteArray block(16 * 1024, 'q');
    while (std::chrono::steady_clock::now() < end) {
        if (token.stop_requested())
            return false;
        block.replace(0, 32, QCryptographicHash::hash(block, QCryptographicHash::Sha256));
    }
    return true;
}

QFuture<QHttpServerResponse> badParameter(const QString &detail)
{
    return readyFuture(toResponse({ .status = 400, .code = "bad-parameter", .detail = detail }));
}

QFuture<QHttpServerResponse> work(Service &service, const QHttpServerRequest &request,
                                  const RequestContext &context)
{
    bool isNumber = false;
    const int ms = request.query().queryItemValue(QStringLiteral("ms")).toInt(&isNumber);
    if (!isNumber || ms < 0 || ms > kMaxWorkMs)
        return badParameter(QStringLiteral("ms must be a number from 0 to %1.").arg(kMaxWorkMs));
    const QString mode = request.query().queryItemValue(QStringLiteral("mode"));
    if (mode.isEmpty())
        return (new DelayedAnswer(milliseconds(ms), context.stopToken(), &service))->future();
    if (mode != QStringLiteral("cpu") && mode != QStringLiteral("stubborn"))
        return badParameter(QStringLiteral("mode must be cpu or stubborn."));
    const std::stop_token token =
        mode == QStringLiteral("cpu") ? context.stopToken() : std::stop_token();
    return service.onPool([ms, token] {
        return burn(milliseconds(ms), token) ? routehandler::asResponse("done") : cancelled();
    });
}

QHttpServerResponse echo(const QHttpServerRequest &request)
{
    QByteArray type = request.value("Content-Type");
    if (type.isEmpty())
        type = "application/octet-stream";
    return { type, request.body() };
}

} // namespace

void addStockRoutes(Service &service)
{
    service.route(QStringLiteral("/hello"), [] { return QByteArrayLiteral("Hello, World!"); });
    service.route(QStringLiteral("/work"),
                  [&service](const QHttpServerRequest &request, const RequestContext &context) {
                      return work(service, request, context);
                  });
    service.route(QStringLiteral("/echo"), Service::Method::Post,
                  [](const QHttpServerRequest &request) { return echo(request); });
    service.describeRoutes(stockOpenApi());
}

} // namespace quiesce
