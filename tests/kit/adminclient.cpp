// SPDX-License-Identifier: GPL-3.0-only
// AdminClient: see the header.
#include "tests/kit/adminclient.h"

#include <QJsonDocument>

namespace quiesce::test {

AdminClient::AdminClient(const ServiceUnderTest &service)
    : m_port(service.adminPort())
    , m_waiting(service.waiting())
    , m_token(service.operatorToken())
{ }

AdminAnswer AdminClient::get(const QByteArray &path) const
{
    return ask("GET", path);
}

AdminAnswer AdminClient::post(const QByteArray &path, const QJsonObject &body) const
{
    if (body.isEmpty())
        return ask("POST", path);
    return ask("POST", path, QJsonDocument(body).toJson(QJsonDocument::Compact),
               "Content-Type: application/json\r\n");
}

AdminAnswer AdminClient::remove(const QByteArray &path) const
{
    return ask("DELETE", path);
}

AdminAnswer AdminClient::ask(const QByteArray &method, const QByteArray &path,
                             const QByteArray &body, const QByteArray &fields) const
{
    const QByteArray target = path.startsWith("//") ? path.mid(1) : "/admin/v1" + path;
    const QByteArray length = body.isEmpty()
        ? QByteArray()
        : "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    const Answer answer =
        askAfresh(m_port,
                  method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + m_token + "\r\nConnection: close\r\n" + fields + length + "\r\n" + body,
                  m_waiting);
    return { answer.status, QJsonDocument::fromJson(answer.body).object(), answer.fields };
}

} // namespace quiesce::test
