// SPDX-License-Identifier: GPL-3.0-only
// What of the manual pages is printed from the settings table and the program's flags.
#pragma once

#include <QString>

namespace quiesce {

/// The flags as paragraphs of man(7), for the section OPTIONS of quiesced(1).
[[nodiscard]] QString manualOptions();

/// Every setting as a paragraph of man(7), below a heading for each section, for quiesced.toml(5).
[[nodiscard]] QString manualSettings();

/// The text as man(7) has it: no character of it is a request, a quote or a hyphen by mistake.
[[nodiscard]] QString forManual(const QString &text);

} // namespace quiesce
