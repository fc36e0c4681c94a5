// SPDX-License-Identifier: GPL-3.0-only
// IconName: see the header.
#include "console/view/look/iconname.h"

#include "console/view/look/look.h"

#include <QAction>

namespace quiesce {

namespace {

constexpr char kProperty[] = "quiesceIconName";

} // namespace

void setIconName(QAction *action, const QString &name)
{
    action->setProperty(kProperty, name);
}

void drawActionIcons(const QList<QAction *> &actions, const QPalette &palette)
{
    for (QAction *action : actions) {
        const QString name = action->property(kProperty).toString();
        if (!name.isEmpty())
            action->setIcon(icon(name, palette));
    }
}

} // namespace quiesce
