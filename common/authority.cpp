// SPDX-License-Identifier: GPL-3.0-only
// Authority: see the header.
#include "common/authority.h"

#include <QByteArrayList>
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>

namespace quiesce {

namespace {

constexpr qsizetype kLongestName = 253;
constexpr qsizetype kLongestLabel = 63;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNameByte(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

template <typename Address>
std::optional<QByteArray> spelled(int family, const Address &address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (!::inet_ntop(family, &address, text.data(), text.size()))
        return {};
    return QByteArray(text.data());
}

std::optional<QByteArray> canonicalV4(const QByteArray &text)
{
    in_addr address{};
    if (::inet_pton(AF_INET, text.constData(), &address) != 1)
        return {};
    return spelled(AF_INET, address);
}

std::optional<QByteArray> canonicalV6(const QByteArray &text)
{
    in6_addr address{};
    if (::inet_pton(AF_INET6, text.constData(), &address) != 1)
        return {};
    if (!IN6_IS_ADDR_V4MAPPED(&address))
        return spelled(AF_INET6, address);
    in_addr mapped{};
    std::copy_n(address.s6_addr + 12, sizeof mapped.s_addr,
                reinterpret_cast<unsigned char *>(&mapped.s_addr));
    return spelled(AF_INET, mapped);
}

bool isLabel(const QByteArray &label)
{
    return !label.isEmpty() && label.size() <= kLongestLabel
        && std::all_of(label.begin(), label.end(), isNameByte);
}

/// What ends in a number is an IPv4 address to some programs, however oddly it is written.
bool looksLikeNumber(const QByteArray &label)
{
    return std::all_of(label.begin(), label.end(), isDigit) || label.startsWith("0x");
}

std::optional<quint16> portOf(QByteArrayView digits)
{
    constexpr qsizetype kMostDigits = 5;
    if (digits.isEmpty() || digits.size() > kMostDigits
        || !std::all_of(digits.begin(), digits.end(), isDigit))
        return {};
    bool fits = false;
    const quint16 port = digits.toByteArray().toUShort(&fits);
    return fits ? std::optional(port) : std::nullopt;
}

} // namespace

std::optional<QByteArray> canonicalHost(QByteArrayView host)
{
    const QByteArray text = host.toByteArray().toLower();
    if (text.isEmpty() || text.size() > kLongestName || text.contains('\0'))
        return {};
    if (text.contains(':'))
        return canonicalV6(text);
    const QByteArrayList labels = text.split('.');
    if (!std::all_of(labels.begin(), labels.end(), isLabel))
        return {};
    return looksLikeNumber(labels.last()) ? canonicalV4(text) : text;
}

std::optional<Authority> parseAuthority(QByteArrayView text)
{
    const bool isBracketed = text.startsWith('[');
    const qsizetype hostEnd = isBracketed ? text.indexOf(']') + 1 : text.indexOf(':');
    if (isBracketed && hostEnd == 0)
        return {};
    const QByteArrayView written = hostEnd < 0 ? text : text.first(hostEnd);
    const QByteArrayView rest = hostEnd < 0 ? QByteArrayView() : text.sliced(hostEnd);
    if (isBracketed && !written.contains(':'))
        return {};
    const std::optional<QByteArray> host =
        canonicalHost(isBracketed ? written.sliced(1, written.size() - 2) : written);
    if (!host)
        return {};
    if (rest.isEmpty())
        return Authority{ *host, {} };
    const std::optional<quint16> port =
        rest.startsWith(':') ? portOf(rest.sliced(1)) : std::nullopt;
    if (!port)
        return {};
    return Authority{ *host, port };
}

} // namespace quiesce
