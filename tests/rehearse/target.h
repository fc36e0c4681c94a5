// SPDX-License-Identifier: GPL-3.0-only
// Target: the address that is loaded, and the request bytes sent to it.
#pragma once

#include "common/result.h"

#include <QString>
#include <netinet/in.h>
#include <string>

namespace quiesce::rehearse {

/// Stands for the picked port in --url and COMMAND.
inline constexpr QLatin1StringView kPortPlaceholder("{port}");

/// A loopback address and a path on it.
struct Target
{
    sockaddr_in address{};
    QByteArray authority; ///< for Host
    QByteArray path; ///< with its query

    /// @error not http, not an IPv4 loopback address or "localhost", or without a port.
    static Result<Target, QString> fromUrl(const QString &url, quint16 pickedPort);
};

/// What can stand in a request line: begins with '/', printable ASCII without spaces.
bool isRequestPath(QStringView path);

enum class Connection : unsigned char { KeepAlive, Close };

std::string getRequest(const Target &target, const QByteArray &path, Connection connection);
std::string postRequest(const Target &target, qint64 bodyBytes, Connection connection);
std::string jsonRequest(const Target &target, const QByteArray &json, Connection connection);

/// A port on 127.0.0.1 that nothing is bound to. Chosen below the range from which the kernel takes
/// the ports of outgoing connections, so that none of those takes it before the server does.
/// @error there is none.
Result<quint16, QString> pickFreePort();

} // namespace quiesce::rehearse
