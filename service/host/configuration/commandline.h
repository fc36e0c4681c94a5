// SPDX-License-Identifier: GPL-3.0-only
// The command line, read but not yet judged: which flags were given with which values.
#pragma once

#include "common/result.h"

#include <QMap>
#include <QString>
#include <QStringList>

namespace quiesce {

struct CommandLine
{
    /// What the program is asked to do; everything but Run is done before anything is opened.
    enum class Request : unsigned char {
        Run,
        Help,
        Version,
        CheckConfig,
        PrintConfig,
        Probe, ///< of the running instance
        PrintSettingsTable, ///< not in the help: keeps the README's table
        PrintExampleConfig, ///< not in the help: keeps the example configuration
        PrintManualOptions, ///< not in the help: a part of quiesced(1)
        PrintManualSettings, ///< not in the help: a part of quiesced.toml(5)
    };

    Request request = Request::Run;
    QString configFile; ///< empty: none
    QString probe; ///< of Request::Probe: `livez`, `readyz` or `startupz`
    QMap<QString, QString> flags; ///< flag without dashes → value; the last one wins
};

/// `arguments` begins with the program's name.
/// @error what is wrong with the usage, one line each.
[[nodiscard]] Result<CommandLine, QStringList> readCommandLine(const QStringList &arguments);

/// The flags that are no settings: name, placeholder and meaning, as the help shows them.
struct ProgramFlag
{
    QString name;
    QString placeholder;
    QString meaning;
};
[[nodiscard]] QList<ProgramFlag> programFlags();

} // namespace quiesce
