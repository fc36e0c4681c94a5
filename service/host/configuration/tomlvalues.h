// SPDX-License-Identifier: GPL-3.0-only
// Values of a TOML document in words: as an error shows them, and as TOML writes them.
#pragma once

#include "service/host/configuration/setting.h"
#include "service/host/configuration/tomldocument.h"

namespace quiesce {

/// Text that was found, short enough for a line and without anything that does not print.
[[nodiscard]] QString shown(const QString &text);
/// A value that was found: `"25s"`, `integer 25`, `array`.
[[nodiscard]] QString describe(const TomlEntry &entry);
[[nodiscard]] bool isOfKind(const TomlEntry &entry, TomlKind kind);

/// A basic string in which whatever does not print is escaped.
[[nodiscard]] QString tomlString(const QString &text);
[[nodiscard]] QString tomlArray(const QStringList &texts);
/// A bare key where it can be one.
[[nodiscard]] QString tomlKey(const QString &name);

} // namespace quiesce
