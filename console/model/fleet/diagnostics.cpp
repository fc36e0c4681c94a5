// SPDX-License-Identifier: GPL-3.0-only
// Diagnostics: see the header.
#include "console/model/fleet/diagnostics.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>
#include <QSslSocket>
#include <QSysInfo>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// A home's name is often its owner's.
QString withoutHome(const QString &text)
{
    QString shown = text;
    if (const QString home = QDir::homePath(); home.size() > 1)
        shown.replace(home, u"~"_s);
    return shown;
}

QString momentOf(const QDateTime &at)
{
    return at.isValid() ? at.toUTC().toString(Qt::ISODateWithMs) : u"never"_s;
}

QLatin1StringView nameOf(LinkState state)
{
    switch (state) {
    case LinkState::Idle:
        return "idle"_L1;
    case LinkState::Connecting:
        return "connecting"_L1;
    case LinkState::Live:
        return "live"_L1;
    case LinkState::Stale:
        return "stale"_L1;
    case LinkState::Unreachable:
        return "unreachable"_L1;
    case LinkState::NotAuthorised:
        return "not authorised"_L1;
    case LinkState::NeedsToken:
        return "needs a token"_L1;
    case LinkState::Incompatible:
        return "incompatible"_L1;
    case LinkState::Stopped:
        return "stopped"_L1;
    case LinkState::Crashed:
        return "crashed"_L1;
    }
    return {};
}

QLatin1StringView nameOf(Role role)
{
    switch (role) {
    case Role::Unknown:
        return "unknown"_L1;
    case Role::Reader:
        return "reader"_L1;
    case Role::Operator:
        return "operator"_L1;
    }
    return {};
}

QLatin1StringView nameOf(TokenSource source)
{
    switch (source) {
    case TokenSource::File:
        return "file"_L1;
    case TokenSource::Keyring:
        return "keyring"_L1;
    case TokenSource::Ask:
        return "asked for"_L1;
    }
    return {};
}

QString trustOf(const InstanceSpec &spec)
{
    if (spec.adminUrl.scheme() == "http"_L1)
        return u"none, plain HTTP"_s;
    if (!spec.pinnedSha256.isEmpty())
        return u"a pinned certificate"_s;
    return spec.caFile.isEmpty() ? u"the system's CAs"_s : withoutHome(spec.caFile);
}

QStringList linesOf(const Instance &instance)
{
    const InstanceSpec &spec = instance.spec();
    const LinkStatus &link = instance.link();
    QStringList lines{
        QString(),
        u"instance: "_s + spec.adminUrl.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery),
        u"  from: "_s + (spec.isLocal ? "a runtime file"_L1 : "a connection"_L1)
            + (spec.isReadOnly ? ", to look at only"_L1 : ""_L1),
        u"  token: %1; trust: %2; role: %3"_s.arg(nameOf(spec.tokenSource), trustOf(spec),
                                                  nameOf(instance.role())),
        u"  link: %1 since %2, last seen %3, failed attempts %4"_s.arg(
            nameOf(link.state), momentOf(link.since), momentOf(link.lastSeenAt),
            QString::number(link.attempt)),
    };
    if (!link.reason.isEmpty())
        lines.append(u"  why: "_s + withoutHome(link.reason));
    if (const std::optional<Snapshot> &snapshot = instance.snapshot()) {
        lines.append(u"  service: version %1, state %2 since %3, started %4"_s.arg(
            snapshot->version, QString(toWire(snapshot->stats.state)),
            momentOf(snapshot->stateSinceAt), momentOf(snapshot->startedAt)));
    }
    return lines;
}

} // namespace

QString diagnosticsText(const DiagnosticFacts &facts, const QDateTime &now)
{
    QStringList lines{
        u"Quiesce Console "_s + QCoreApplication::applicationVersion(),
        u"at: "_s + momentOf(now),
        u"Qt: %1 (built with %2), TLS: %3"_s.arg(
            QLatin1StringView(qVersion()), QLatin1StringView(QT_VERSION_STR),
            QSslSocket::supportsSsl() ? QSslSocket::sslLibraryVersionString() : u"none"_s),
        u"system: %1, kernel %2, %3"_s.arg(QSysInfo::prettyProductName(), QSysInfo::kernelVersion(),
                                           QSysInfo::currentCpuArchitecture()),
        u"locale: "_s + QLocale().name(),
        u"folder: "_s + withoutHome(facts.folder),
        u"settings: "_s
            + (facts.settingsFault.isEmpty() ? u"read"_s : withoutHome(facts.settingsFault)),
        u"choices: theme %1, language %2"_s.arg(toText(facts.choices.theme),
                                                toText(facts.choices.language)),
        u"instances: %1"_s.arg(facts.instances.size()),
    };
    for (const Instance *instance :
         facts.instances.first(std::min(facts.instances.size(), kMaxDiagnosedInstances)))
        lines += linesOf(*instance);
    if (facts.instances.size() > kMaxDiagnosedInstances)
        lines.append(u"and %1 more"_s.arg(facts.instances.size() - kMaxDiagnosedInstances));
    return lines.join(u'\n') + u'\n';
}

} // namespace quiesce
