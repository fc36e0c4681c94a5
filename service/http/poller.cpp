// SPDX-License-Identifier: GPL-3.0-only
// Poller: see the header.
#include "service/http/poller.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace quiesce {

namespace {

int makeEpoll()
{
    const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
    if (descriptor < 0)
        qFatal("epoll_create1: %s", std::strerror(errno));
    return descriptor;
}

} // namespace

Poller::Poller(QObject *parent)
    : QObject(parent)
    , m_epoll(makeEpoll())
    , m_notifier(m_epoll, QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &Poller::dispatch);
}

Poller::~Poller()
{
    m_notifier.setEnabled(false);
    ::close(m_epoll);
}

bool Poller::tryAdd(int descriptor, std::uint32_t events, PollHandler *handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = handler;
    return ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Poller::modify(int descriptor, std::uint32_t events, PollHandler *handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = handler;
    ::epoll_ctl(m_epoll, EPOLL_CTL_MOD, descriptor, &event);
}

void Poller::remove(int descriptor, PollHandler *handler)
{
    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
    for (int i = m_batchNext; i < m_batchSize; ++i) {
        if (m_batch[static_cast<size_t>(i)].data.ptr == handler)
            m_batch[static_cast<size_t>(i)].data.ptr = nullptr;
    }
}

void Poller::dispatch()
{
    if (m_batchNext < m_batchSize)
        return; // a handler runs an event loop of its own; its outer batch goes on first
    m_batchSize = ::epoll_wait(m_epoll, m_batch.data(), kBatch, 0);
    for (m_batchNext = 0; m_batchNext < m_batchSize;) {
        const epoll_event &event = m_batch[static_cast<size_t>(m_batchNext++)];
        if (event.data.ptr)
            static_cast<PollHandler *>(event.data.ptr)->polled(event.events);
    }
    m_batchSize = m_batchNext = 0;
    Q_EMIT batchDone();
}

} // namespace quiesce
