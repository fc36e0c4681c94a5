// SPDX-License-Identifier: GPL-3.0-only
// librabbitmq's headers, wherever its release has them, and what its releases differ in.
#pragma once

#if __has_include(<rabbitmq-c/amqp.h>) // from 0.12 on
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#include <rabbitmq-c/ssl_socket.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#endif

namespace quiesce {

/// The program and Qt have set OpenSSL up; and it is not librabbitmq's to take down. From 0.13 on
/// it does not any more; an earlier one is to be told before it makes its first TLS socket.
inline void leaveOpenSslAlone()
{
#if AMQP_VERSION < AMQP_VERSION_CODE(0, 13, 0, 0)
    amqp_set_initialize_ssl_library(0);
#endif
}

} // namespace quiesce
