// SPDX-License-Identifier: GPL-3.0-only
// Puts the readers in order and decides what the program is to do.
#include "service/host/configuration/configuration.h"

#include "service/core/exitcodes.h"
#include "service/host/configuration/manualtext.h"
#include "service/host/configuration/settingsreader.h"
#include "service/host/configuration/settingstable.h"
#include "service/host/configuration/settingstext.h"

#include <QFile>
#include <QFileInfo>

namespace quiesce {

using namespace Qt::StringLiterals;
using Request = CommandLine::Request;

namespace {

QString lines(const QStringList &errors)
{
    return errors.join(u'\n') + u'\n';
}

Result<QByteArray, QString> readBounded(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Failure{ u"%1: cannot be read: %2"_s.arg(path, file.errorString()) };
    QByteArray document = file.read(Configuration::kMaxFileBytes + 1);
    if (file.error() != QFileDevice::NoError)
        return Failure{ u"%1: cannot be read: %2"_s.arg(path, file.errorString()) };
    if (document.size() > Configuration::kMaxFileBytes)
        return Failure{ u"%1: is larger than a configuration may be (1MiB)"_s.arg(path) };
    return document;
}

SettingsReader readAll(const QString &name, const CommandLine &commandLine,
                       const QProcessEnvironment &environment,
                       const QMap<QString, QString> &inherited)
{
    Settings defaults;
    defaults.service.name = name;
    SettingsReader reader(defaults);
    if (!commandLine.configFile.isEmpty()) {
        const auto document = readBounded(commandLine.configFile);
        if (document)
            reader.readFile(commandLine.configFile, document.value());
        else
            reader.addError(document.error());
    }
    reader.readEnvironment(environment);
    reader.readFlags(commandLine.flags);
    reader.readInherited(inherited);
    reader.finish(environment);
    return reader;
}

/// Only of settings without an error: what they name may be nonsense otherwise.
void check(const std::function<QList<Contradiction>(const Settings &)> &look,
           const Settings &settings, SettingsReader &reader)
{
    if (!look || !reader.errors().isEmpty())
        return;
    for (const Contradiction &found : look(settings))
        reader.addContradiction(found);
}

bool isTakenOver(const Setting &setting, const QString &former, const QString &wanted)
{
    switch (setting.reload) {
    case Setting::Reload::NeedsRestart:
        break;
    case Setting::Reload::AtRunTime:
        return true;
    case Setting::Reload::WhileGiven:
        return !former.isEmpty() && !wanted.isEmpty();
    }
    return false;
}

/// What is answered without looking at any setting.
std::optional<EarlyExit> answerFromTable(Request request, const Configuration::Inputs &inputs)
{
    switch (request) {
    case Request::Help:
        return EarlyExit{ kExitOk, helpText(inputs.name) };
    case Request::Version:
        return EarlyExit{ kExitOk, inputs.name + u' ' + inputs.version + u'\n' };
    case Request::PrintSettingsTable:
        return EarlyExit{ kExitOk, settingsTableMarkdown() };
    case Request::PrintExampleConfig:
        return EarlyExit{ kExitOk, exampleConfiguration() };
    case Request::PrintManualOptions:
        return EarlyExit{ kExitOk, manualOptions() };
    case Request::PrintManualSettings:
        return EarlyExit{ kExitOk, manualSettings() };
    case Request::Run:
    case Request::CheckConfig:
    case Request::PrintConfig:
    case Request::Probe:
        break;
    }
    return std::nullopt;
}

} // namespace

Configuration::Configuration(CommandLine commandLine, const Inputs &inputs)
    : m_commandLine(std::move(commandLine))
    , m_environment(inputs.environment)
    , m_name(inputs.name)
    , m_inherited(inputs.inherited)
    , m_check(inputs.check)
{ }

Result<Configuration, EarlyExit> Configuration::load(const Inputs &inputs)
{
    auto commandLine = readCommandLine(inputs.arguments);
    if (!commandLine) {
        return Failure{ EarlyExit{
            kExitUsage, lines(commandLine.error()) + "Flags are explained by --help.\n"_L1 } };
    }
    const Request request = commandLine.value().request;
    if (const auto answer = answerFromTable(request, inputs))
        return Failure{ *answer };

    Configuration configuration(commandLine.takeValue(), inputs);
    SettingsReader reader =
        readAll(inputs.name, configuration.m_commandLine, inputs.environment, inputs.inherited);
    if (request != Request::PrintConfig && request != Request::Probe)
        check(inputs.check, reader.settings(), reader);
    if (!reader.errors().isEmpty())
        return Failure{ EarlyExit{ kExitConfiguration, lines(reader.errors()) } };
    configuration.m_settings = reader.settings();
    configuration.m_sources = reader.sources();
    if (request == Request::PrintConfig)
        return Failure{ EarlyExit{
            kExitOk, settingsToml(configuration.m_settings, configuration.m_sources) } };
    if (request == Request::CheckConfig)
        return Failure{ EarlyExit{ kExitOk, u"The configuration is valid.\n"_s } };
    return configuration;
}

Result<ReloadedSettings, QStringList> Configuration::reload()
{
    const QString &path = m_commandLine.configFile;
    // A pipe was read empty at the start; reading it again could block the event loop for ever.
    if (const QFileInfo info(path); !path.isEmpty() && info.exists() && !info.isFile())
        return Failure{ QStringList{
            u"%1: is not a regular file and cannot be read again"_s.arg(path) } };
    SettingsReader reader = readAll(m_name, m_commandLine, m_environment, m_inherited);
    if (!reader.errors().isEmpty())
        return Failure{ reader.errors() };

    ReloadedSettings reloaded{ m_settings, {}, {} };
    for (const Setting &setting : settingsTable()) {
        const QString former = setting.write(m_settings);
        const QString wanted = setting.write(reader.settings());
        if (wanted == former)
            continue;
        if (!isTakenOver(setting, former, wanted)) {
            reloaded.needRestart.append(setting.key());
            continue;
        }
        reloaded.changed.append(setting.key());
        [[maybe_unused]] const auto isRead = setting.read(reloaded.settings, wanted);
        Q_ASSERT(isRead); // what a setting writes it reads back
    }
    if (reader.settings().jobs.commands != m_settings.jobs.commands)
        reloaded.needRestart.append(u"jobs.commands"_s);
    check(m_check, reloaded.settings, reader);
    if (!reader.errors().isEmpty())
        return Failure{ reader.errors() };
    m_settings = reloaded.settings;
    return reloaded;
}

} // namespace quiesce
