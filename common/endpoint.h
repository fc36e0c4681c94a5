// SPDX-License-Identifier: GPL-3.0-only
// Endpoints as people write them: "127.0.0.1:8080", "[::1]:9090", "localhost:0".
#pragma once

#include "common/result.h"
#include "common/settings.h"

namespace quiesce {

/// An IPv4 address, an IPv6 address in brackets or `localhost` (which means 127.0.0.1), a colon
/// and a port from 0 to 65535. Whether the address is one at all is for whoever can ask
/// QHostAddress; here only its characters are looked at.
/// @error what is wrong with it, for people.
[[nodiscard]] Result<Endpoint, QString> parseEndpoint(QStringView text);

/// parseEndpoint() reads it back; an IPv6 address gets its brackets.
[[nodiscard]] QString formatEndpoint(const Endpoint &endpoint);

enum class Scheme : unsigned char { Http, Https };

/// `http://127.0.0.1:8080`
[[nodiscard]] QString httpUrl(const Endpoint &endpoint, Scheme scheme = Scheme::Http);

} // namespace quiesce
