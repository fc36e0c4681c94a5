// SPDX-License-Identifier: GPL-3.0-only
// JobsClient: somebody who hands in jobs by HTTP, and waits for what becomes of them.
#pragma once

#include "tests/endtoend/serviceprocess.h"

#include <QJsonObject>
#include <functional>

namespace quiesce::test {

class EventListener;

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

/// One request a connection. Blocks: each, at most kLongestWait.
class JobsClient final
{
public:
    explicit JobsClient(const ServiceProcess &service)
        : m_port(service.trafficPort())
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
};

[[nodiscard]] JobAnswer toJobAnswer(const Answer &answer);

/// Until an event has told that of the job.
[[nodiscard]] bool waitForJob(EventListener &events, const QByteArray &id,
                              const std::function<bool(const QJsonObject &job)> &holds);

} // namespace quiesce::test
