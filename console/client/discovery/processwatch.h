// SPDX-License-Identifier: GPL-3.0-only
// ProcessWatch: says when a process of this machine has ended, whoever started it.
#pragma once

#include <QObject>
#include <memory>

class QSocketNotifier;

namespace quiesce {

/// Holds a pidfd: it means this one process, also when its pid is another's by now.
///
/// Thread:  event loop. Owns: the pidfd.
/// Emits:   ended() once, when the process has gone and let go of its files and locks.
class ProcessWatch final : public QObject
{
    Q_OBJECT

public:
    /// None when there is no such process, or the kernel does not say.
    [[nodiscard]] static std::unique_ptr<ProcessWatch> open(qint64 pid);
    ~ProcessWatch() override;

    /// SIGTERM. False when it is not ours to stop, or has gone.
    [[nodiscard]] bool terminate() const;

Q_SIGNALS:
    void ended();

private:
    explicit ProcessWatch(int descriptor);

    int m_descriptor;
    QSocketNotifier *m_notifier;
};

} // namespace quiesce
