// SPDX-License-Identifier: GPL-3.0-only
// HostedService: see the header.
#include "tests/kit/hostedservice.h"

#include <QEventLoop>
#include <QTimer>
#include <QUuid>
#include <algorithm>

namespace quiesce::test {

namespace {

Settings placed(Settings settings, const QString &directory)
{
    settings.listen.traffic = { QStringLiteral("127.0.0.1"), 0 };
    settings.listen.admin = { QStringLiteral("127.0.0.1"), 0 };
    settings.service.dataDir = directory;
    return settings;
}

} // namespace

HostedService::HostedService(const Build &build, Settings settings)
    : m_token(QUuid::createUuid().toByteArray(QUuid::Id128))
    , m_service(std::make_unique<Service>(
          placed(std::move(settings), m_directory.path()),
          Service::Identity{ QStringLiteral("hosted"), QStringLiteral("0") }))
{
    m_service->setCredentials(Credentials(m_token, {}));
    follow();
    build(*m_service);
}

HostedService::~HostedService() = default;

void HostedService::follow()
{
    Service *const service = m_service.get();
    QObject::connect(&service->lifecycle(), &Lifecycle::stateChanged, service,
                     [this](const StateChange &change) {
                         m_states.append({ .from = toWire(change.from),
                                           .to = toWire(change.to),
                                           .at = change.at });
                     });
    QObject::connect(service, &Service::stopped, service,
                     [this](const StopReport &report) { m_report = report; });
    QObject::connect(service, &Service::startFailed, service,
                     [this](const StoreError &error) { m_whyNot = error.reason; });
}

bool HostedService::start()
{
    const auto started = m_service->start();
    if (!started) {
        m_whyNot = started.error();
        return false;
    }
    m_isStarted = true;
    return turnUntil([this] {
               return !m_whyNot.isEmpty()
                   || m_service->lifecycle().state() != LifecycleState::Starting;
           })
        && m_whyNot.isEmpty();
}

/// Each turn takes what is there and, where there is nothing, waits for the next event.
bool HostedService::turnUntil(const std::function<bool()> &holds)
{
    QTimer alarm; // an event, too: without it a loop with none to come would wait for ever
    alarm.setSingleShot(true);
    alarm.start(kLongestWait);
    QEventLoop loop;
    while (!holds() && alarm.isActive())
        loop.processEvents(QEventLoop::WaitForMoreEvents);
    return holds();
}

quint16 HostedService::trafficPort() const
{
    return m_service->trafficEndpoint().port;
}

quint16 HostedService::adminPort() const
{
    return m_service->adminEndpoint().port;
}

void HostedService::requestStop()
{
    m_service->stop(QStringLiteral("asked by the test"));
}

bool HostedService::hasBeen(const QString &state) const
{
    return std::any_of(m_states.begin(), m_states.end(),
                       [&](const StateSeen &seen) { return seen.to == state; });
}

bool HostedService::waitForState(const QString &state)
{
    return turnUntil([&] { return hasBeen(state); });
}

int HostedService::waitForExit()
{
    return turnUntil([this] { return m_report.has_value(); }) ? m_report->exitCode : -1;
}

QJsonObject HostedService::report() const
{
    return m_report ? toJson(*m_report) : QJsonObject();
}

} // namespace quiesce::test
