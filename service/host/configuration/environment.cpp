// SPDX-License-Identifier: GPL-3.0-only
// Rules for variables that are not settings.
#include "service/host/configuration/environment.h"

#include <QDir>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// A service link's value is an address only under `…_PORT`; the other names speak for themselves.
bool isKubernetesServiceLink(const QString &name, const QString &value)
{
    static const QRegularExpression byName(
        QRegularExpression::anchoredPattern(u"QUIESCE_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?"
                                            "|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"_s));
    static const QRegularExpression address(u"^(tcp|udp|sctp)://"_s);
    return byName.match(name).hasMatch()
        || (name.endsWith("_PORT"_L1) && address.match(value).hasMatch());
}

/// The first directory of a variable that systemd fills with a list.
QString firstOf(const QString &list)
{
    return list.section(u':', 0, 0);
}

DefaultDirectory below(const QProcessEnvironment &environment, const QString &variable,
                       const QString &folder)
{
    const QString base = environment.value(variable);
    if (!QDir::isAbsolutePath(base))
        return {};
    return { QDir::cleanPath(base + u'/' + folder), variable };
}

DefaultDirectory managed(const QProcessEnvironment &environment, const QString &variable)
{
    const QString directory = firstOf(environment.value(variable));
    if (!QDir::isAbsolutePath(directory))
        return {};
    return { QDir::cleanPath(directory), variable };
}

} // namespace

bool isForeignVariable(const QString &name, const QString &value)
{
    static const QStringList prefixes{ u"QUIESCE_CONSOLE_"_s, u"QUIESCE_REHEARSE_"_s,
                                       u"QUIESCE_TEST_"_s };
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const QString &prefix) { return name.startsWith(prefix); })
        || isKubernetesServiceLink(name, value);
}

DefaultDirectory defaultDataDir(const QProcessEnvironment &environment)
{
    if (auto directory = managed(environment, u"STATE_DIRECTORY"_s); !directory.path.isEmpty())
        return directory;
    if (auto directory = below(environment, u"XDG_STATE_HOME"_s, u"quiesce"_s);
        !directory.path.isEmpty())
        return directory;
    return below(environment, u"HOME"_s, u".local/state/quiesce"_s);
}

DefaultDirectory defaultRuntimeDir(const QProcessEnvironment &environment)
{
    const auto directory = managed(environment, u"RUNTIME_DIRECTORY"_s);
    return directory.path.isEmpty() ? below(environment, u"XDG_RUNTIME_DIR"_s, u"quiesce"_s)
                                    : directory;
}

} // namespace quiesce
