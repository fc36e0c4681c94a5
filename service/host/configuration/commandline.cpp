// SPDX-License-Identifier: GPL-3.0-only
// QCommandLineParser over the settings table.
#include "service/host/configuration/commandline.h"

#include "common/printable.h"
#include "service/host/configuration/nearest.h"
#include "service/host/configuration/settingstable.h"

#include <QCommandLineParser>

namespace quiesce {

using namespace Qt::StringLiterals;
using Request = CommandLine::Request;

namespace {

/// In the order in which one wins over the next when several are given.
const QList<std::pair<QString, Request>> &requests()
{
    static const QList<std::pair<QString, Request>> all{
        { u"help"_s, Request::Help },
        { u"version"_s, Request::Version },
        { u"print-settings-table"_s, Request::PrintSettingsTable },
        { u"print-example-config"_s, Request::PrintExampleConfig },
        { u"print-manual-options"_s, Request::PrintManualOptions },
        { u"print-manual-settings"_s, Request::PrintManualSettings },
        { u"print-config"_s, Request::PrintConfig },
        { u"check-config"_s, Request::CheckConfig },
        { u"probe"_s, Request::Probe },
    };
    return all;
}

const QStringList kProbes{ u"livez"_s, u"readyz"_s, u"startupz"_s };

void addOptions(QCommandLineParser &parser)
{
    parser.addOption({ { u"h"_s, u"help"_s }, {} });
    for (const auto &[name, request] : requests()) {
        if (request == Request::Probe)
            parser.addOption({ name, {}, kProbes.join(u'|') });
        else if (request != Request::Help)
            parser.addOption({ name, {} });
    }
    parser.addOption({ u"config"_s, {}, u"FILE"_s });
    for (const Setting &setting : settingsTable()) {
        if (!setting.flag.isEmpty())
            parser.addOption({ setting.flag, {}, setting.placeholder });
    }
}

QString unknownFlag(const QString &name)
{
    QString error = u"unknown flag %1"_s.arg(quoted(name));
    if (name.size() == 1) // nothing is near a letter
        return error;
    QStringList known = settingNames(&Setting::flagName);
    for (const ProgramFlag &flag : programFlags())
        known.append(flag.name);
    return error + "; the nearest known one is --"_L1 + nearest(name, known);
}

QStringList usageErrors(const QCommandLineParser &parser, bool isParsed)
{
    QStringList errors;
    if (!isParsed && parser.unknownOptionNames().isEmpty())
        errors.append(printable(parser.errorText()));
    for (const QString &name : parser.unknownOptionNames())
        errors.append(unknownFlag(name));
    for (const QString &argument : parser.positionalArguments())
        errors.append(u"unexpected argument %1"_s.arg(quoted(argument)));
    if (parser.isSet(u"config"_s) && parser.value(u"config"_s).isEmpty())
        errors.append(u"--config names no file"_s);
    if (const QString probe = parser.value(u"probe"_s);
        parser.isSet(u"probe"_s) && !kProbes.contains(probe)) {
        errors.append(u"--probe wants %1, not %2"_s.arg(kProbes.join(", "_L1), quoted(probe)));
    }
    return errors;
}

} // namespace

Result<CommandLine, QStringList> readCommandLine(const QStringList &arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    const bool isParsed = parser.parse(arguments);
    if (const QStringList errors = usageErrors(parser, isParsed); !errors.isEmpty())
        return Failure{ errors };

    CommandLine line;
    for (const auto &[name, request] : requests()) {
        if (line.request == Request::Run && parser.isSet(name))
            line.request = request;
    }
    line.configFile = parser.value(u"config"_s);
    line.probe = parser.value(u"probe"_s);
    for (const Setting &setting : settingsTable()) {
        if (!setting.flag.isEmpty() && parser.isSet(setting.flag))
            line.flags.insert(setting.flag, parser.value(setting.flag));
    }
    return line;
}

QList<ProgramFlag> programFlags()
{
    return {
        { u"config"_s, u"FILE"_s, u"TOML file with settings."_s },
        { u"check-config"_s, {}, u"Checks the configuration and exits 0 or 78."_s },
        { u"print-config"_s,
          {},
          u"Prints the effective settings as TOML, each with its source."_s },
        { u"probe"_s, kProbes.join(u'|'),
          u"Asks the admin listener of the running instance with these settings, prints nothing "
          u"and "
          "exits 0 when it answers 200, else the reason and 1. No data directory is opened, and it "
          "takes 2s at most."_s },
        { u"help"_s, {}, u"Prints this."_s },
        { u"version"_s, {}, u"Prints the version."_s },
    };
}

} // namespace quiesce
