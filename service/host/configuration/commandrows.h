// SPDX-License-Identifier: GPL-3.0-only
// The tables of what a configured command's TOML may say: how each key is read and written.
#pragma once

#include "common/jobs/commandsettings.h"
#include "service/host/configuration/tomldocument.h"

#include <functional>

namespace quiesce {

/// One key of a table of TOML.
template <typename Owner>
struct TomlRow
{
    QString name;
    /// Reads the value into its place. Says what is wrong, without the place; empty: nothing.
    std::function<QString(Owner &, const TomlEntry &)> read;
    /// As a TOML literal; empty: nothing to write.
    std::function<QString(const Owner &)> write;
    /// Of a field: the types it is for; empty: all.
    QList<CommandField::Type> types = {};
};

/// `[jobs.commands.NAME]`, without the tables in it.
[[nodiscard]] const QList<TomlRow<CommandSettings>> &commandRows();
/// `[jobs.commands.NAME.progress]`
[[nodiscard]] const QList<TomlRow<CommandProgress>> &progressRows();
/// `[jobs.commands.NAME.fields.FIELD]`; the type is first.
[[nodiscard]] const QList<TomlRow<CommandField>> &fieldRows();

/// The whole command as TOML that reads back to the same; `sources` gives each key's comment.
[[nodiscard]] QString commandToml(const CommandSettings &command,
                                  const QMap<QString, QString> &sources);

/// "jobs.commands.NAME", which its keys begin with.
[[nodiscard]] QString commandKey(const QString &name);

} // namespace quiesce
