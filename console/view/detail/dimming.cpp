// SPDX-License-Identifier: GPL-3.0-only
// Dimming: see the header.
#include "console/view/detail/dimming.h"

#include <QApplication>
#include <QPalette>
#include <QWidget>

namespace quiesce {

void dim(QWidget *widget)
{
    const QPalette own = QApplication::palette();
    QPalette dimmed;
    const QColor color = own.color(QPalette::Active, QPalette::PlaceholderText);
    for (const auto role : { QPalette::WindowText, QPalette::Text }) {
        dimmed.setColor(QPalette::Active, role, color);
        dimmed.setColor(QPalette::Inactive, role, color);
    }
    if (widget->palette() != dimmed.resolve(own))
        widget->setPalette(dimmed);
}

void undim(QWidget *widget)
{
    if (widget->testAttribute(Qt::WA_SetPalette))
        widget->setPalette({});
}

} // namespace quiesce
