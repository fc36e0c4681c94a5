// SPDX-License-Identifier: GPL-3.0-only
// RoomyStyle: see the header.
#include "console/view/look/roomystyle.h"

#include <QWidget>

namespace quiesce {

int RoomyStyle::pixelMetric(PixelMetric metric, const QStyleOption *option,
                            const QWidget *widget) const
{
    if (widget && metric == PM_HeaderMargin)
        return widget->fontMetrics().height() / 2;
    if (widget && metric == PM_FocusFrameHMargin)
        return widget->fontMetrics().height() / 2 - 1; // item views add one
    return QProxyStyle::pixelMetric(metric, option, widget);
}

} // namespace quiesce
