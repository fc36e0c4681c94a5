// SPDX-License-Identifier: GPL-3.0-only
// What a connection must look like: see the header.
#include "console/client/discovery/specrules.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kPinBytes = 32;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::SpecRules)
};

using Field = SpecFault::Field;

bool hasControls(const QString &text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) { return !c.isPrint(); });
}

std::optional<SpecFault> lineFault(Field field, const QString &text)
{
    if (text.size() > kMaxNameLength)
        return SpecFault{ field, Text::tr("at most %n character(s)", nullptr, kMaxNameLength) };
    if (hasControls(text))
        return SpecFault{ field, Text::tr("has characters that cannot be shown") };
    return std::nullopt;
}

std::optional<SpecFault> urlFault(const QUrl &url)
{
    const QString written = url.toString();
    if (written.size() > kMaxUrlLength || adminUrlFromUserInput(written) != url)
        return SpecFault{ Field::Url, Text::tr("not the http or https address of a host") };
    return std::nullopt;
}

std::optional<SpecFault> pathFault(Field field, const QString &path)
{
    if (path.size() > kMaxPathLength || (!path.isEmpty() && !QDir::isAbsolutePath(path)))
        return SpecFault{ field, Text::tr("not an absolute path") };
    return std::nullopt;
}

std::optional<SpecFault> readFault(Field field, const QString &path)
{
    const QFileInfo info(path);
    if (path.isEmpty() || (info.isFile() && info.isReadable()))
        return std::nullopt;
    return SpecFault{ field,
                      info.exists() ? Text::tr("a file that cannot be read")
                                    : Text::tr("there is no such file") };
}

std::optional<SpecFault> tlsFault(const InstanceSpec &spec)
{
    const bool isTls = spec.adminUrl.scheme() == "https"_L1;
    if (!isTls && !spec.caFile.isEmpty())
        return SpecFault{ Field::CaFile, Text::tr("only an https address has a certificate") };
    if (!isTls && !spec.pinnedSha256.isEmpty())
        return SpecFault{ Field::Pin, Text::tr("only an https address has a certificate") };
    if (!spec.pinnedSha256.isEmpty() && spec.pinnedSha256.size() != kPinBytes)
        return SpecFault{ Field::Pin, Text::tr("not a SHA-256 of 64 hex digits") };
    return std::nullopt;
}

std::optional<SpecFault> tokenFault(const InstanceSpec &spec)
{
    if (spec.tokenSource == TokenSource::File && spec.tokenFile.isEmpty())
        return SpecFault{ Field::TokenFile, Text::tr("which file has the token?") };
    return pathFault(Field::TokenFile, spec.tokenFile);
}

QString canonicalHost(const QUrl &url)
{
    const QString host = url.host().toLower();
    return host == "localhost"_L1 ? u"127.0.0.1"_s : host;
}

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == "https"_L1 ? 443 : 80);
}

} // namespace

std::optional<SpecFault> formFaultOf(const InstanceSpec &spec)
{
    if (auto fault = lineFault(Field::Name, spec.name))
        return fault;
    if (auto fault = lineFault(Field::Group, spec.group))
        return fault;
    if (auto fault = urlFault(spec.adminUrl))
        return fault;
    if (auto fault = tokenFault(spec))
        return fault;
    if (auto fault = pathFault(Field::CaFile, spec.caFile))
        return fault;
    return tlsFault(spec);
}

std::optional<SpecFault> faultOf(const InstanceSpec &spec)
{
    if (auto fault = formFaultOf(spec))
        return fault;
    if (spec.tokenSource == TokenSource::File) {
        if (auto fault = readFault(Field::TokenFile, spec.tokenFile))
            return fault;
    }
    return readFault(Field::CaFile, spec.caFile);
}

std::optional<QByteArray> pinFromText(const QString &text)
{
    QString digits = text;
    digits.removeIf([](QChar c) { return c == u':' || c.isSpace(); });
    const bool isHex = std::all_of(digits.begin(), digits.end(), [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c.toLower() >= u'a' && c.toLower() <= u'f');
    });
    if (!isHex || digits.size() != 2 * kPinBytes)
        return std::nullopt;
    return QByteArray::fromHex(digits.toLatin1());
}

QString pinText(const QByteArray &pin)
{
    return QString::fromLatin1(pin.toHex(':')).toUpper();
}

bool isSameAdmin(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && canonicalHost(a) == canonicalHost(b)
        && portOf(a) == portOf(b);
}

} // namespace quiesce
