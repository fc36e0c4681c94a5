// SPDX-License-Identifier: GPL-3.0-only
// Reads `[jobs.commands.NAME]`: the kinds of jobs that an operator configures.
#pragma once

#include "common/jobs/commandsettings.h"
#include "service/host/configuration/tomldocument.h"

namespace quiesce {

struct CommandsReading
{
    QList<CommandSettings> commands; ///< those without an error
    QStringList errors; ///< each begins with file:line:column
    QMap<QString, QString> sources; ///< key → file:line, of what was given
};

/// Whether an entry belongs to a command.
[[nodiscard]] bool isOfCommands(const TomlEntry &entry);

/// Reads and judges all commands of a file: each key by itself, then whether they fit together.
/// They are given in the file only; no variable and no flag replaces one.
/// Limits: kMaxCommands commands, kMaxCommandFields fields in each.
[[nodiscard]] CommandsReading readCommands(const QString &file, const QList<TomlEntry> &entries);

inline constexpr qsizetype kMaxCommands = 256;
inline constexpr qsizetype kMaxCommandFields = 64;

} // namespace quiesce
