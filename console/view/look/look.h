// SPDX-License-Identifier: GPL-3.0-only
// Look: the colours and icons that states and verbs have everywhere, from the palette of the
// moment.
#pragma once

#include "console/model/instance/condition.h"

#include <QColor>
#include <QIcon>
#include <QPalette>

namespace quiesce {

[[nodiscard]] bool isDark(const QPalette &palette);

/// For marks, lines and icons on `palette`'s Base or Window: at least 3:1 against both.
[[nodiscard]] QColor toneColor(Tone tone, const QPalette &palette);
/// For text of that tone on Base or Window: at least 4.5:1.
[[nodiscard]] QColor toneTextColor(Tone tone, const QPalette &palette);
/// A hint of the tone to lay under text in the palette's own text colour.
[[nodiscard]] QColor toneBackground(Tone tone, const QPalette &palette);

/// For lines in a chart that mean nothing but which series it is, on Base: at least 3:1. Those
/// after the last begin again with the first: never the only thing that tells series apart.
[[nodiscard]] QColor seriesColor(int index, const QPalette &palette);

/// `:/icons/NAME.svg`, drawn in `color` at any size.
[[nodiscard]] QIcon tintedIcon(const QString &name, const QColor &color);
/// The same in the palette's text colour, and its disabled one.
[[nodiscard]] QIcon icon(const QString &name, const QPalette &palette);
/// The program's own, in its own colours. Drawn, as the others are: what reads SVG for a QIcon is a
/// plugin, which Debian 13 has in a package of its own.
[[nodiscard]] QIcon applicationIcon();
/// Of another shape for each condition's kind, so that colour is never all that tells them apart.
[[nodiscard]] QIcon conditionIcon(Condition condition, const QPalette &palette);

} // namespace quiesce
