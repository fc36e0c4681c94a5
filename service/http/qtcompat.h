// SPDX-License-Identifier: GPL-3.0-only
// Every difference between the Qt versions we build on; all else is written against this.
#pragma once

#include <QHttpServer>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QHttpServerRouterRule>
#include <QTcpServer>
#include <functional>
#include <utility>

namespace quiesce::qtcompat {

/// A routing rule that also notes when a path would have matched with another method, so that a
/// wrong method can be told from an unknown path (405 and 404).
class NotingRule final : public QHttpServerRouterRule
{
public:
    using Methods = QHttpServerRequest::Methods;

    template<typename... RouterHandler>
    NotingRule(const QString &pattern, Methods methods, Methods *missed, RouterHandler &&...handler)
        : QHttpServerRouterRule(pattern, QHttpServerRequest::Method::AnyKnown,
                                std::forward<RouterHandler>(handler)...)
        , m_methods(methods)
        , m_missed(missed)
    {
    }

protected:
    bool matches(const QHttpServerRequest &request, QRegularExpressionMatch *match) const override;

private:
    Methods m_methods;
    Methods *m_missed;
};

/// Adds a route with a NotingRule. False when the pattern does not fit the handler's arguments.
template<typename Handler>
[[nodiscard]] bool addRoute(QHttpServer &server, const QString &pattern,
                            QHttpServerRequest::Methods methods,
                            QHttpServerRequest::Methods *missed, Handler handler)
{
    return server.route<NotingRule>(pattern, methods, missed, std::move(handler));
}

/// A complete answer given by the missing handler.
struct MissingAnswer
{
    int status;
    QByteArray contentType;
    QByteArray body;
    QByteArray allow; ///< the Allow field, when not empty
};

/// What answers a request for which there is no route.
void setMissingHandler(QHttpServer &server,
                       std::function<MissingAnswer(const QHttpServerRequest &)> handler);

/// Binds the server's connections; the QTcpServer must be listening at this moment and becomes the
/// QHttpServer's child.
[[nodiscard]] bool bind(QHttpServer &server, QTcpServer *tcpServer);

} // namespace quiesce::qtcompat
