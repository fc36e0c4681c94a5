// SPDX-License-Identifier: GPL-3.0-only
// FaultLabel: see the header.
#include "console/view/dialogs/faultlabel.h"

#include "console/view/look/look.h"

#include <QEvent>

namespace quiesce {

FaultLabel::FaultLabel(QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    hide();
    draw();
}

void FaultLabel::setFault(const QString &fault)
{
    setText(fault.isEmpty() ? QString() : tr("⚠ %1").arg(fault));
    setAccessibleName(fault);
    setVisible(!fault.isEmpty());
}

void FaultLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        draw();
}

void FaultLabel::draw()
{
    const QColor ink = toneTextColor(Tone::Bad, palette());
    QPalette mine = palette();
    if (mine.color(QPalette::WindowText) == ink)
        return;
    mine.setColor(QPalette::WindowText, ink);
    setPalette(mine);
}

} // namespace quiesce
