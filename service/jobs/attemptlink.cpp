// SPDX-License-Identifier: GPL-3.0-only
// AttemptLink: a mutex, what has come in, and queued calls that tell of it.
#include "service/jobs/attemptlink.h"

#include <QMetaObject>
#include <utility>

namespace quiesce {

void AttemptLink::Keep::answer(bool isKept) const
{
    promise->addResult(isKept);
    promise->finish();
}

AttemptLink::AttemptLink(QObject &context, Listener &listener)
    : m_listener(&listener)
    , m_context(&context)
{ }

QFuture<bool> AttemptLink::keep(const QJsonObject &state)
{
    const Keep keep{ state, std::make_shared<QPromise<bool>>() };
    keep.promise->start();
    const QFuture<bool> future = keep.promise->future();
    const std::scoped_lock lock(m_mutex);
    if (!m_context || m_keeps.size() >= kMaxPendingKeeps) {
        keep.answer(false);
        return future;
    }
    m_keeps.push_back(keep);
    if (m_keeps.size() == 1)
        post(&Listener::keepsCame);
    return future;
}

void AttemptLink::setProgress(double progress)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_context)
        return;
    m_progress = progress;
    if (!std::exchange(m_isProgressTold, true))
        post(&Listener::progressCame);
}

void AttemptLink::appendOutput(const QByteArray &bytes)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_context || bytes.isEmpty())
        return;
    m_output += bytes;
    if (m_output.size() > 2 * JobOutput::kMaxBytes) {
        const qsizetype surplus = m_output.size() - JobOutput::kMaxBytes;
        m_output.remove(0, surplus);
        m_dropped += surplus;
    }
    if (!std::exchange(m_isOutputTold, true))
        post(&Listener::outputCame);
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
        m_context = nullptr;
        keeps = std::exchange(m_keeps, {});
    }
    m_listener = nullptr;
    for (const Keep &keep : keeps)
        keep.answer(false);
}

void AttemptLink::post(Tell tell)
{
    QMetaObject::invokeMethod(
        m_context,
        [self = shared_from_this(), tell] {
            if (self->m_listener)
                (self->m_listener->*tell)();
        },
        Qt::QueuedConnection);
}

JobOutput AttemptLink::tail() const
{
    const qsizetype surplus = std::max<qsizetype>(m_output.size() - JobOutput::kMaxBytes, 0);
    return { m_output.mid(surplus), m_dropped + surplus };
}

} // namespace quiesce
