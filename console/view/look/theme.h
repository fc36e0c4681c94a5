// SPDX-License-Identifier: GPL-3.0-only
// Theme: the style and the palettes of the whole program, light, dark or the desktop's.
#pragma once

#include "console/model/settings/choices.h"

#include <QPalette>

namespace quiesce {

/// Our own, of calm greys with a blue accent; text is at least 4.5:1 on what it lies on.
[[nodiscard]] QPalette lightPalette();
[[nodiscard]] QPalette darkPalette();

/// Fusion, and the palette of that theme, for all there is and all that comes; System is the
/// desktop's own and follows it. May be called again at any time: what is shown is painted anew.
void applyTheme(Theme theme);

} // namespace quiesce
