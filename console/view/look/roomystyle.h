// SPDX-License-Identifier: GPL-3.0-only
// RoomyStyle: the application's style with room at both sides of a table's cells and headers, and
// with icons within fields as large as their text.
#pragma once

#include <QProxyStyle>

namespace quiesce {

/// The room follows the widget's font, and is the same in a header and below it.
class RoomyStyle final : public QProxyStyle
{
    Q_OBJECT

public:
    [[nodiscard]] int pixelMetric(PixelMetric metric, const QStyleOption *option,
                                  const QWidget *widget) const override;
    [[nodiscard]] QRect subElementRect(SubElement element, const QStyleOption *option,
                                       const QWidget *widget) const override;
};

} // namespace quiesce
