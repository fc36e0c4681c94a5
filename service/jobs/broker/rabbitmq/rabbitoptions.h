// SPDX-License-Identifier: GPL-3.0-only
// RabbitOptions: which RabbitMQ, as whom, and how it is spoken to.
#pragma once

#include "common/result.h"
#include "common/secret.h"

#include <QString>
#include <chrono>

namespace quiesce {

struct RabbitOptions
{
    struct Tls
    {
        bool isEnabled = false;
        QString caFile{}; ///< PEM of who may have signed; empty: the system's authorities
        QString certFile{}; ///< PEM of our own, when the broker asks for one; empty: none
        QString keyFile{}; ///< its key; beside certFile or neither
    };

    QString host = QStringLiteral("localhost");
    quint16 port = 5'672;
    QString virtualHost = QStringLiteral("/");
    QString user = QStringLiteral("guest");
    Secret password{};
    Tls tls{};
    /// Begins the name of every queue and exchange; what shares it shares the jobs.
    QString prefix = QStringLiteral("quiesce");
    std::chrono::seconds heartbeat{ 10 }; ///< twice that without a sign of life: it is lost
    /// For connecting, and for each answer that is waited for.
    std::chrono::milliseconds connectTimeout{ 5'000 };
};

/// `amqp[s]://[user@]host[:port][/virtualhost]`, percent-encoded as RabbitMQ's URI specification
/// says: no path means the virtual host `/`, and `/` alone the one without a name. The ports are
/// 5672 and 5671 where none is given, and an IPv6 address is in brackets.
/// @error what is wrong and where, for people. A password is refused, and not repeated.
[[nodiscard]] Result<RabbitOptions, QString> parseAmqpUrl(const QString &url);

/// `host:port`
[[nodiscard]] QString addressOf(const RabbitOptions &options);

} // namespace quiesce
