// SPDX-License-Identifier: GPL-3.0-only
// Splits an endpoint into address and port.
#include "common/endpoint.h"

#include "common/printable.h"

#include <algorithm>
#include <optional>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isAllDigitsAndDots(QStringView text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) { return isDigit(c) || c == u'.'; });
}

std::optional<quint16> parsePort(QStringView digits)
{
    constexpr qsizetype kLongest = 5;
    if (digits.isEmpty() || digits.size() > kLongest
        || !std::all_of(digits.begin(), digits.end(), isDigit)) {
        return std::nullopt;
    }
    bool fits = false;
    const quint16 port = digits.toUShort(&fits);
    return fits ? std::optional(port) : std::nullopt;
}

Result<QString, QString> parseAddress(QStringView host)
{
    if (host.isEmpty())
        return Failure{ u"the address is missing; 0.0.0.0 means every one"_s };
    if (host.startsWith(u'[') && host.endsWith(u']') && host.contains(u':'))
        return host.mid(1, host.size() - 2).toString();
    if (host.contains(u':'))
        return Failure{ u"an IPv6 address is written in brackets, like [::1]:8080"_s };
    if (host == "localhost"_L1)
        return u"127.0.0.1"_s;
    if (!isAllDigitsAndDots(host))
        return Failure{ u"%1 is not an address; a host name is not accepted"_s.arg(quoted(host)) };
    return host.toString();
}

} // namespace

Result<Endpoint, QString> parseEndpoint(QStringView text)
{
    const qsizetype colon = text.lastIndexOf(u':');
    if (colon < 0 || text.endsWith(u']'))
        return Failure{ u"the port is missing"_s };
    const auto address = parseAddress(text.left(colon));
    if (!address)
        return Failure{ address.error() };
    const auto port = parsePort(text.mid(colon + 1));
    if (!port)
        return Failure{ u"%1 is not a port from 0 to 65535"_s.arg(quoted(text.mid(colon + 1))) };
    return Endpoint{ address.value(), *port };
}

QString formatEndpoint(const Endpoint &endpoint)
{
    const QString port = QString::number(endpoint.port);
    return endpoint.address.contains(u':') ? u'[' + endpoint.address + "]:"_L1 + port
                                           : endpoint.address + u':' + port;
}

QString httpUrl(const Endpoint &endpoint, Scheme scheme)
{
    return (scheme == Scheme::Https ? "https://"_L1 : "http://"_L1) + formatEndpoint(endpoint);
}

} // namespace quiesce
