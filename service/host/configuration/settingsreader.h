// SPDX-License-Identifier: GPL-3.0-only
// SettingsReader: takes values from each source in turn and collects everything that is wrong.
#pragma once

#include "common/settings.h"
#include "service/host/configuration/setting.h"

#include <QByteArray>
#include <QMap>
#include <QSet>
#include <QStringList>

class QProcessEnvironment;

namespace quiesce {

struct CommandsReading;
struct Contradiction;
struct TomlEntry;

/// Order: readFile(), readEnvironment(), readFlags(), then finish(); a later value replaces an
///        earlier one.
class SettingsReader final
{
public:
    explicit SettingsReader(const Settings &defaults = {})
        : m_settings(defaults)
    { }

    /// `name` is how the file is called in errors and sources.
    void readFile(const QString &name, const QByteArray &document);
    void readEnvironment(const QProcessEnvironment &environment);
    void readFlags(const QMap<QString, QString> &flags);
    /// Key → value, of sockets that listen already.
    void readInherited(const QMap<QString, QString> &values);
    /// Fills in the defaults that depend on the machine and looks for contradictions among what
    /// was read without an error.
    void finish(const QProcessEnvironment &environment);

    void addError(const QString &error) { m_errors.append(error); }
    /// Adds an error that begins with where the blamed setting was given.
    void addContradiction(const Contradiction &contradiction);

    [[nodiscard]] const Settings &settings() const { return m_settings; }
    [[nodiscard]] const QMap<QString, QString> &sources() const { return m_sources; }
    [[nodiscard]] const QStringList &errors() const { return m_errors; }

private:
    /// Where a value stands: in an error, and as the comment of a printed setting.
    struct Source
    {
        QString inError;
        QString inPrint;
    };

    void takeCommands(const CommandsReading &reading);
    void readEntry(const QString &file, const TomlEntry &entry);
    void take(const Setting &setting, const QString &text, const QString &found,
              const Source &source);
    void refuse(const Setting &setting, const QString &source, const QString &found,
                const QString &reason);
    void fillDirectories(const QProcessEnvironment &environment);
    void reportContradictions();
    [[nodiscard]] bool isGiven(const QString &key) const;
    void takeDefault(const QString &key, QString &place, const QString &path,
                     const QString &origin);

    Settings m_settings;
    QMap<QString, QString> m_sources;
    QMap<QString, QString> m_errorSources;
    QSet<QString> m_broken; ///< keys with an error, left out of the search for contradictions
    QStringList m_errors;
};

} // namespace quiesce
