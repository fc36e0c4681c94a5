// SPDX-License-Identifier: GPL-3.0-only
// Confirmations: who waits for which message to be kept, and until when.
#pragma once

#include "service/jobs/broker/brokerlink.h"

#include <QTimer>
#include <deque>

namespace quiesce {

/// Answers each that waits exactly once: when it is told, or false after BrokerLink::kConfirmWait.
/// librdkafka looks at its own time-out only once a second, so that alone would be late.
///
/// Thread:  event loop. Emits: idle() when none waits any more.
/// Order:   an answer never comes inside add(); what answers may add others.
class Confirmations final : public QObject
{
    Q_OBJECT

public:
    explicit Confirmations(QObject *parent = nullptr);

    /// @return what finish() is told, never 0.
    [[nodiscard]] quint64 add(const BrokerLink::Confirmed &confirmed);
    /// Nothing when it was answered already.
    void finish(quint64 id, bool isKept);
    /// Soon, by the event loop.
    void refuse(quint64 id);
    /// All that wait: false.
    void refuseAll();
    [[nodiscard]] qsizetype count() const { return m_waiting.size(); }

Q_SIGNALS:
    void idle();

private:
    struct Due
    {
        std::chrono::steady_clock::time_point deadline;
        quint64 id = 0;
    };
    void refuseLate();
    void setTimer();

    QHash<quint64, BrokerLink::Confirmed> m_waiting;
    std::deque<Due> m_due; ///< by deadline; those answered are passed over when their time comes
    QTimer m_timer;
    quint64 m_last = 0;
};

} // namespace quiesce
