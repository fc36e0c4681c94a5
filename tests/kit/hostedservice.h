// SPDX-License-Identifier: GPL-3.0-only
// HostedService: a Service on the test's own event loop, on free ports.
#pragma once

#include "service/service.h"
#include "tests/kit/logtail.h"
#include "tests/kit/serviceundertest.h"

#include <QTemporaryDir>
#include <functional>
#include <optional>

namespace quiesce::test {

/// A Service in the test's process, so that a test can look into it while it stops. There are no
/// signals and there is no exit: requestStop() is Service::stop(), the exit code is the report's.
///
/// Thread:  the one it is made on, which must have a QCoreApplication.
/// Owns:    the service, a temporary data directory, an operator's token.
/// Blocks:  each wait, at most kLongestWait, in a nested event loop: handlers, hooks and timers run
///          meanwhile. The destructor as ~Service().
/// Order:   what `build` captures by reference must outlive it.
class HostedService final : public ServiceUnderTest
{
public:
    /// Adds routes, hooks, jobs and background work.
    using Build = std::function<void(Service &service)>;

    /// Free ports of 127.0.0.1 and a data directory of its own take the place of those in
    /// `settings`; all else is as given.
    explicit HostedService(const Build &build, Settings settings = {});
    ~HostedService() override;

    /// Until it serves. False when it does not; whyNot() says why.
    [[nodiscard]] bool start();
    [[nodiscard]] const QString &whyNot() const { return m_whyNot; }
    [[nodiscard]] Service &service() { return *m_service; }

    [[nodiscard]] quint16 trafficPort() const override;
    [[nodiscard]] quint16 adminPort() const override;
    [[nodiscard]] Waiting waiting() const override { return Waiting::WithEvents; }
    [[nodiscard]] QByteArray operatorToken() const override { return m_token; }
    void requestStop() override;
    [[nodiscard]] bool isRunning() const override { return m_isStarted && !m_report; }
    [[nodiscard]] bool waitForState(const QString &state) override;
    [[nodiscard]] int waitForExit() override;
    [[nodiscard]] QList<StateSeen> states() override { return m_states; }
    [[nodiscard]] QJsonObject report() const override;
    [[nodiscard]] QByteArrayList logTail(qsizetype lines) override { return m_log.last(lines); }

private:
    void follow();
    [[nodiscard]] bool turnUntil(const std::function<bool()> &holds);
    [[nodiscard]] bool hasBeen(const QString &state) const;

    LogTail m_log;
    QTemporaryDir m_directory;
    QByteArray m_token;
    std::unique_ptr<Service> m_service;
    QList<StateSeen> m_states;
    std::optional<StopReport> m_report;
    QString m_whyNot;
    bool m_isStarted = false;
};

} // namespace quiesce::test
