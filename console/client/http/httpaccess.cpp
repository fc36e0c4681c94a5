// SPDX-License-Identifier: GPL-3.0-only
// HttpAccess: see the header.
#include "console/client/http/httpaccess.h"

#include <QHostAddress>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr char kTlsFault[] = "quiesceTlsFault";

bool isLoopback(const QUrl &url)
{
    return url.host() == "localhost"_L1 || QHostAddress(url.host()).isLoopback();
}

/// A body that cannot be begun again.
class OnceBody final : public QIODevice
{
public:
    OnceBody(QByteArray content, QObject *parent)
        : QIODevice(parent)
        , m_content(std::move(content))
    {
        open(ReadOnly | Unbuffered);
    }
    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] bool reset() override { return false; }
    [[nodiscard]] bool atEnd() const override { return m_at == m_content.size(); }
    [[nodiscard]] qint64 bytesAvailable() const override { return m_content.size() - m_at; }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const qint64 size = std::min<qint64>(most, m_content.size() - m_at);
        if (size == 0)
            return -1;
        std::copy_n(m_content.constData() + m_at, size, data);
        m_at += size;
        return size;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_content;
    qsizetype m_at = 0;
};

} // namespace

HttpAccess::HttpAccess(const QUrl &adminUrl)
    : m_adminUrl(adminUrl)
{
    m_manager.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_manager.setAutoDeleteReplies(false);
    if (isLoopback(adminUrl))
        m_manager.setProxy(QNetworkProxy::NoProxy);
}

QUrl HttpAccess::urlFor(const HttpAsk &ask) const
{
    QUrl url = m_adminUrl;
    url.setPath(ask.path, QUrl::TolerantMode);
    if (!ask.query.isEmpty())
        url.setQuery(ask.query);
    return url;
}

QNetworkRequest HttpAccess::requestFor(const HttpAsk &ask) const
{
    QNetworkRequest request(urlFor(ask));
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setSslConfiguration(m_trust->configuration());
    request.setHeader(QNetworkRequest::UserAgentHeader, u"quiesce-console"_s);
    request.setRawHeader("Accept", ask.accept);
    request.setRawHeader("Accept-Encoding", "identity");
    if (!ask.isPublic)
        request.setRawHeader("Authorization", m_token.authorization());
    if (!ask.lastEventId.isEmpty())
        request.setRawHeader("Last-Event-ID", ask.lastEventId);
    if (!ask.body.isEmpty()) {
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        request.setHeader(QNetworkRequest::ContentLengthHeader, ask.body.size());
        request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    }
    return request;
}

QNetworkReply *HttpAccess::dispatch(const HttpAsk &ask)
{
    if (ask.body.isEmpty())
        return m_manager.sendCustomRequest(requestFor(ask), ask.method);
    auto *body = new OnceBody(ask.body, &m_manager);
    QNetworkReply *reply = m_manager.sendCustomRequest(requestFor(ask), ask.method, body);
    QObject::connect(reply, &QObject::destroyed, body, &QObject::deleteLater);
    return reply;
}

QNetworkReply *HttpAccess::send(const HttpAsk &ask)
{
    QNetworkReply *reply = dispatch(ask);
    QObject::connect(reply, &QNetworkReply::sslErrors, reply,
                     [this, reply](const QList<QSslError> &errors) { judge(reply, errors); });
    return reply;
}

/// Of a pinned certificate what is wrong does not matter; every other ends here.
void HttpAccess::judge(QNetworkReply *reply, const QList<QSslError> &errors) const
{
    const QSslCertificate certificate = reply->sslConfiguration().peerCertificate();
    if (m_trust->isPinned(certificate))
        reply->ignoreSslErrors();
    else
        reply->setProperty(kTlsFault, m_trust->explain(certificate, errors));
}

QString HttpAccess::tlsFault(const QNetworkReply &reply)
{
    return reply.property(kTlsFault).toString();
}

} // namespace quiesce
