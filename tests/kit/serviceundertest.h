// SPDX-License-Identifier: GPL-3.0-only
// ServiceUnderTest: what a shutdown test needs of a service, wherever that runs.
#pragma once

#include "tests/kit/loopbackclient.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>

namespace quiesce::test {

/// A change of the lifecycle's state, by the wire names.
struct StateSeen
{
    QString from;
    QString to;
    QDateTime at; ///< UTC
};

/// The seam between a shutdown test and its service: ProgramUnderTest, a process of its own, or
/// HostedService, on the test's own event loop.
///
/// Thread:  the test's.
/// Blocks:  whatever waits, at most kLongestWait.
class ServiceUnderTest
{
public:
    virtual ~ServiceUnderTest() = default;
    ServiceUnderTest(const ServiceUnderTest &) = delete;
    ServiceUnderTest &operator=(const ServiceUnderTest &) = delete;

    [[nodiscard]] virtual quint16 trafficPort() const = 0; ///< 0 before it was started
    [[nodiscard]] virtual quint16 adminPort() const = 0;
    /// How its clients must wait, so that it can go on.
    [[nodiscard]] virtual Waiting waiting() const = 0;
    /// Empty when there is none.
    [[nodiscard]] virtual QByteArray operatorToken() const = 0;

    /// Tells it to stop gracefully, as whoever runs it would: SIGTERM, or Service::stop().
    virtual void requestStop() = 0;
    [[nodiscard]] virtual bool isRunning() const = 0;
    /// Until its lifecycle has come to this state (wire name). False when it did not.
    [[nodiscard]] virtual bool waitForState(const QString &state) = 0;
    /// Until it has ended. Its exit code; -1 when killed by a signal or not gone in time.
    [[nodiscard]] virtual int waitForExit() = 0;
    /// Every change of state since it was started, in order; empty when its log does not say.
    [[nodiscard]] virtual QList<StateSeen> states() = 0;
    /// The report of its one stop; empty when there is none, or more than one.
    [[nodiscard]] virtual QJsonObject report() const = 0;
    /// The last lines of what it has logged.
    [[nodiscard]] virtual QByteArrayList logTail(qsizetype lines) = 0;

    /// A new connection to its traffic listener.
    [[nodiscard]] LoopbackClient connectClient(int receiveBuffer = 0) const;
    /// A request on a connection of its own to the traffic listener.
    [[nodiscard]] Answer askTraffic(const QByteArray &request) const;
    /// The one event loop takes what comes to the traffic listener in order: when this has been
    /// answered there, it has read whatever was sent there before. Not for a listener that closed.
    [[nodiscard]] bool hasCaughtUp() const;
    /// `from to` of each change of state, in order.
    [[nodiscard]] QStringList transitions();
    /// `inFlightAtStop+acceptedDuringStop = drained+cancelled+aborted` of the one report.
    [[nodiscard]] QString tally() const;

protected:
    ServiceUnderTest() = default;
};

} // namespace quiesce::test
