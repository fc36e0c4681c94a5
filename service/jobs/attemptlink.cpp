// SPDX-License-Identifier: GPL-3.0-only
// AttemptLink: a mutex, what has come in, and what of it is still to be told.
#include "service/jobs/attemptlink.h"

#include "service/jobs/attemptbell.h"

#include <algorithm>
#include <utility>

namespace quiesce {

void AttemptLink::Keep::answer(bool isKept) const
{
    promise->addResult(isKept);
    promise->finish();
}

AttemptLink::AttemptLink(AttemptBell &bell, Listener &listener)
    : m_listener(&listener)
    , m_bell(&bell)
{ }

QFuture<bool> AttemptLink::keep(const QJsonObject &state)
{
    const Keep keep{ state, std::make_shared<QPromise<bool>>() };
    keep.promise->start();
    const QFuture<bool> future = keep.promise->future();
    const std::scoped_lock lock(m_mutex);
    if (!m_bell || m_keeps.size() >= kMaxPendingKeeps) {
        keep.answer(false);
        return future;
    }
    m_keeps.push_back(keep);
    m_news.keeps = true;
    ring();
    return future;
}

void AttemptLink::setProgress(double progress)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_bell)
        return;
    m_progress = progress;
    if (std::exchange(m_isProgressTold, true))
        return;
    m_news.progress = true;
    ring();
}

void AttemptLink::appendOutput(const QByteArray &bytes)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_bell || bytes.isEmpty())
        return;
    m_output += bytes;
    if (m_output.size() > 2 * JobOutput::kMaxBytes) {
        const qsizetype surplus = m_output.size() - JobOutput::kMaxBytes;
        m_output.remove(0, surplus);
        m_dropped += surplus;
    }
    if (std::exchange(m_isOutputTold, true))
        return;
    m_news.output = true;
    ring();
}

std::vector<AttemptLink::Keep> AttemptLink::takeKeeps()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_keeps, {});
}

std::optional<double> AttemptLink::takeProgress()
{
    const std::scoped_lock lock(m_mutex);
    m_isProgressTold = false;
    return m_progress;
}

JobOutput AttemptLink::takeOutput()
{
    const std::scoped_lock lock(m_mutex);
    m_isOutputTold = false;
    return tail();
}

std::optional<double> AttemptLink::progress() const
{
    const std::scoped_lock lock(m_mutex);
    return m_progress;
}

JobOutput AttemptLink::output() const
{
    const std::scoped_lock lock(m_mutex);
    return tail();
}

bool AttemptLink::hasNewOutput() const
{
    const std::scoped_lock lock(m_mutex);
    return m_isOutputTold;
}

void AttemptLink::detach()
{
    std::vector<Keep> keeps;
    {
        const std::scoped_lock lock(m_mutex);
        m_bell = nullptr;
        keeps = std::exchange(m_keeps, {});
    }
    m_listener = nullptr;
    for (const Keep &keep : keeps)
        keep.answer(false);
}

void AttemptLink::ring()
{
    if (!std::exchange(m_hasRung, true))
        m_bell->tell(shared_from_this());
}

/// The listener may detach at each of the calls.
void AttemptLink::deliver()
{
    News news;
    {
        const std::scoped_lock lock(m_mutex);
        m_hasRung = false;
        news = std::exchange(m_news, {});
    }
    if (news.keeps && m_listener)
        m_listener->keepsCame();
    if (news.progress && m_listener)
        m_listener->progressCame();
    if (news.output && m_listener)
        m_listener->outputCame();
}

JobOutput AttemptLink::tail() const
{
    const qsizetype surplus = std::max<qsizetype>(m_output.size() - JobOutput::kMaxBytes, 0);
    return { m_output.mid(surplus), m_dropped + surplus };
}

} // namespace quiesce
