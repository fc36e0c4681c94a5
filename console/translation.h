// SPDX-License-Identifier: GPL-3.0-only
// The language of the console: loads our translations and Qt's own.
#pragma once

#include "console/model/settings/choices.h"

namespace quiesce {

/// Installs what translates the console into this language; English where there is none.
///
/// Order: before the first window: texts that are shown already do not change.
void installTranslation(Language language);

} // namespace quiesce
