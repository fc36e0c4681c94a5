// SPDX-License-Identifier: GPL-3.0-only
// RestCall: see the header.
#include "console/client/http/restcall.h"

#include <QNetworkReply>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

RestCall::RestCall(HttpAccess &access, const HttpAsk &ask, const Limits &limits, QObject *parent)
    : QObject(parent)
    , m_reply(access.send(ask))
    , m_maxBytes(limits.maxBytes)
{
    m_reply->setReadBufferSize(kBufferBytes);
    connect(m_reply, &QNetworkReply::readyRead, this, &RestCall::takeBytes);
    connect(m_reply, &QNetworkReply::finished, this, &RestCall::takeEnd);
    m_timeout.setSingleShot(true);
    connect(&m_timeout, &QTimer::timeout, this,
            [this] { giveUp(u"TimeoutError"_s, tr("No answer came in time")); });
    m_timeout.start(limits.timeout);
}

RestCall::~RestCall()
{
    dropReply();
}

void RestCall::cancel()
{
    giveUp(u"OperationCanceledError"_s, tr("It was given up before an answer came"));
}

void RestCall::takeBytes()
{
    m_body.append(m_reply->read(m_maxBytes + 1 - m_body.size()));
    if (m_body.size() > m_maxBytes)
        giveUp(u"too-large"_s, tr("The answer is larger than is taken here"));
}

void RestCall::takeEnd()
{
    takeBytes();
    if (!m_reply)
        return;
    RestAnswer answer{ .status = statusOf(*m_reply),
                       .contentType = contentTypeOf(*m_reply),
                       .body = std::exchange(m_body, {}),
                       .problem = {} };
    const bool isCut = isSuccess(answer.status) && m_reply->error() != QNetworkReply::NoError;
    if (answer.status == 0 || isCut) {
        answer.problem = problemOfNetwork(*m_reply);
        answer.status = 0;
    } else if (isRedirect(answer.status)) {
        answer.problem = problemOfRedirect(*m_reply);
    } else if (!isSuccess(answer.status)) {
        answer.problem = problemOfAnswer(*m_reply, answer.body);
    }
    finish(answer);
}

void RestCall::giveUp(const QString &code, const QString &detail)
{
    if (m_reply)
        finish({ .status = 0,
                 .contentType = {},
                 .body = {},
                 .problem = { .status = 0, .code = code, .detail = detail } });
}

void RestCall::finish(const RestAnswer &answer)
{
    m_timeout.stop();
    dropReply();
    Q_EMIT finished(answer);
}

void RestCall::dropReply()
{
    if (!m_reply)
        return;
    QNetworkReply *reply = std::exchange(m_reply, nullptr);
    reply->disconnect(this);
    reply->deleteLater(); // which ends it; abort() would be a second error where one is on its way
}

} // namespace quiesce
