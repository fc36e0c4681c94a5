// SPDX-License-Identifier: GPL-3.0-only
// HttpAccess: the one way by which requests to an instance leave, with its token and its trust.
#pragma once

#include "console/client/http/accesstoken.h"
#include "console/client/http/tlstrust.h"

#include <QNetworkAccessManager>
#include <QUrl>
#include <QUrlQuery>
#include <optional>

class QNetworkReply;
class QNetworkRequest;

namespace quiesce {

/// One request.
struct HttpAsk
{
    QByteArray method = QByteArrayLiteral("GET");
    QString path; ///< percent-encoded
    QUrlQuery query = {};
    QByteArray body = {}; ///< JSON, when not empty
    QByteArray accept = QByteArrayLiteral("application/json");
    QByteArray lastEventId = {};
    bool isPublic = false; ///< goes without the token
};

/// Thread:  event loop; Qt does the work in a thread of the manager.
/// Owns:    the manager and the token. Replies are the manager's children; who asked deletes them.
/// Limits:  no redirect is followed, nothing is cached, no cookie kept, HTTP/1.1, no content
///          coding (which could unfold), no proxy to this machine itself. A body is sent once:
///          where Qt would send it again, as it does on a connection that its server has just
///          closed, the request fails instead.
class HttpAccess final
{
public:
    explicit HttpAccess(const QUrl &adminUrl);

    [[nodiscard]] AccessToken &token() { return m_token; }
    void setTrust(const TlsTrust &trust) { m_trust = trust; }
    /// Whether anything can be sent: there is a token, and it is known whom to trust.
    [[nodiscard]] bool isReady() const { return m_trust && !m_token.isEmpty(); }

    /// isReady() first.
    [[nodiscard]] QNetworkReply *send(const HttpAsk &ask);

    /// Why its certificate was refused; empty when it was not.
    [[nodiscard]] static QString tlsFault(const QNetworkReply &reply);

private:
    [[nodiscard]] QNetworkRequest requestFor(const HttpAsk &ask) const;
    [[nodiscard]] QUrl urlFor(const HttpAsk &ask) const;
    [[nodiscard]] QNetworkReply *dispatch(const HttpAsk &ask);
    void judge(QNetworkReply *reply, const QList<QSslError> &errors) const;

    QUrl m_adminUrl;
    AccessToken m_token;
    std::optional<TlsTrust> m_trust;
    QNetworkAccessManager m_manager;
};

} // namespace quiesce
