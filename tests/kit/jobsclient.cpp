// SPDX-License-Identifier: GPL-3.0-only
// JobsClient: see the header.
#include "tests/kit/jobsclient.h"

#include <QJsonDocument>

namespace quiesce::test {

QByteArray JobsClient::submission(const QByteArray &body, const QByteArray &fields)
{
    return "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + fields + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

JobAnswer JobsClient::submit(const QByteArray &kind, const QByteArray &payload,
                             const QByteArray &fields) const
{
    const QByteArray body = R"({"kind":")" + kind + R"(","payload":)" + payload + '}';
    return toJobAnswer(askAfresh(m_port, submission(body, fields), m_waiting));
}

JobAnswer JobsClient::ask(const QByteArray &method, const QByteArray &target,
                          const QByteArray &body, const QByteArray &fields) const
{
    QByteArray request = method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields;
    if (!body.isEmpty())
        request += "Content-Type: application/json\r\nContent-Length: "
            + QByteArray::number(body.size()) + "\r\n";
    return toJobAnswer(askAfresh(m_port, request + "\r\n" + body, m_waiting));
}

JobAnswer JobsClient::get(const QByteArray &id, const QByteArray &query) const
{
    return ask("GET", "/v1/jobs/" + id + query);
}

JobAnswer toJobAnswer(const Answer &answer)
{
    return { answer.status, answer.fields, answer.body,
             QJsonDocument::fromJson(answer.body).object() };
}

} // namespace quiesce::test
