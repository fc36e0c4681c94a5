// SPDX-License-Identifier: GPL-3.0-only
// InstanceModels: how its models follow the instance.
#include "console/model/instance/instancemodels.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

qint64 utcNow()
{
    return QDateTime::currentMSecsSinceEpoch();
}

} // namespace

InstanceModels *InstanceModels::of(Instance *instance)
{
    auto *models = instance->findChild<InstanceModels *>({}, Qt::FindDirectChildrenOnly);
    return models ? models : new InstanceModels(instance);
}

InstanceModels::InstanceModels(Instance *instance)
    : QObject(instance)
    , m_instance(instance)
{
    m_clock.start();
    wireTimeline();
    connect(instance, &Instance::stopChanged, this, &InstanceModels::followStop);
    connect(instance, &Instance::conditionChanged, this, &InstanceModels::noteLink);
    noteLink();
}

void InstanceModels::wireTimeline()
{
    connect(m_instance, &Instance::stateEntered, this,
            [this](const StateEvent &event) { m_timeline.append(entryOf(event)); });
    connect(m_instance, &Instance::logged, this,
            [this](const LogEvent &event) { m_timeline.append(entryOf(event)); });
    connect(m_instance, &Instance::audited, this,
            [this](const AuditEvent &event) { m_timeline.append(entryOf(event)); });
    connect(m_instance, &Instance::requestEnded, this, &InstanceModels::takeRequestEnd);
    connect(m_instance, &Instance::jobChanged, this, &InstanceModels::takeJob);
    connect(m_instance, &Instance::gapped, this, &InstanceModels::noteGap);
    connect(m_instance, &Instance::reported, this, &InstanceModels::noteReport);
}

void InstanceModels::takeRequestEnd(const RequestEvent &event)
{
    m_timeline.append(entryOf(event, utcNow()));
    if (m_blockers)
        m_blockers->remove(u"request"_s, event.id);
}

/// Progress is no event of the timeline: only a state that is new.
void InstanceModels::takeJob(const Job &job)
{
    if (m_jobs)
        m_jobs->takeJob(job);
    if (m_blockers && job.state != JobState::Running)
        m_blockers->remove(u"job"_s, job.id);
    const auto known = m_jobStates.constFind(job.id);
    if (known != m_jobStates.cend() && *known == job.state)
        return;
    m_timeline.append(entryOf(job, utcNow()));
    if (hasEnded(job.state)) {
        m_jobStates.remove(job.id);
        return;
    }
    if (m_jobStates.size() >= kMaxKnownJobs)
        m_jobStates.clear(); // a few are told of twice then
    m_jobStates.insert(job.id, job.state);
}

/// Each attempt to connect again is no news: only how it ended, when that is new.
void InstanceModels::noteLink()
{
    const LinkStatus &link = m_instance->link();
    const bool isOnTheWay = link.state == LinkState::Idle || link.state == LinkState::Connecting;
    if (isOnTheWay || link.state == m_notedLink)
        return;
    m_notedLink = link.state;
    m_timeline.append(entryOf(link, utcNow()));
}

void InstanceModels::noteGap()
{
    m_timeline.append(gapEntry(utcNow()));
    m_jobStates.clear();
}

void InstanceModels::noteReport()
{
    m_timeline.append(entryOf(*m_instance->lastReport(), utcNow()));
    if (m_blockers)
        m_blockers->setBlockers({}, 0, m_clock.elapsed());
}

void InstanceModels::followStop()
{
    if (!m_blockers)
        return;
    const StopView *stop = m_instance->stop();
    if (stop)
        m_blockers->setBlockers(stop->waitingOn, stop->waitingOnTotal, m_clock.elapsed());
    else
        m_blockers->setBlockers({}, 0, m_clock.elapsed());
}

BlockerModel *InstanceModels::blockers()
{
    if (!m_blockers) {
        m_blockers = std::make_unique<BlockerModel>();
        followStop();
    }
    return m_blockers.get();
}

JobModel *InstanceModels::jobs()
{
    if (!m_jobs) {
        m_jobs = std::make_unique<JobModel>();
        m_jobs->setOwnerNames(m_ownerName);
    }
    return m_jobs.get();
}

void InstanceModels::setOwnerNames(std::function<QString(const QString &)> nameOf)
{
    m_ownerName = std::move(nameOf);
    if (m_jobs)
        m_jobs->setOwnerNames(m_ownerName);
}

void InstanceModels::beginShowing()
{
    m_timeline.setCapacity(Timeline::kMaxRows);
    m_look.emplace(m_instance);
}

void InstanceModels::endShowing()
{
    m_timeline.setCapacity(kSeenRows);
    m_look.reset();
}

void InstanceModels::tick()
{
    if (m_blockers)
        m_blockers->tick(m_clock.elapsed());
    if (m_jobs)
        m_jobs->tick(QDateTime::currentDateTimeUtc());
}

} // namespace quiesce
