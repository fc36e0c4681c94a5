// SPDX-License-Identifier: GPL-3.0-only
// Whether what a widget paints has room: at any font, in light and dark.
#pragma once

#include <QApplication>
#include <QImage>
#include <QLabel>
#include <QWidget>

namespace quiesce::test {

/// The labels in `widget` that are shown smaller than their text, by their text.
inline QStringList clippedLabels(const QWidget &widget)
{
    QStringList clipped;
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (!label->isVisible() || label->text().isEmpty())
            continue;
        const int height =
            label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
        const bool isNarrow = !label->wordWrap() && label->width() < label->sizeHint().width();
        if (isNarrow || label->height() < height)
            clipped << label->text();
    }
    return clipped;
}

/// Whether nothing is painted on the outermost pixels, as text that is cut off would be.
inline bool hasFreeEdges(const QImage &image)
{
    const QRgb ground = image.pixel(0, 0);
    for (int x = 0; x < image.width(); ++x) {
        if (image.pixel(x, 0) != ground || image.pixel(x, image.height() - 1) != ground)
            return false;
    }
    for (int y = 0; y < image.height(); ++y) {
        if (image.pixel(0, y) != ground || image.pixel(image.width() - 1, y) != ground)
            return false;
    }
    return true;
}

inline bool isBlank(const QImage &image)
{
    QImage blank(image.size(), image.format());
    blank.fill(image.pixelColor(0, 0));
    return image == blank;
}

inline QFont scaledFont(qreal factor)
{
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * factor);
    return font;
}

} // namespace quiesce::test
