// SPDX-License-Identifier: GPL-3.0-only
// OrphanReaper: what the first process of a container must do besides its own work.
#pragma once

#include <QObject>
#include <QSet>
#include <QTimer>
#include <chrono>

namespace quiesce {

/// Reaps processes that became children of this one when their own parents died.
///
/// A container has no init but its first process. What somebody leaves behind who looked around in
/// it (`kubectl exec`), and what a command's supervisor leaves that was killed, ends up here, and
/// would be a zombie for as long as the container runs.
///
/// The program's own children are waited for by whoever made them. The two cannot be told apart by
/// anything the kernel says, so what counts is time: a zombie that nobody has waited for from one
/// look to the next, kInterval later, is nobody's. A look costs one system call when there is none.
/// Thread:  event loop, so that who waits for children there has had its turn.
class OrphanReaper final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kInterval{ 30'000 };

    explicit OrphanReaper(std::chrono::milliseconds interval = kInterval,
                          QObject *parent = nullptr);

private:
    void look();

    QSet<qint64> m_seen; ///< zombies at the last look; a zombie keeps its pid
    QTimer m_timer;
};

} // namespace quiesce
