// SPDX-License-Identifier: GPL-3.0-only
// JobsClient: somebody who hands in jobs by HTTP, and waits for what becomes of them.
#pragma once

#include "tests/kit/serviceundertest.h"

#include <QJsonObject>

namespace quiesce::test {

struct JobAnswer
{
    int status = 0;
    QMap<QByteArray, QByteArray> fields;
    QByteArray text;
    QJsonObject body;

    [[nodiscard]] QString code() const { return body[QLatin1StringView("code")].toString(); }
    [[nodiscard]] QString state() const { return body[QLatin1StringView("state")].toString(); }
    [[nodiscard]] QByteArray id() const
    {
        return body[QLatin1StringView("id")].toString().toLatin1();
    }
};

/// Talks to /v1/jobs of a service under test, without a token.
///
/// Thread:  the one it is made on.
/// Blocks:  each request, on a connection of its own, at most kLongestWait. Status 0: no answer.
class JobsClient final
{
public:
    explicit JobsClient(const ServiceUnderTest &service)
        : m_port(service.trafficPort())
        , m_waiting(service.waiting())
    { }

    /// Further fields end with a line end each.
    [[nodiscard]] static QByteArray submission(const QByteArray &body,
                                               const QByteArray &fields = {});

    JobAnswer submit(const QByteArray &kind, const QByteArray &payload = "{}",
                     const QByteArray &fields = {}) const;
    /// Any request to `target`; with a body it is JSON.
    JobAnswer ask(const QByteArray &method, const QByteArray &target, const QByteArray &body = {},
                  const QByteArray &fields = {}) const;
    [[nodiscard]] JobAnswer get(const QByteArray &id, const QByteArray &query = {}) const;
    /// The job once it has ended.
    [[nodiscard]] JobAnswer await(const QByteArray &id) const { return get(id, "?wait=50s"); }

private:
    quint16 m_port;
    Waiting m_waiting;
};

[[nodiscard]] JobAnswer toJobAnswer(const Answer &answer);

} // namespace quiesce::test
