// SPDX-License-Identifier: GPL-3.0-only
// RabbitMailbox: see the header.
#include "service/jobs/broker/rabbitmq/rabbitmailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace quiesce {

RabbitMailbox::RabbitMailbox()
    : m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{ }

/// It fails only when it is readable already.
void RabbitMailbox::wake()
{
    const quint64 one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wake.get(), &one, sizeof one);
}

void RabbitMailbox::hush()
{
    quint64 count = 0;
    [[maybe_unused]] const ssize_t read = ::read(m_wake.get(), &count, sizeof count);
}

void RabbitMailbox::post(RabbitCall call)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_calls.push_back(std::move(call));
        if (m_calls.size() > 1)
            return; // it has been woken for the first
    }
    wake();
}

void RabbitMailbox::beginClose(Close how)
{
    m_closing = how;
    wake();
}

std::deque<RabbitCall> RabbitMailbox::takeCalls()
{
    hush();
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_calls, {});
}

void RabbitMailbox::tell(RabbitNews news)
{
    const std::scoped_lock lock(m_mutex);
    m_news.push_back(std::move(news));
    if (m_news.size() == 1)
        Q_EMIT arrived(QPrivateSignal());
}

std::deque<RabbitNews> RabbitMailbox::takeNews()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_news, {});
}

} // namespace quiesce
