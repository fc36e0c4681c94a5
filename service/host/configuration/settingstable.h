// SPDX-License-Identifier: GPL-3.0-only
// The one table of every setting. Readers, help, printed settings and documentation derive from it.
#pragma once

#include "service/host/configuration/setting.h"

#include <QList>
#include <QStringList>

namespace quiesce {

/// In the order in which they are shown; a section's settings stand together.
[[nodiscard]] const QList<Setting> &settingsTable();

/// Null when there is none of that key ("stop.grace").
[[nodiscard]] const Setting *findSetting(QStringView key);

/// Every key, variable, section or flag there is, as `spell` gives it.
[[nodiscard]] QStringList settingNames(QString (Setting::*spell)() const);

} // namespace quiesce
