// SPDX-License-Identifier: GPL-3.0-only
// Everything that is printed from the settings table: help, effective settings, documentation.
#pragma once

#include "common/settings.h"

#include <QMap>
#include <QString>

namespace quiesce {

/// What --help prints.
[[nodiscard]] QString helpText(const QString &program);

/// The settings as a TOML document that reads back to the same settings; `sources` gives each key's
/// comment. No setting holds a secret: secrets are files, and only their paths are settings.
[[nodiscard]] QString settingsToml(const Settings &settings, const QMap<QString, QString> &sources);

/// resources/examples/quiesced.toml: every setting with its meaning and default.
[[nodiscard]] QString exampleConfiguration();

/// The README's table of settings, in Markdown.
[[nodiscard]] QString settingsTableMarkdown();

} // namespace quiesce
