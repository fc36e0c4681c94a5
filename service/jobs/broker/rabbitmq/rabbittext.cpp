// SPDX-License-Identifier: GPL-3.0-only
// What is wrong: see the header.
#include "service/jobs/broker/rabbitmq/rabbittext.h"

namespace quiesce {

using namespace Qt::StringLiterals;

QString fromAmqp(const amqp_bytes_t &bytes)
{
    return QString::fromUtf8(static_cast<const char *>(bytes.bytes),
                             static_cast<qsizetype>(bytes.len));
}

QString statusText(int status)
{
    switch (status) {
    case AMQP_STATUS_HEARTBEAT_TIMEOUT:
        return u"it gave no sign of life for two heartbeats"_s;
    case AMQP_STATUS_TIMEOUT:
        return u"it did not answer in time"_s;
    case AMQP_STATUS_CONNECTION_CLOSED:
    case AMQP_STATUS_SOCKET_CLOSED:
        return u"it has closed the connection"_s;
    case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
        return u"its certificate is not trusted"_s;
    case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
        return u"its certificate is for another host"_s;
    default:
        return QString::fromUtf8(amqp_error_string2(status));
    }
}

QString closeText(const amqp_method_t &method)
{
    if (method.id == AMQP_CHANNEL_CLOSE_METHOD)
        return fromAmqp(static_cast<amqp_channel_close_t *>(method.decoded)->reply_text);
    if (method.id == AMQP_CONNECTION_CLOSE_METHOD)
        return fromAmqp(static_cast<amqp_connection_close_t *>(method.decoded)->reply_text);
    return {};
}

QString replyText(const amqp_rpc_reply_t &reply)
{
    switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL:
        return {};
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
        return statusText(reply.library_error);
    case AMQP_RESPONSE_SERVER_EXCEPTION: {
        const QString text = closeText(reply.reply);
        return text.isEmpty() ? u"it answered something else"_s : text;
    }
    case AMQP_RESPONSE_NONE:
        break;
    }
    return u"it has closed the connection"_s;
}

int closeCode(const amqp_rpc_reply_t &reply)
{
    if (reply.reply_type != AMQP_RESPONSE_SERVER_EXCEPTION)
        return 0;
    if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD)
        return static_cast<amqp_channel_close_t *>(reply.reply.decoded)->reply_code;
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD)
        return static_cast<amqp_connection_close_t *>(reply.reply.decoded)->reply_code;
    return 0;
}

} // namespace quiesce
