// SPDX-License-Identifier: GPL-3.0-only
// RabbitOptions: see the header.
#include "service/jobs/broker/rabbitmq/rabbitoptions.h"

#include <QUrl>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr quint16 kPort = 5'672;
constexpr quint16 kTlsPort = 5'671;

struct Parts
{
    QString user;
    QString authority; ///< without the user
    std::optional<QString> path; ///< without its slash
};

/// What is wrong with the text after `%`; empty: nothing.
QString wrongEscape(const QString &text)
{
    const auto isHex = [](QChar c) {
        return c.isDigit() || (c.toLower() >= u'a' && c.toLower() <= u'f');
    };
    for (qsizetype at = text.indexOf(u'%'); at >= 0; at = text.indexOf(u'%', at + 1)) {
        if (at + 2 >= text.size() || !isHex(text[at + 1]) || !isHex(text[at + 2]))
            return u"\"%1\" is not an escape"_s.arg(text.mid(at, 3));
    }
    return {};
}

QString decoded(const QString &text)
{
    return QString::fromUtf8(QByteArray::fromPercentEncoding(text.toUtf8()));
}

Result<Parts, QString> split(const QString &rest)
{
    Parts parts;
    const qsizetype slash = rest.indexOf(u'/');
    QString authority = rest.left(slash);
    if (slash >= 0)
        parts.path = rest.mid(slash + 1);
    if (parts.path && parts.path->contains(u'/'))
        return Failure{ u"its virtual host has a \"/\", which is written %2F"_s };
    if (const qsizetype at = authority.lastIndexOf(u'@'); at >= 0) {
        parts.user = authority.left(at);
        authority = authority.mid(at + 1);
        if (parts.user.contains(u':'))
            return Failure{ u"a password does not belong here; use jobs.rabbitmq_password_file"_s };
        if (parts.user.isEmpty())
            return Failure{ u"there is no user before its \"@\""_s };
    }
    parts.authority = authority;
    return parts;
}

Result<quint16, QString> parsePort(const QString &text)
{
    bool isNumber = false;
    const uint port = text.toUInt(&isNumber);
    const bool isPlain =
        std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    if (!isNumber || !isPlain || port == 0 || port > 65'535)
        return Failure{ u"its port \"%1\" is not a number from 1 to 65535"_s.arg(text) };
    return static_cast<quint16>(port);
}

bool isHost(const QString &text)
{
    static const QString kOthers = u"-._"_s;
    return !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        return c.unicode() < 128 && (c.isLetterOrNumber() || kOthers.contains(c));
    });
}

bool isIpv6(const QString &text)
{
    return text.contains(u':') && std::all_of(text.cbegin(), text.cend(), [](QChar c) {
               return c == u':' || c == u'.' || c == u'%'
                   || (c.unicode() < 128 && c.isLetterOrNumber());
           });
}

/// What is wrong; empty: nothing.
QString takeAddress(const QString &authority, RabbitOptions *options)
{
    qsizetype end = authority.lastIndexOf(u':');
    QString host = authority.left(end);
    if (authority.startsWith(u'[')) {
        const qsizetype close = authority.indexOf(u']');
        if (close < 0)
            return u"its address has a \"[\" without \"]\""_s;
        host = authority.mid(1, close - 1);
        end = close + 1 < authority.size() ? close + 1 : -1;
        if (!isIpv6(host) || (end >= 0 && authority[end] != u':'))
            return u"\"%1\" is not an address"_s.arg(authority);
    } else if (!isHost(host)) {
        return host.isEmpty() ? u"it has no host"_s : u"\"%1\" is not a host"_s.arg(host);
    }
    options->host = host;
    if (end < 0)
        return {};
    const Result<quint16, QString> port = parsePort(authority.mid(end + 1));
    if (!port)
        return port.error();
    options->port = port.value();
    return {};
}

/// What is wrong; empty: nothing.
QString takeRest(const QString &rest, RabbitOptions *options)
{
    if (rest.contains(u'?') || rest.contains(u'#'))
        return u"it has a \"?\" or \"#\", and there are no parameters"_s;
    const Result<Parts, QString> parts = split(rest);
    if (!parts)
        return parts.error();
    const QString path = parts.value().path.value_or(QString());
    if (const QString wrong = wrongEscape(parts.value().user + path); !wrong.isEmpty())
        return wrong;
    if (!parts.value().user.isEmpty())
        options->user = decoded(parts.value().user);
    if (parts.value().path)
        options->virtualHost = decoded(path);
    return takeAddress(parts.value().authority, options);
}

} // namespace

Result<RabbitOptions, QString> parseAmqpUrl(const QString &url)
{
    RabbitOptions options;
    options.tls.isEnabled = url.startsWith("amqps://"_L1);
    if (!options.tls.isEnabled && !url.startsWith("amqp://"_L1))
        return Failure{ u"it does not begin with amqp:// or amqps://"_s };
    options.port = options.tls.isEnabled ? kTlsPort : kPort;
    const QString rest = url.mid(url.indexOf("://"_L1) + 3);
    if (const QString wrong = takeRest(rest, &options); !wrong.isEmpty())
        return Failure{ wrong };
    return options;
}

QString addressOf(const RabbitOptions &options)
{
    return (options.host.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s)
        .arg(options.host)
        .arg(options.port);
}

} // namespace quiesce
