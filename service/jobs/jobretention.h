// SPDX-License-Identifier: GPL-3.0-only
// JobRetention: forgets ended jobs by age and number, a little at a time.
#pragma once

#include "common/settings.h"
#include "service/core/clock.h"
#include "service/jobs/jobstore.h"

namespace quiesce {

/// Prunes the store from begin() on: a round each kRound while there are ended jobs; within a round
/// steps of kStep jobs with a pause between them, so that other work goes first.
///
/// Thread:  event loop. Owns: its alarm. A refused step is tried again in the next round.
class JobRetention final : public QObject
{
    Q_OBJECT

public:
    static constexpr int kStep = 200;
    static constexpr std::chrono::minutes kRound{ 1 };
    static constexpr std::chrono::milliseconds kPause{ 50 };

    JobRetention(Clock &clock, JobStore &store, const JobSettings &settings,
                 QObject *parent = nullptr);
    ~JobRetention() override;

    void begin();
    void end();

private:
    [[nodiscard]] bool hasWork() const;
    void step();
    void takeReply(const Result<PruneResult, StoreError> &reply);

    Clock &m_clock;
    JobStore &m_store;
    JobSettings m_settings;
    std::unique_ptr<Alarm> m_alarm;
    bool m_isOn = false;
};

} // namespace quiesce
