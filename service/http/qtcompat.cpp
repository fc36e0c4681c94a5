// SPDX-License-Identifier: GPL-3.0-only
// Qt versions: see the header. Built and tested with Qt 6.4.2, 6.8.2 and 6.11.2 (tests/compat.sh).
#include "service/http/qtcompat.h"

namespace quiesce::qtcompat {

bool NotingRule::isLiteral(QStringView pattern)
{
    // Anything that a regular expression or an escaped path could mean otherwise is left to Qt.
    for (const QChar c : pattern) {
        const bool isPlain = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z')
            || (c >= u'0' && c <= u'9') || c == u'/' || c == u'-' || c == u'_';
        if (!isPlain)
            return false;
    }
    return true;
}

QByteArray NotingRule::beginningOf(const QString &pattern)
{
    const QStringView beginning = QStringView(pattern).left(pattern.indexOf(u'<'));
    return isLiteral(beginning) ? beginning.toUtf8() : QByteArray();
}

bool NotingRule::matchesPath(const QHttpServerRequest &request,
                             QRegularExpressionMatch *match) const
{
    if (m_routing->isLiteral && !m_literal.isEmpty())
        return m_routing->path == m_literal;
    if (m_routing->isLiteral && !m_routing->path.startsWith(m_beginning))
        return false;
    return QHttpServerRouterRule::matches(request, match);
}

bool NotingRule::matches(const QHttpServerRequest &request, QRegularExpressionMatch *match) const
{
    if (!matchesPath(request, match))
        return false;
    if (m_methods.testFlag(request.method()))
        return true;
    m_routing->missed |= m_methods;
    return false;
}

#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)

void setMissingHandler(QHttpServer &server,
                       std::function<MissingAnswer(const QHttpServerRequest &)> handler)
{
    server.setMissingHandler(
        &server,
        [handler = std::move(handler)](const QHttpServerRequest &request,
                                       QHttpServerResponder &responder) {
            const MissingAnswer answer = handler(request);
            QHttpHeaders headers;
            headers.append(QHttpHeaders::WellKnownHeader::ContentType, answer.contentType);
            if (!answer.allow.isEmpty())
                headers.append(QHttpHeaders::WellKnownHeader::Allow, answer.allow);
            responder.write(answer.body, headers,
                            static_cast<QHttpServerResponder::StatusCode>(answer.status));
        });
}

QList<std::pair<QByteArray, QByteArray>> fieldsOf(const QHttpServerRequest &request)
{
    return request.headers().toListOfPairs();
}

void addField(QHttpServerResponse &response, const QByteArray &name, const QByteArray &value)
{
    QHttpHeaders headers = response.headers();
    headers.append(name, value);
    response.setHeaders(std::move(headers));
}

bool bind(QHttpServer &server, QTcpServer *tcpServer)
{
    return server.bind(tcpServer);
}

#else

void setMissingHandler(QHttpServer &server,
                       std::function<MissingAnswer(const QHttpServerRequest &)> handler)
{
    server.setMissingHandler([handler = std::move(handler)](const QHttpServerRequest &request,
                                                            QHttpServerResponder &&responder) {
        const MissingAnswer answer = handler(request);
        const auto status = static_cast<QHttpServerResponder::StatusCode>(answer.status);
        if (answer.allow.isEmpty())
            responder.write(answer.body, { { "Content-Type", answer.contentType } }, status);
        else
            responder.write(answer.body,
                            { { "Content-Type", answer.contentType }, { "Allow", answer.allow } },
                            status);
    });
}

QList<std::pair<QByteArray, QByteArray>> fieldsOf(const QHttpServerRequest &request)
{
    return request.headers();
}

void addField(QHttpServerResponse &response, const QByteArray &name, const QByteArray &value)
{
    response.addHeader(name, value);
}

bool bind(QHttpServer &server, QTcpServer *tcpServer)
{
    server.bind(tcpServer);
    return tcpServer->parent() == &server;
}

#endif

} // namespace quiesce::qtcompat
