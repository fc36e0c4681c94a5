// SPDX-License-Identifier: GPL-3.0-only
// A vector under a mutex; the taker is woken only for as much as it waits for.
#include "service/jobs/callqueue.h"

#include <algorithm>
#include <iterator>

namespace quiesce {

void CallQueue::put(std::unique_ptr<StoreCall> call)
{
    bool isEnough = false;
    {
        const std::scoped_lock lock(m_mutex);
        m_calls.push_back(std::move(call));
        isEnough = m_wanted > 0 && m_calls.size() >= m_wanted;
    }
    if (isEnough)
        m_changed.notify_one();
}

void CallQueue::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopped = true;
    }
    m_changed.notify_one();
}

StoreBatch CallQueue::take(std::chrono::microseconds patience)
{
    std::unique_lock lock(m_mutex);
    const auto isEnough = [this] { return m_isStopped || m_calls.size() >= m_wanted; };
    m_wanted = 1;
    m_changed.wait(lock, isEnough);
    m_wanted = m_lastSize;
    m_changed.wait_for(lock, patience, isEnough);
    m_wanted = 0;
    return takeFirst();
}

StoreBatch CallQueue::takeFirst()
{
    const auto count = static_cast<ptrdiff_t>(std::min(m_calls.size(), kMaxBatch));
    StoreBatch batch(std::make_move_iterator(m_calls.begin()),
                     std::make_move_iterator(m_calls.begin() + count));
    m_calls.erase(m_calls.begin(), m_calls.begin() + count);
    m_lastSize = std::max<size_t>(batch.size(), 1);
    return batch;
}

} // namespace quiesce
