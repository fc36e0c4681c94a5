// SPDX-License-Identifier: GPL-3.0-only
// runOnPool(): QtConcurrent::run() whose handover to a waiting thread can be seen from outside Qt.
#pragma once

#include <QThreadPool>
#include <QtConcurrentRun>
#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace quiesce {

/// Work on its way to another thread. QThreadPool hands a task to a thread that has waited under a
/// mutex inside libQt6Core: enough for the program, and not seen by ThreadSanitizer, which then
/// takes all that the task looks at for a race. So each copy is published once it is made, and
/// whoever copies or calls it takes that in first: the same order, in its eyes, too.
template <typename Work>
class HandedOver final
{
public:
    explicit HandedOver(Work &&work)
        : m_work(std::make_shared<Work>(std::move(work)))
    {
        publish();
    }
    HandedOver(const HandedOver &other)
        : m_work(other.takeIn())
    {
        publish();
    }
    HandedOver &operator=(const HandedOver &) = delete;
    ~HandedOver() = default;

    decltype(auto) operator()() const { return std::invoke(*takeIn()); }

private:
    static void publish() { s_handovers.fetch_add(1, std::memory_order_release); }
    [[nodiscard]] const std::shared_ptr<Work> &takeIn() const
    {
        static_cast<void>(s_handovers.load(std::memory_order_acquire));
        return m_work;
    }

    inline static std::atomic<unsigned> s_handovers{ 0 };
    const std::shared_ptr<Work> m_work;
};

/// Runs `work`, once, on a thread of `pool`; what it returns or throws is the future's.
///
/// Thread:  any.
/// Owns:    `work`, which may be movable only, until it has run, or the pool has let go of it.
template <typename Work>
[[nodiscard]] auto runOnPool(QThreadPool &pool, Work work)
{
    return QtConcurrent::run(&pool, HandedOver<Work>(std::move(work)));
}

} // namespace quiesce
