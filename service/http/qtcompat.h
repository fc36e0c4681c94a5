// SPDX-License-Identifier: GPL-3.0-only
// Every difference between the Qt versions we build on; all else is written against this.
#pragma once

#include <QHttpServer>
#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QHttpServerResponse>
#include <QHttpServerRouterRule>
#include <QList>
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

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    // Made by QHttpServer, which hands on nothing else: see noteIn().
    template <typename RouterHandler>
    NotingRule(const QString &pattern, Methods methods, const QObject *context,
               RouterHandler &&handler)
        : QHttpServerRouterRule(pattern, QHttpServerRequest::Method::AnyKnown, context,
                                std::forward<RouterHandler>(handler))
        , m_beginning(beginningOf(pattern))
        , m_methods(methods)
    { }
#else
    template <typename... RouterHandler>
    NotingRule(const QString &pattern, Methods methods, Captures captures, Routing *routing,
               RouterHandler &&...handler)
        : QHttpServerRouterRule(pattern, QHttpServerRequest::Method::AnyKnown,
                                std::forward<RouterHandler>(handler)...)
        , m_beginning(beginningOf(pattern))
        , m_methods(methods)
    {
        noteIn(routing, pattern, captures);
    }
#endif

    /// Before the first request.
    void noteIn(Routing *routing, const QString &pattern, Captures captures)
    {
        m_routing = routing;
        if (captures == Captures::None && isLiteral(pattern))
            m_literal = pattern.toUtf8();
    }

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
    Routing *m_routing = nullptr;
};

/// Adds a route with a NotingRule. False when the pattern does not fit the handler's arguments.
template <typename Handler>
[[nodiscard]] bool addRoute(QHttpServer &server, const QString &pattern,
                            QHttpServerRequest::Methods methods, Captures captures,
                            Routing *routing, Handler handler)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
    NotingRule *rule = server.route<NotingRule>(pattern, methods, &server, std::move(handler));
    if (rule)
        rule->noteIn(routing, pattern, captures);
    return rule != nullptr;
#else
    return server.route<NotingRule>(pattern, methods, captures, routing, std::move(handler));
#endif
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

/// The header fields of a request, as they came.
[[nodiscard]] QList<std::pair<QByteArray, QByteArray>> fieldsOf(const QHttpServerRequest &request);

/// Adds a field to an answer's head.
void addField(QHttpServerResponse &response, const QByteArray &name, const QByteArray &value);

/// Binds the server's connections; the QTcpServer must be listening at this moment and becomes the
/// QHttpServer's child.
[[nodiscard]] bool bind(QHttpServer &server, QTcpServer *tcpServer);

} // namespace quiesce::qtcompat
