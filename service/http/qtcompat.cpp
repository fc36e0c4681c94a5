// SPDX-License-Identifier: GPL-3.0-only
// Qt versions: see the header. Qt 6.4 to 6.7 today; what 6.8 wants comes here and nowhere else.
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

bool bind(QHttpServer &server, QTcpServer *tcpServer)
{
    server.bind(tcpServer);
    return tcpServer->parent() == &server;
}

} // namespace quiesce::qtcompat
