// SPDX-License-Identifier: GPL-3.0-only
// CallQueue: calls on their way from the store's thread to its worker.
#pragma once

#include "service/jobs/jobledger.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace quiesce {

/// Hands over everything that waits, so that one commit is shared by all of it.
///
/// Those who wait for an answer tend to ask again as soon as they have it, a little one after the
/// other. Taking the first of them alone would make the others wait for two commits, so take() lets
/// a batch grow to the size of the one before, for at most `patience`.
/// Thread:  put() and stop() one, take() another.
/// Limits:  whoever puts sees to how many there are; kMaxBatch are taken at a time.
class CallQueue final
{
public:
    static constexpr size_t kMaxBatch = 1'024;

    void put(std::unique_ptr<StoreCall> call);
    /// From now on take() gives what is left, and then nothing.
    void stop();
    /// Blocks until there is something; empty only after stop().
    [[nodiscard]] StoreBatch take(std::chrono::microseconds patience);

private:
    [[nodiscard]] StoreBatch takeFirst();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    StoreBatch m_calls;
    size_t m_wanted = 1; ///< how many calls the taker waits for; 0: it does not wait
    size_t m_lastSize = 1;
    bool m_isStopped = false;
};

} // namespace quiesce
