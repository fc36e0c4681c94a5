// SPDX-License-Identifier: GPL-3.0-only
// JobContext: see the header.
#include "service/jobs/jobcontext.h"

#include "common/readyfuture.h"
#include "service/core/stopnotice.h"

#include <QJsonDocument>
#include <algorithm>

namespace quiesce {

struct JobContext::State
{
    Facts facts;
    std::shared_ptr<JobAttempt> attempt;
    std::shared_ptr<const StopNotice> notice;
    std::stop_source source;
};

JobContext::JobContext(Facts facts, std::shared_ptr<JobAttempt> attempt,
                       std::shared_ptr<const StopNotice> notice)
    : m_state(std::make_shared<State>())
{
    m_state->facts = std::move(facts);
    m_state->attempt = std::move(attempt);
    m_state->notice = std::move(notice);
}

const QString &JobContext::id() const
{
    return m_state->facts.id;
}

const QString &JobContext::kind() const
{
    return m_state->facts.kind;
}

const QJsonObject &JobContext::payload() const
{
    return m_state->facts.payload;
}

int JobContext::attempt() const
{
    return m_state->facts.attempt;
}

int JobContext::maxAttempts() const
{
    return m_state->facts.maxAttempts;
}

const std::optional<QJsonObject> &JobContext::lastCheckpoint() const
{
    return m_state->facts.checkpoint;
}

bool JobContext::checkpoint(const QJsonObject &state) const
{
    QFuture<bool> kept = beginCheckpoint(state);
    kept.waitForFinished();
    return kept.resultCount() > 0 && kept.result();
}

QFuture<bool> JobContext::beginCheckpoint(const QJsonObject &state) const
{
    if (QJsonDocument(state).toJson(QJsonDocument::Compact).size() > kMaxCheckpointBytes)
        return readyFuture(false);
    return m_state->attempt->keep(state);
}

void JobContext::setProgress(double progress) const
{
    m_state->attempt->setProgress(std::clamp(progress, 0.0, 1.0));
}

void JobContext::appendOutput(const QByteArray &bytes) const
{
    m_state->attempt->appendOutput(bytes);
}

std::stop_token JobContext::stopToken() const
{
    return m_state->source.get_token();
}

std::stop_token JobContext::stopNotice() const
{
    return m_state->notice->token();
}

bool JobContext::isStopping() const
{
    return m_state->notice->hasBegun();
}

QDeadlineTimer JobContext::deadline() const
{
    std::optional<SteadyTime> at = m_state->facts.deadline;
    if (const std::optional<SteadyTime> stop = m_state->notice->deadline())
        at = at ? std::min(*at, *stop) : *stop;
    if (!at)
        return QDeadlineTimer(QDeadlineTimer::Forever);
    return { *at, Qt::PreciseTimer };
}

void JobContext::requestStop() const
{
    m_state->source.request_stop();
}

} // namespace quiesce
