// SPDX-License-Identifier: GPL-3.0-only
// Instance: see the header.
#include "console/model/instance/instance.h"

namespace quiesce {

Instance::Instance(InstanceSpec spec, QObject *parent)
    : Instance(std::move(spec), &QDateTime::currentMSecsSinceEpoch, parent)
{ }

Instance::Instance(InstanceSpec spec, WallClock now, QObject *parent)
    : QObject(parent)
    , m_spec(std::move(spec))
    , m_now(std::move(now))
{ }

/// The client goes first: its commands' ends are told of a whole instance.
Instance::~Instance()
{
    m_client.reset();
}

void Instance::attach(std::unique_ptr<InstanceClient> client)
{
    m_client = std::move(client);
    m_client->setLooksClosely(m_looks > 0);
    wireClient();
}

void Instance::detach()
{
    if (m_client)
        m_client->disconnect(this); // whatever its end may say, it says nothing of the service
    m_client.reset();
}

void Instance::changeLooks(int by)
{
    m_looks += by;
    if (m_client)
        m_client->setLooksClosely(m_looks > 0);
}

void Instance::wireClient()
{
    const InstanceClient *client = m_client.get();
    connect(client, &InstanceClient::linkChanged, this, &Instance::takeLink);
    connect(client, &InstanceClient::roleChanged, this, &Instance::takeRole);
    connect(client, &InstanceClient::snapshotReceived, this, &Instance::takeSnapshot);
    connect(client, &InstanceClient::statsReceived, this, &Instance::takeStats);
    connect(client, &InstanceClient::stateChanged, this, &Instance::takeState);
    connect(client, &InstanceClient::reported, this, &Instance::takeReport);
    connect(client, &InstanceClient::requestEnded, this, &Instance::requestEnded);
    connect(client, &InstanceClient::jobChanged, this, &Instance::jobChanged);
    connect(client, &InstanceClient::logged, this, &Instance::logged);
    connect(client, &InstanceClient::audited, this, &Instance::audited);
}

void Instance::setSpec(const InstanceSpec &spec)
{
    if (m_spec == spec)
        return;
    m_spec = spec;
    Q_EMIT specChanged();
}

QString Instance::displayName() const
{
    if (!m_spec.name.isEmpty())
        return m_spec.name;
    if (m_snapshot && !m_snapshot->name.isEmpty())
        return m_snapshot->name;
    return m_spec.adminUrl.authority();
}

Condition Instance::condition() const
{
    return conditionOf(m_link, lifecycleState().value_or(LifecycleState::Starting),
                       stop() != nullptr);
}

std::optional<LifecycleState> Instance::lifecycleState() const
{
    return m_snapshot ? std::optional(m_snapshot->stats.state) : std::nullopt;
}

const StopView *Instance::stop() const
{
    return m_snapshot && m_snapshot->stop ? &*m_snapshot->stop : nullptr;
}

void Instance::takeLink(const LinkStatus &link)
{
    const bool wasLive = m_link.state == LinkState::Live;
    m_link = link;
    if (wasLive && link.state != LinkState::Live)
        m_history.addGap(m_now());
    Q_EMIT conditionChanged();
}

void Instance::takeRole(Role role)
{
    if (std::exchange(m_role, role) != role)
        Q_EMIT roleChanged();
}

void Instance::takeSnapshot(const Snapshot &snapshot, bool isGap)
{
    const Condition before = condition();
    const bool hadStop = stop() != nullptr;
    const bool isAnother = m_snapshot && m_snapshot->instanceId != snapshot.instanceId;
    if (isAnother)
        m_transitions.clear();
    m_snapshot = snapshot;
    if (isGap || isAnother) {
        m_history.addGap(m_now());
        Q_EMIT gapped();
    }
    if (condition() != before || isAnother)
        Q_EMIT conditionChanged();
    if (hadStop || stop())
        Q_EMIT stopChanged();
    takeStats(snapshot.stats);
}

void Instance::takeStats(const Stats &stats)
{
    if (!m_snapshot) // a stream begins with a snapshot
        return;
    const Condition before = condition();
    m_snapshot->stats = stats;
    if (m_snapshot->stop && stats.remaining)
        m_snapshot->stop->remaining = *stats.remaining;
    if (condition() != before)
        Q_EMIT conditionChanged();
    if (m_history.add(stats, m_now()))
        Q_EMIT sampled();
    Q_EMIT statsChanged();
}

void Instance::takeState(const StateEvent &event)
{
    if (event.to == LifecycleState::LameDuck || event.to == LifecycleState::Serving)
        m_transitions.clear();
    m_transitions.append(event);
    if (m_transitions.size() > kMaxTransitions)
        m_transitions.removeFirst();
    if (m_snapshot) {
        m_snapshot->stats.state = event.to;
        m_snapshot->stateSinceAt = event.at;
        m_snapshot->stateCause = event.cause;
        noteStop(event);
    }
    Q_EMIT stateEntered(event);
    Q_EMIT conditionChanged();
}

/// Begun or undone. What else there is to know of it comes with the next snapshot.
void Instance::noteStop(const StateEvent &event)
{
    std::optional<StopView> &stop = m_snapshot->stop;
    const bool isUndone = event.to == LifecycleState::Serving;
    if (isUndone != stop.has_value() || (!isUndone && !event.deadlineAt.isValid()))
        return;
    if (isUndone) {
        stop.reset();
    } else {
        stop.emplace();
        stop->cause = event.cause.value_or(StopCause{});
        stop->requestedAt = event.at;
        stop->deadlineAt = event.deadlineAt;
        stop->remaining = std::chrono::milliseconds(event.at.msecsTo(event.deadlineAt));
    }
    Q_EMIT stopChanged();
}

void Instance::takeReport(const StopReport &report)
{
    m_lastReport = report;
    Q_EMIT reported();
}

} // namespace quiesce
