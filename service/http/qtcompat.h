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

/// What the rules of a server share while one request is being routed.
struct Routing
{
    Routing() = default;
    explicit Routing(QByteArrayView asSent)
        : path(asSent)
        , isLiteral(!path.contains('%') && !path.contains("//"))
    { }

    QByteArrayView path; ///< of the request, as sent
    QHttpServerRequest::Methods
        missed; ///< that the path would have had, when it lacks the one asked for
    bool isLiteral = false; ///< Qt would see the path as it was sent
};

/// Whether a route's handler takes parts of the path.
enum class Captures : unsigned char { None, Some };

/// A routing rule that also notes when a path would have matched with another method, so that a
/// wrong method can be told from an unknown path (405 and 404). A pattern without placeholders is
/// compared as it is, and one with them by what is before the first, which saves a regular
/// expression for each rule in front of the right one.
class NotingRule final : public QHttpServerRouterRule
{
public:
    using Methods = QHttpServerRequest::Methods;

    template <typename... RouterHandler>
    NotingRule(const QString &pattern, Methods methods, Captures captures, Routing *routing,
               RouterHandler &&...handler)
        : QHttpServerRouterRule(pattern, QHttpServerRequest::Method::AnyKnown,
                                std::forward<RouterHandler>(handler)...)
        , m_literal(captures == Captures::None && isLiteral(pattern) ? pattern.toUtf8()
                                                                     : QByteArray())
        , m_beginning(beginningOf(pattern))
        , m_methods(methods)
        , m_routing(routing)
    { }

protected:
    bool matches(const QHttpServerRequest &request, QRegularExpressionMatch *match) const override;

private:
    [[nodiscard]] static bool isLiteral(QStringView pattern);
    [[nodiscard]] static QByteArray beginningOf(const QString &pattern);
    [[nodiscard]] bool matchesPath(const QHttpServerRequest &request,
                                   QRegularExpressionMatch *match) const;

    QByteArray m_literal; ///< empty: the pattern is for the base class
    QByteArray m_beginning; ///< of every path that fits; empty: not known
    Methods m_methods;
    Routing *m_routing;
};

/// Adds a route with a NotingRule. False when the pattern does not fit the handler's arguments.
template <typename Handler>
[[nodiscard]] bool addRoute(QHttpServer &server, const QString &pattern,
                            QHttpServerRequest::Methods methods, Captures captures,
                            Routing *routing, Handler handler)
{
    return server.route<NotingRule>(pattern, methods, captures, routing, std::move(handler));
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
