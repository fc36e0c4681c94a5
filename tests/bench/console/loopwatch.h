// SPDX-License-Identifier: GPL-3.0-only
// LoopWatch: how long the event loop is busy at a time.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <vector>

namespace quiesce::bench {

/// Between waking up and going to sleep nothing else gets its turn: that time is a stall.
///
/// Thread: the one it is made on, whose dispatcher it watches.
class LoopWatch final : public QObject
{
    Q_OBJECT

public:
    explicit LoopWatch(QObject *parent = nullptr);

    void reset() { m_busy.clear(); }
    [[nodiscard]] size_t count() const { return m_busy.size(); }
    /// Ms that a share `p` (0–1) of the busy times does not exceed; 0 of none.
    [[nodiscard]] double quantile(double p) const;

private:
    QElapsedTimer m_sinceAwake;
    std::vector<double> m_busy; ///< ms
};

} // namespace quiesce::bench
