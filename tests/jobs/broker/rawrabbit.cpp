// SPDX-License-Identifier: GPL-3.0-only
// RawRabbit: see the header.
#include "tests/jobs/broker/rawrabbit.h"

namespace quiesce::test {

namespace {

amqp_bytes_t bytes(const QByteArray &array)
{
    return { static_cast<size_t>(array.size()), const_cast<char *>(array.constData()) };
}

} // namespace

RawRabbit::RawRabbit(quint16 port)
    : m_state(amqp_new_connection())
{
    amqp_socket_t *socket = amqp_tcp_socket_new(m_state);
    if (amqp_socket_open(socket, "127.0.0.1", port) != AMQP_STATUS_OK)
        qFatal("cannot reach RabbitMQ");
    const amqp_rpc_reply_t reply =
        amqp_login(m_state, "/", 0, 131'072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest");
    if (reply.reply_type != AMQP_RESPONSE_NORMAL)
        qFatal("cannot log in to RabbitMQ");
    amqp_channel_open(m_state, 1);
    check("channel");
}

RawRabbit::~RawRabbit()
{
    amqp_connection_close(m_state, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(m_state);
}

void RawRabbit::check(const char *what)
{
    if (amqp_get_rpc_reply(m_state).reply_type != AMQP_RESPONSE_NORMAL)
        qFatal("RabbitMQ refused: %s", what);
}

void RawRabbit::publish(const QString &queue, const QByteArray &body)
{
    if (amqp_basic_publish(m_state, 1, amqp_empty_bytes, bytes(queue.toUtf8()), 0, 0, nullptr,
                           bytes(body))
        != AMQP_STATUS_OK)
        qFatal("cannot publish");
}

void RawRabbit::declareClassic(const QString &queue)
{
    amqp_queue_declare(m_state, 1, bytes(queue.toUtf8()), 0, 1, 0, 0, amqp_empty_table);
    check("declare");
}

void RawRabbit::remove(const QString &queue)
{
    amqp_queue_delete(m_state, 1, bytes(queue.toUtf8()), 0, 0);
    check("delete");
}

int RawRabbit::depth(const QString &queue)
{
    const auto *declared =
        amqp_queue_declare(m_state, 1, bytes(queue.toUtf8()), 1, 1, 0, 0, amqp_empty_table);
    check("depth");
    return static_cast<int>(declared->message_count);
}

QByteArray RawRabbit::take(const QString &queue)
{
    const amqp_rpc_reply_t reply = amqp_basic_get(m_state, 1, bytes(queue.toUtf8()), 1);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL || reply.reply.id != AMQP_BASIC_GET_OK_METHOD)
        return {};
    amqp_message_t message{};
    if (amqp_read_message(m_state, 1, &message, 0).reply_type != AMQP_RESPONSE_NORMAL)
        qFatal("cannot read");
    const QByteArray body(static_cast<const char *>(message.body.bytes),
                          static_cast<qsizetype>(message.body.len));
    amqp_destroy_message(&message);
    return body;
}

} // namespace quiesce::test
