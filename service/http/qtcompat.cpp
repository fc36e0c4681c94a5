// SPDX-License-Identifier: GPL-3.0-only
// Qt versions: see the header. Qt 6.4 to 6.7 today; what 6.8 wants comes here and nowhere else.
#include "service/http/qtcompat.h"

namespace quiesce::qtcompat {

bool NotingRule::matches(const QHttpServerRequest &request, QRegularExpressionMatch *match) const
{
    const bool isOurMethod = m_methods.testFlag(request.method());
    if (!QHttpServerRouterRule::matches(request, match))
        return false;
    if (!isOurMethod)
        *m_missed |= m_methods;
    return isOurMethod;
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
