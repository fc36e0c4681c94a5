// SPDX-License-Identifier: GPL-3.0-only
// HeldRefusals: answers to wrong tokens that are held back, a bounded number of them.
#pragma once

#include "service/core/clock.h"
#include "service/http/pendinganswer.h"

#include <map>

namespace quiesce {

/// Thread:  event loop.
/// Owns:    a share of each answer. One whose client leaves stays until its time has come.
/// Limits:  kMost at a time. Each counts as a request in flight, so beyond it, and during a stop,
///          which nobody is to hold, an answer is given at once.
class HeldRefusals final
{
public:
    static constexpr std::size_t kMost = 64;

    explicit HeldRefusals(Clock &clock);

    void hold(const std::shared_ptr<PendingAnswer> &answer, const Refusal &refusal,
              std::chrono::milliseconds delay);
    /// Answers all, and from now on at once.
    void beginStop();
    void endStop() { m_isStopping = false; }
    [[nodiscard]] std::size_t count() const { return m_held.size(); }

private:
    struct Held
    {
        std::shared_ptr<PendingAnswer> answer;
        Refusal refusal;
    };
    void answerUntil(SteadyTime until);

    Clock &m_clock;
    std::multimap<SteadyTime, Held> m_held; ///< by when they are answered
    std::unique_ptr<Alarm> m_alarm;
    bool m_isStopping = false;
};

} // namespace quiesce
