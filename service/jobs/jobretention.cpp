// SPDX-License-Identifier: GPL-3.0-only
// JobRetention: see the header.
#include "service/jobs/jobretention.h"

#include "common/logline.h"

#include <QLoggingCategory>
#include <QPointer>

namespace quiesce {

namespace {

Q_LOGGING_CATEGORY(lcRetention, "quiesce.jobs")

} // namespace

JobRetention::JobRetention(Clock &clock, JobStore &store, const JobSettings &settings,
                           QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_store(store)
    , m_settings(settings)
    , m_alarm(clock.makeAlarm([this] { step(); }))
{ }

JobRetention::~JobRetention() = default;

void JobRetention::begin()
{
    m_isOn = true;
    m_alarm->setAt(m_clock.now() + kRound);
}

void JobRetention::end()
{
    m_isOn = false;
    m_alarm->clear();
}

bool JobRetention::hasWork() const
{
    const JobCounts counts = m_store.counts();
    const qint64 ended = counts.of(JobState::Succeeded) + counts.of(JobState::Failed)
        + counts.of(JobState::Cancelled);
    const bool hasTooMany = m_settings.keepEnded >= 0 && ended > m_settings.keepEnded;
    return hasTooMany || (ended > 0 && m_settings.keepFor.count() > 0);
}

void JobRetention::step()
{
    if (!hasWork()) {
        begin();
        return;
    }
    PruneRequest request{ .endedBefore = {}, .keepEnded = m_settings.keepEnded, .limit = kStep };
    if (m_settings.keepFor.count() > 0)
        request.endedBefore = m_clock.utcNow().addMSecs(-m_settings.keepFor.count());
    m_store.prune(request, [self = QPointer(this)](const Result<PruneResult, StoreError> &reply) {
        if (self)
            self->takeReply(reply);
    });
}

void JobRetention::takeReply(const Result<PruneResult, StoreError> &reply)
{
    if (!m_isOn)
        return;
    if (reply && reply.value().removed > 0)
        qCDebug(lcRetention).noquote()
            << LogLine("ended jobs forgotten").with("jobs", reply.value().removed).toString();
    const bool hasMore = reply && reply.value().hasMore;
    m_alarm->setAt(m_clock.now() + (hasMore ? std::chrono::milliseconds(kPause) : kRound));
}

} // namespace quiesce
