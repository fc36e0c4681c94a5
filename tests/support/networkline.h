// SPDX-License-Identifier: GPL-3.0-only
// NetworkLine: a way to a server for other processes, which a test can cut while it waits for them.
#pragma once

#include "tests/support/cuttingproxy.h"

#include <QThread>
#include <functional>
#include <memory>

namespace quiesce::test {

/// A CuttingProxy on a thread of its own.
///
/// Thread: the test's. Blocks: each call, for a moment.
class NetworkLine final
{
public:
    explicit NetworkLine(quint16 target);
    ~NetworkLine();
    NetworkLine(const NetworkLine &) = delete;
    NetworkLine &operator=(const NetworkLine &) = delete;

    [[nodiscard]] quint16 port() const { return m_port; }
    /// Nothing passes any more, and nobody is told.
    void cut();
    /// What was connected before is not any more; new connections are let through.
    void mend();

private:
    void onThread(const std::function<void()> &work);

    QThread m_thread;
    QObject m_context; ///< lives there
    std::unique_ptr<CuttingProxy> m_proxy; ///< there, too
    quint16 m_port = 0;
};

} // namespace quiesce::test
