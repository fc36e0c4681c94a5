// SPDX-License-Identifier: GPL-3.0-only
// IconName: which of our icons an action wears, so that it can be drawn anew for another palette.
#pragma once

#include <QList>
#include <QString>

class QAction;
class QPalette;

namespace quiesce {

/// Remembers it; drawActionIcons() shows it.
void setIconName(QAction *action, const QString &name);
/// Those without a name are left as they are.
void drawActionIcons(const QList<QAction *> &actions, const QPalette &palette);

} // namespace quiesce
