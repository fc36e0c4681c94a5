// SPDX-License-Identifier: GPL-3.0-only
// EventListener: curl -N on the event stream of a service under test, as an operator would run it.
#pragma once

#include "common/eventstream/eventparser.h"
#include "tests/endtoend/serviceprocess.h"

#include <QProcess>
#include <functional>

namespace quiesce::test {

/// Subscribes at once, with the operator's token unless it is given another.
///
/// Blocks:  each wait until its event, at most kLongestWait.
/// Owns:    the curl process, which ends with it.
class EventListener final
{
public:
    explicit EventListener(const ServiceProcess &service, const QByteArray &lastEventId = {},
                           const QByteArray &token = {});
    ~EventListener();
    EventListener(const EventListener &) = delete;
    EventListener &operator=(const EventListener &) = delete;

    /// Until an event of this type has come since the last wait for one.
    [[nodiscard]] bool waitFor(const QByteArray &type);
    /// Reads without waiting: who never reads falls behind and is cut.
    void takeWhatIsThere();
    /// Curl's exit code: 0 when the stream ended with its last chunk.
    [[nodiscard]] int waitForEnd();

    [[nodiscard]] const QList<ServerEvent> &events() const { return m_events; }
    /// Without stats and the snapshots that come periodically.
    [[nodiscard]] QStringList types() const;
    /// The payloads of all events of this type.
    [[nodiscard]] QList<QJsonObject> payloads(const QByteArray &type) const;

private:
    bool readMore();

    QProcess m_curl;
    EventParser m_parser;
    QList<ServerEvent> m_events;
    qsizetype m_looked = 0; ///< how many events waitFor() is through with
};

/// Until an event has told that of the job.
[[nodiscard]] bool waitForJob(EventListener &events, const QByteArray &id,
                              const std::function<bool(const QJsonObject &job)> &holds);

/// The operator's token of a running service.
[[nodiscard]] QByteArray tokenOf(const ServiceProcess &service);
/// A request for the event stream, with the token.
[[nodiscard]] QByteArray subscription(const ServiceProcess &service);

} // namespace quiesce::test
