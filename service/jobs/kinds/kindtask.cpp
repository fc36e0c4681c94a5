// SPDX-License-Identifier: GPL-3.0-only
// KindTask: see the header.
#include "service/jobs/kinds/kindtask.h"

#include <utility>

namespace quiesce {

KindTask::KindTask(JobContext context, QObject *parent)
    : QObject(parent)
    , m_context(std::move(context))
{ }

QFuture<JobOutcome> KindTask::begin()
{
    m_promise.start();
    QFuture<JobOutcome> future = m_promise.future();
    m_stop.emplace(m_context.stopToken(), later(&KindTask::onStop));
    m_notice.emplace(m_context.stopNotice(), later(&KindTask::onNotice));
    work();
    return future;
}

void KindTask::end(const JobOutcome &outcome)
{
    if (std::exchange(m_hasEnded, true))
        return;
    m_stop.reset();
    m_notice.reset();
    m_promise.addResult(outcome);
    m_promise.finish();
    deleteLater();
}

/// The callback's destruction waits for one that runs, so `this` is there when it is posted.
std::function<void()> KindTask::later(void (KindTask::*slot)())
{
    return [this, slot] {
        QMetaObject::invokeMethod(
            this,
            [this, slot] {
                if (!m_hasEnded)
                    (this->*slot)();
            },
            Qt::QueuedConnection);
    };
}

} // namespace quiesce
