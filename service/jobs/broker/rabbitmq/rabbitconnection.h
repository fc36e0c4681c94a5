// SPDX-License-Identifier: GPL-3.0-only
// RabbitConnection: one connection to RabbitMQ with its one channel, by librabbitmq.
#pragma once

#include "service/jobs/broker/brokerlink.h"
#include "service/jobs/broker/rabbitmq/rabbitmqc.h"
#include "service/jobs/broker/rabbitmq/rabbitoptions.h"

#include <QByteArray>
#include <QStringList>
#include <functional>
#include <variant>

namespace quiesce {

/// Speaks AMQP. When something goes wrong the connection is lost, fault() says why, and nothing
/// that is asked of it does anything any more.
///
/// Thread:  one, not the event loop's; interrupt() from any.
/// Order:   open(), declare(), then what you like; next() often, or its heartbeats are not sent.
/// Blocks:  each call for at most RabbitOptions::connectTimeout, but for next(), publish(),
///          answer() and askDepth(): these wait for room in the socket's buffer, at most two
///          heartbeats long.
class RabbitConnection final
{
public:
    /// So often a message may be given back, or its holder die, before it is dead-lettered. A job's
    /// attempts are counted in the store; this is against a message that brings down whoever reads
    /// it, and rolling restarts give back what was prefetched.
    static constexpr int kDeliveryLimit = 100;
    /// Dead letters beyond it push out the oldest: the jobs themselves are in the store.
    static constexpr int kMaxDeadLetters = 10'000;

    struct Delivered
    {
        quint64 tag = 0; ///< the channel's
        QString kind; ///< of the queue
        QByteArray body; ///< cut at kMaxMessageBytes + 1
    };
    struct Confirmed
    {
        quint64 tag = 0; ///< of publish()
        bool isMultiple = false; ///< and of all before it
        bool isKept = false;
    };
    struct Returned ///< it went to no queue; its confirmation follows
    {
        quint64 tag = 0;
    };
    struct Blocked
    {
        QString reason; ///< empty: no more
    };
    struct Depth
    {
        qint64 messages = 0;
    };
    using Event = std::variant<Delivered, Confirmed, Returned, Blocked, Depth>;

    /// What can be waited for while it connects.
    struct Caller
    {
        int wakeDescriptor = -1;
        std::function<bool()> goesOn{}; ///< asked when that is readable
        std::function<void(int descriptor)> reached{}; ///< there is a socket; the login follows
    };

    explicit RabbitConnection(const RabbitOptions &options);
    ~RabbitConnection();
    RabbitConnection(const RabbitConnection &) = delete;
    RabbitConnection &operator=(const RabbitConnection &) = delete;

    void open(const Caller &caller);
    /// Queues, and where their dead letters go. Idempotent.
    void declare(const QStringList &kinds);
    void consume(const QString &kind, int prefetch);
    void cancel(const QString &kind);
    /// The tag its confirmation will have: counted from 1.
    quint64 publish(const JobMessage &message);
    void answer(quint64 tag, BrokerLink::Answer how);
    [[nodiscard]] std::optional<Event> next();
    /// How many messages wait in that kind's queue: a Depth comes, in the order of the calls.
    void askDepth(const QString &kind);
    /// The channel, then the connection.
    void close(std::chrono::milliseconds timeout);
    /// As if it was lost by itself, for the reason given.
    void lose(const QString &reason);

    [[nodiscard]] bool isLost() const { return !m_fault.isEmpty(); }
    [[nodiscard]] const QString &fault() const { return m_fault; } ///< for people; empty: none
    [[nodiscard]] int descriptor() const;
    /// Something was read from the socket that next() has not given yet.
    [[nodiscard]] bool hasRead() const;

private:
    struct Content ///< a method that is followed by a message, and how much of that has come
    {
        Event event;
        quint64 left = 0;
    };

    [[nodiscard]] bool openSocket(const Caller &caller);
    [[nodiscard]] bool openTls(const RabbitOptions::Tls &tls);
    void logIn();
    void declareQueue(const QByteArray &name, amqp_table_t arguments);
    [[nodiscard]] std::optional<Event> takeFrame(const amqp_frame_t &frame);
    [[nodiscard]] std::optional<Event> takeMethod(const amqp_method_t &method);
    void takeHeader(const amqp_frame_t &frame);
    [[nodiscard]] std::optional<Event> takeContentIfWhole();
    /// Of the call before; what it was about, when it failed.
    bool check(const amqp_rpc_reply_t &reply, const QString &about);
    bool check(int status, const QString &about);
    bool checkRpc(const QString &about);
    [[nodiscard]] QByteArray queueOf(const QString &kind) const;
    [[nodiscard]] QByteArray deadName() const;

    const RabbitOptions &m_options;
    amqp_connection_state_t m_state;
    std::optional<Content> m_content;
    QString m_fault;
    quint64 m_published = 0;
};

} // namespace quiesce
