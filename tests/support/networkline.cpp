// SPDX-License-Identifier: GPL-3.0-only
// NetworkLine: see the header.
#include "tests/support/networkline.h"

namespace quiesce::test {

NetworkLine::NetworkLine(quint16 target)
{
    m_context.moveToThread(&m_thread);
    m_thread.start();
    onThread([this, target] {
        m_proxy = std::make_unique<CuttingProxy>(target);
        m_port = m_proxy->port();
    });
}

NetworkLine::~NetworkLine()
{
    onThread([this] { m_proxy.reset(); });
    m_thread.quit();
    m_thread.wait();
}

void NetworkLine::onThread(const std::function<void()> &work)
{
    QMetaObject::invokeMethod(&m_context, work, Qt::BlockingQueuedConnection);
}

void NetworkLine::cut()
{
    onThread([this] { m_proxy->stall(); });
}

void NetworkLine::mend()
{
    onThread([this] {
        m_proxy->close();
        m_proxy->open();
    });
}

} // namespace quiesce::test
