// SPDX-License-Identifier: GPL-3.0-only
// What librabbitmq and RabbitMQ say is wrong, for people.
#pragma once

#include "service/jobs/broker/rabbitmq/rabbitmqc.h"

#include <QByteArray>
#include <QString>

namespace quiesce {

/// The bytes of an array, which must outlive what it returns.
[[nodiscard]] inline amqp_bytes_t toAmqp(const QByteArray &bytes)
{
    return { static_cast<size_t>(bytes.size()), const_cast<char *>(bytes.constData()) };
}
[[nodiscard]] QString fromAmqp(const amqp_bytes_t &bytes);

/// Of an amqp_status_enum.
[[nodiscard]] QString statusText(int status);
/// Of a channel.close or connection.close; empty: it is another method.
[[nodiscard]] QString closeText(const amqp_method_t &method);
/// Empty: nothing is wrong.
[[nodiscard]] QString replyText(const amqp_rpc_reply_t &reply);
/// Its reply-code; 0: there is none.
[[nodiscard]] int closeCode(const amqp_rpc_reply_t &reply);

} // namespace quiesce
