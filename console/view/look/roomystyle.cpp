// SPDX-License-Identifier: GPL-3.0-only
// RoomyStyle: see the header.
#include "console/view/look/roomystyle.h"

#include <QStyleOption>
#include <QWidget>

namespace quiesce {

int RoomyStyle::pixelMetric(PixelMetric metric, const QStyleOption *option,
                            const QWidget *widget) const
{
    if (widget && metric == PM_HeaderMargin)
        return widget->fontMetrics().height() / 2;
    if (widget && metric == PM_FocusFrameHMargin)
        return widget->fontMetrics().height() / 2 - 1; // item views add one
    if (widget && metric == PM_LineEditIconSize)
        return widget->fontMetrics().height();
    return QProxyStyle::pixelMetric(metric, option, widget);
}

QRect RoomyStyle::subElementRect(SubElement element, const QStyleOption *option,
                                 const QWidget *widget) const
{
    if (!widget || element != SE_HeaderArrow)
        return QProxyStyle::subElementRect(element, option, widget);
    // The common one takes the margin for its height too, and is at the top then.
    const int size = widget->fontMetrics().height() / 2;
    const QRect &header = option->rect;
    return QStyle::visualRect(
        option->direction, header,
        { header.right() - 3 * size / 2, header.center().y() - size / 2, size, size });
}

} // namespace quiesce
