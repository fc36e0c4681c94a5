// SPDX-License-Identifier: GPL-3.0-only
// Refusal: see the header.
#include "service/http/refusal.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace quiesce {

QByteArray reasonPhrase(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return {};
    }
}

QByteArray problemJson(const Refusal &refusal)
{
    const QJsonObject problem{
        { QStringLiteral("type"), QStringLiteral("about:blank") },
        { QStringLiteral("title"), QString::fromLatin1(reasonPhrase(refusal.status)) },
        { QStringLiteral("status"), refusal.status },
        { QStringLiteral("detail"), refusal.detail },
        { QStringLiteral("code"), QString::fromLatin1(refusal.code) },
    };
    return QJsonDocument(problem).toJson(QJsonDocument::Compact);
}

} // namespace quiesce
