// SPDX-License-Identifier: GPL-3.0-only
// ConsoleOptions: what the command line of quiesce-console says.
#pragma once

#include "common/result.h"

#include <QList>
#include <QStringList>
#include <QUrl>

namespace quiesce {

struct ConsoleOptions
{
    /// What to do instead of opening a window.
    enum class Show : unsigned char { Window, Help, Version };

    Show show = Show::Window;
    QList<QUrl> connectTo; ///< admin listeners, for this run
    QString configDir; ///< empty: see configFolder()
};

/// @param arguments with the program's name first. There is no option for a token: a command line
///                  can be read by everybody on the machine.
/// @error           what is wrong, for people, naming the argument.
[[nodiscard]] Result<ConsoleOptions, QString> parseConsoleOptions(const QStringList &arguments);
[[nodiscard]] QString consoleHelp();

} // namespace quiesce
