// SPDX-License-Identifier: GPL-3.0-only
// LoopWatch: how long an event has to wait for its turn in the event loop.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <vector>

namespace quiesce::bench {

/// By how much a precise timer that beats every 4 ms comes late: what a click would have to wait.
/// (The dispatcher's awake() and aboutToBlock() do not tell: socket notifiers and timers have their
/// turn between the poll and awake().) The operating system's own delays are in it too.
///
/// Thread: the one it is made on, whose event loop it watches. Keeps 8 bytes a beat.
class LoopWatch final : public QObject
{
    Q_OBJECT

public:
    explicit LoopWatch(QObject *parent = nullptr);

    void reset() { m_late.clear(); }
    [[nodiscard]] size_t count() const { return m_late.size(); }
    /// Ms that a share `p` (0–1) of the beats was not later than; 0 of none.
    [[nodiscard]] double quantile(double p);

private:
    void note();

    QTimer m_beat;
    QElapsedTimer m_sinceBeat;
    std::vector<double> m_late; ///< ms
};

} // namespace quiesce::bench
