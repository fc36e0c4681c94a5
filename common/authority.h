// SPDX-License-Identifier: GPL-3.0-only
// Hosts as clients and settings name them, in one spelling, so that they can be compared.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <optional>

namespace quiesce {

/// host [ ":" port ], as in a Host field (RFC 9110 section 7.2).
struct Authority
{
    QByteArray host; ///< as canonicalHost() writes it
    std::optional<quint16> port;

    friend bool operator==(const Authority &, const Authority &) = default;
};

/// A name in lower case, or an address as inet_ntop(3) writes it: IPv6 without brackets, an
/// IPv4-mapped one as IPv4. Two hosts are the same when these are.
///
/// None for what programs read differently, or what only serves to look like something else: a
/// trailing dot, zone ids, escapes, "127.1", "0x7f.0.0.1", labels that are empty or longer than 63,
/// names longer than 253.
[[nodiscard]] std::optional<QByteArray> canonicalHost(QByteArrayView host);

/// None when the host is none, an IPv6 address has no brackets, or the port is not 1 to 5 digits of
/// a number up to 65535.
[[nodiscard]] std::optional<Authority> parseAuthority(QByteArrayView text);

} // namespace quiesce
