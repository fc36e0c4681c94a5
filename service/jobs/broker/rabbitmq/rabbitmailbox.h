// SPDX-License-Identifier: GPL-3.0-only
// RabbitMailbox: what the event loop asks of RabbitMQ's thread, and what that tells.
#pragma once

#include "service/core/filedescriptor.h"
#include "service/jobs/broker/brokerlink.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <variant>

namespace quiesce {

/// See BrokerLink for what each means.
struct RabbitCall
{
    struct Publish
    {
        quint64 number = 0; ///< of the message; for its confirmation
        JobMessage message;
    };
    struct Want
    {
        QHash<QString, int> places;
    };
    struct Answer
    {
        quint64 tag = 0;
        BrokerLink::Answer how = BrokerLink::Answer::Done;
    };
    struct Halt
    {
        QList<quint64> kept;
    };
    std::variant<Publish, Want, Answer, Halt> what;
};

struct RabbitNews
{
    struct Connected
    { };
    struct Lost ///< or could not be made
    {
        QString fault;
    };
    struct Confirmed
    {
        quint64 number = 0;
        bool isKept = false;
    };
    struct Delivered
    {
        Delivery delivery;
    };
    struct Garbled
    {
        QString what;
    };
    struct Blocked ///< the broker takes no messages for that reason; empty: it does again
    {
        QString reason;
    };
    struct Depth
    {
        qint64 messages = 0;
    };
    struct Halted
    { };
    struct Closed
    { };
    std::variant<Connected, Lost, Confirmed, Delivered, Garbled, Blocked, Depth, Halted, Closed>
        what;
};

/// Thread:  post(), takeNews() and beginClose() the event loop's; takeCalls(), tell() and the wake
///          descriptor the other thread's.
/// Emits:   arrived(), queued, once for all that was told since the last takeNews().
/// Limits:  what is posted is bounded by BrokerLink::kMaxUnconfirmed and the deliveries held, what
///          is told by those and the prefetch.
class RabbitMailbox final : public QObject
{
    Q_OBJECT

public:
    RabbitMailbox();

    void post(RabbitCall call);
    [[nodiscard]] std::deque<RabbitNews> takeNews();
    enum class Close : unsigned char {
        No,
        InOrder, ///< as the broker likes it
        AtOnce, ///< nobody waits for that any more
    };
    void beginClose(Close how);

    [[nodiscard]] Close closing() const { return m_closing; }
    [[nodiscard]] std::deque<RabbitCall> takeCalls();
    void tell(RabbitNews news);
    /// Readable when there is a call, or closing() has changed, since the last hush().
    [[nodiscard]] int wakeDescriptor() const { return m_wake.get(); }
    void hush();

Q_SIGNALS:
    void arrived(QPrivateSignal);

private:
    void wake();

    const FileDescriptor m_wake;
    std::atomic<Close> m_closing{ Close::No };
    std::mutex m_mutex; ///< for what follows
    std::deque<RabbitCall> m_calls;
    std::deque<RabbitNews> m_news;
};

} // namespace quiesce
