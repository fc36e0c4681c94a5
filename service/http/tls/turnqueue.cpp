// SPDX-License-Identifier: GPL-3.0-only
// TurnQueue: a linked list and a queued call while it is not empty.
#include "service/http/tls/turnqueue.h"

#include <utility>

namespace quiesce {

void TurnTaker::leaveQueue()
{
    if (m_queue)
        m_queue->unlink(*this);
}

TurnQueue::~TurnQueue()
{
    while (m_first)
        unlink(*m_first);
}

void TurnQueue::add(TurnTaker &taker)
{
    if (taker.m_queue == this)
        return;
    taker.leaveQueue();
    taker.m_queue = this;
    taker.m_previous = m_last;
    (m_last ? m_last->m_next : m_first) = &taker;
    m_last = &taker;
    ++m_size;
    runLater();
}

void TurnQueue::unlink(TurnTaker &taker)
{
    (taker.m_previous ? taker.m_previous->m_next : m_first) = taker.m_next;
    (taker.m_next ? taker.m_next->m_previous : m_last) = taker.m_previous;
    taker.m_previous = taker.m_next = nullptr;
    taker.m_queue = nullptr;
    --m_size;
}

/// A queued call posted while queued calls are delivered comes at the next turn, after the poller.
void TurnQueue::runLater()
{
    if (!std::exchange(m_isCalled, true))
        QMetaObject::invokeMethod(
            &m_eventLoop, [this] { run(); }, Qt::QueuedConnection);
}

void TurnQueue::run()
{
    // The machine's own clock, also in tests: it measures CPU and makes nobody wait.
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + kPerTurn;
    m_isCalled = false;
    for (int waiting = m_size; waiting > 0 && m_first; --waiting) {
        TurnTaker &taker = *m_first;
        unlink(taker);
        taker.takeTurn();
        if (Clock::now() >= end)
            break;
    }
    if (m_first)
        runLater();
}

} // namespace quiesce
