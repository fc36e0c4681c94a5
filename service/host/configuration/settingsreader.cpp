// SPDX-License-Identifier: GPL-3.0-only
// One source after the other over the settings table.
#include "service/host/configuration/settingsreader.h"

#include "common/printable.h"
#include "service/host/configuration/commandsreader.h"
#include "service/host/configuration/contradictions.h"
#include "service/host/configuration/environment.h"
#include "service/host/configuration/nearest.h"
#include "service/host/configuration/settingstable.h"
#include "service/host/configuration/tomldocument.h"
#include "service/host/configuration/tomlvalues.h"

#include <QProcessEnvironment>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

const Setting *findByVariable(const QString &name)
{
    const auto found =
        std::find_if(settingsTable().begin(), settingsTable().end(),
                     [&](const Setting &setting) { return setting.variable() == name; });
    return found == settingsTable().end() ? nullptr : &*found;
}

QString unknown(const QString &what, const QString &name, const QStringList &known)
{
    return u"unknown %1 %2; the nearest known one is %3"_s.arg(what, shown(name),
                                                               quoted(nearest(name, known)));
}

} // namespace

void SettingsReader::readFile(const QString &name, const QByteArray &document)
{
    const auto entries = readToml(document);
    if (!entries) {
        const TomlError &error = entries.error();
        m_errors.append(u"%1:%2:%3: %4"_s.arg(name, QString::number(error.line),
                                              QString::number(error.column),
                                              printable(error.reason)));
        return;
    }
    QList<TomlEntry> ofCommands;
    for (const TomlEntry &entry : entries.value()) {
        if (isOfCommands(entry))
            ofCommands.append(entry);
        else
            readEntry(name, entry);
    }
    takeCommands(readCommands(name, ofCommands));
}

void SettingsReader::takeCommands(const CommandsReading &reading)
{
    m_settings.jobs.commands = reading.commands;
    m_errors += reading.errors;
    for (auto source = reading.sources.begin(); source != reading.sources.end(); ++source)
        m_sources.insert(source.key(), source.value());
}

void SettingsReader::readEntry(const QString &file, const TomlEntry &entry)
{
    const QString line = file + u':' + QString::number(entry.line);
    const QString place = line + u':' + QString::number(entry.column);
    const Setting *setting = findSetting(entry.key);
    if (setting && isOfKind(entry, setting->tomlKind)) {
        const QString found = describe(entry);
        take(*setting, entry.text, found, { place + ": "_L1 + entry.key, line });
    } else if (setting) {
        refuse(*setting, place + ": "_L1 + entry.key, describe(entry), {});
    } else if (entry.kind != TomlEntry::Kind::Table) {
        m_errors.append(place + ": "_L1
                        + unknown(u"setting"_s, entry.key, settingNames(&Setting::key)));
    } else if (const QStringList sections = settingNames(&Setting::sectionName);
               !sections.contains(entry.key)) {
        m_errors.append(place + ": "_L1 + unknown(u"section"_s, entry.key, sections));
    }
}

void SettingsReader::readEnvironment(const QProcessEnvironment &environment)
{
    for (const QString &name : environment.keys()) {
        if (!name.startsWith("QUIESCE_"_L1))
            continue;
        const QString value = environment.value(name);
        if (const Setting *setting = findByVariable(name)) {
            take(*setting, value, shown(value), { name, name });
        } else if (!isForeignVariable(name, value)) {
            m_errors.append(printable(name) + ": unknown variable; the nearest known one is "_L1
                            + nearest(name, settingNames(&Setting::variable)));
        }
    }
}

void SettingsReader::readFlags(const QMap<QString, QString> &flags)
{
    for (const Setting &setting : settingsTable()) {
        const auto given = flags.find(setting.flag);
        if (setting.flag.isEmpty() || given == flags.end())
            continue;
        const QString source = "--"_L1 + setting.flag;
        take(setting, *given, shown(*given), { source, source });
    }
}

void SettingsReader::readInherited(const QMap<QString, QString> &values)
{
    for (auto value = values.cbegin(); value != values.cend(); ++value) {
        const Setting *setting = findSetting(value.key());
        Q_ASSERT(setting);
        const QString source = u"inherited socket"_s;
        take(*setting, *value, shown(*value), { source, source });
    }
}

void SettingsReader::take(const Setting &setting, const QString &text, const QString &found,
                          const Source &source)
{
    const auto result = setting.read(m_settings, text);
    if (!result) {
        refuse(setting, source.inError, found, result.error());
        return;
    }
    m_sources[setting.key()] = source.inPrint;
    m_errorSources[setting.key()] = source.inError;
}

void SettingsReader::refuse(const Setting &setting, const QString &source, const QString &found,
                            const QString &reason)
{
    m_broken.insert(setting.key());
    m_errors.append(u"%1: expected %2, found %3"_s.arg(source, setting.expected, found)
                    + (reason.isEmpty() ? QString() : ": "_L1 + reason));
}

void SettingsReader::finish(const QProcessEnvironment &environment)
{
    fillDirectories(environment);
    for (const Setting &setting : settingsTable()) {
        if (!isGiven(setting.key()))
            m_sources[setting.key()] = u"default"_s;
    }
    reportContradictions();
}

bool SettingsReader::isGiven(const QString &key) const
{
    return m_sources.contains(key);
}

void SettingsReader::fillDirectories(const QProcessEnvironment &environment)
{
    ServiceSettings &service = m_settings.service;
    const auto data = defaultDataDir(environment);
    takeDefault(u"service.data_dir"_s, service.dataDir, data.path, data.variable);
    if (service.dataDir.isEmpty() && !m_broken.contains(u"service.data_dir"_s)) {
        m_errors.append(u"service.data_dir: it has no default here, since none of STATE_DIRECTORY, "
                        "XDG_STATE_HOME and HOME holds an absolute path; give --data-dir"_s);
    }
    const auto runtime = defaultRuntimeDir(environment);
    if (runtime.path.isEmpty())
        takeDefault(u"service.runtime_dir"_s, service.runtimeDir, service.dataDir + "/run"_L1,
                    u"service.data_dir"_s);
    else
        takeDefault(u"service.runtime_dir"_s, service.runtimeDir, runtime.path, runtime.variable);
    takeDefault(u"admin.token_file"_s, m_settings.admin.tokenFile,
                service.dataDir + "/admin-token"_L1, u"service.data_dir"_s);
}

void SettingsReader::takeDefault(const QString &key, QString &place, const QString &path,
                                 const QString &origin)
{
    if (isGiven(key))
        return;
    place = path;
    m_sources[key] = "default, from "_L1 + origin;
}

void SettingsReader::reportContradictions()
{
    for (const Contradiction &contradiction : findContradictions(m_settings))
        addContradiction(contradiction);
}

void SettingsReader::addContradiction(const Contradiction &contradiction)
{
    const bool isAboutBroken =
        std::any_of(contradiction.keys.begin(), contradiction.keys.end(),
                    [&](const QString &key) { return m_broken.contains(key); });
    if (isAboutBroken)
        return;
    // Blame a setting that somebody gave: the first of the rule's that has a source.
    const auto blamed =
        std::find_if(contradiction.keys.begin(), contradiction.keys.end(),
                     [&](const QString &key) { return m_errorSources.contains(key); });
    const QString source =
        blamed == contradiction.keys.end() ? contradiction.keys.first() : m_errorSources[*blamed];
    m_errors.append(source + ": "_L1 + contradiction.reason);
}

} // namespace quiesce
