// SPDX-License-Identifier: GPL-3.0-only
// RawRabbit: what somebody else does to RabbitMQ's queues.
#pragma once

#include "service/jobs/broker/rabbitmq/rabbitmqc.h"

#include <QByteArray>
#include <QString>

namespace quiesce::test {

/// A connection of its own, as guest. What goes wrong ends the test.
///
/// Thread: the test's. Blocks: until the broker has answered.
class RawRabbit final
{
public:
    explicit RawRabbit(quint16 port);
    ~RawRabbit();
    RawRabbit(const RawRabbit &) = delete;
    RawRabbit &operator=(const RawRabbit &) = delete;

    void publish(const QString &queue, const QByteArray &body);
    void declareClassic(const QString &queue);
    void remove(const QString &queue);
    /// Messages that wait.
    [[nodiscard]] int depth(const QString &queue);
    /// The next of them, taken for good; empty: there is none.
    [[nodiscard]] QByteArray take(const QString &queue);

private:
    void check(const char *what);

    amqp_connection_state_t m_state;
};

} // namespace quiesce::test
