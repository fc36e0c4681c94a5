// SPDX-License-Identifier: GPL-3.0-only
// Poller: one epoll set behind one QSocketNotifier, for thousands of sockets on Qt's event loop.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <array>
#include <cstdint>
#include <sys/epoll.h>

namespace quiesce {

/// Told what happened on a descriptor. EPOLLERR and EPOLLHUP come unasked.
class PollHandler
{
public:
    virtual ~PollHandler() = default;
    virtual void polled(std::uint32_t events) = 0;

protected:
    PollHandler() = default;
    PollHandler(const PollHandler &) = default;
    PollHandler &operator=(const PollHandler &) = default;
};

/// Watches descriptors for their handlers, level-triggered.
///
/// Why:     Qt's event dispatcher poll()s every QSocketNotifier at every turn, so a turn costs
///          O(connections), and each notifier costs about 500 bytes. One epoll set costs neither.
/// Thread:  event loop only. Owns: the epoll descriptor; handlers and their descriptors are not.
/// Limits:  kBatch events a turn, so that a flood leaves the event loop its other work: timers, and
///          an operator's requests, which have a Poller of their own. The kernel hands out what is
///          ready in turns, so that none is passed over for longer than one round of all.
/// Order:   a handler may remove itself or any other while it is called; a removed one is not
///          called any more.
class Poller final : public QObject
{
    Q_OBJECT

public:
    static constexpr int kBatch = 32; ///< some 0.4 ms of requests; a turn itself costs 1 % of that

    explicit Poller(QObject *parent = nullptr);
    ~Poller() override;

    /// False when the kernel refuses (out of memory or watches); errno says why.
    [[nodiscard]] bool tryAdd(int descriptor, std::uint32_t events, PollHandler *handler);
    void modify(int descriptor, std::uint32_t events, PollHandler *handler);
    void remove(int descriptor, PollHandler *handler);

Q_SIGNALS:
    /// After each batch: the moment to delete what the handlers let go of.
    void batchDone();

private:
    void dispatch();

    int m_epoll = -1;
    QSocketNotifier m_notifier;
    std::array<epoll_event, kBatch> m_batch{};
    int m_batchSize = 0;
    int m_batchNext = 0;
};

} // namespace quiesce
