// SPDX-License-Identifier: GPL-3.0-only
// Theme: see the header.
#include "console/view/look/theme.h"

#include <QApplication>
#include <QStyle>
#include <QToolTip>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Shades
{
    QRgb window;
    QRgb base;
    QRgb alternate;
    QRgb button;
    QRgb light;
    QRgb midlight;
    QRgb mid;
    QRgb dark;
    QRgb shadow;
    QRgb text;
    QRgb placeholder;
    QRgb disabled;
    QRgb highlight;
    QRgb highlightedText;
    QRgb link;
    QRgb visited;
    QRgb toolTip;
};

constexpr Shades kLight{
    .window = 0xfff3f4f6,
    .base = 0xffffffff,
    .alternate = 0xfff8f9fa,
    .button = 0xfff0f1f4,
    .light = 0xffffffff,
    .midlight = 0xffe6e8ec,
    .mid = 0xffc3c8cf,
    .dark = 0xff9aa1ab,
    .shadow = 0xff6b7280,
    .text = 0xff1f2328,
    .placeholder = 0xff5f6773,
    .disabled = 0xff949ba5,
    .highlight = 0xff2563c9,
    .highlightedText = 0xffffffff,
    .link = 0xff1d4f9f,
    .visited = 0xff6b3fa0,
    .toolTip = 0xffffffff,
};
constexpr Shades kDark{
    .window = 0xff24272c,
    .base = 0xff1b1d21,
    .alternate = 0xff202327,
    .button = 0xff30343a,
    .light = 0xff454b54,
    .midlight = 0xff3a3f47,
    .mid = 0xff1c1e22,
    .dark = 0xff141619,
    .shadow = 0xff0c0d0f,
    .text = 0xffe4e6ea,
    .placeholder = 0xff9aa3af,
    .disabled = 0xff717883,
    .highlight = 0xff2f66c4,
    .highlightedText = 0xffffffff,
    .link = 0xff7fb2ff,
    .visited = 0xffc3a1ec,
    .toolTip = 0xff30343a,
};

void setDisabled(QPalette &palette, const Shades &shades)
{
    for (const QPalette::ColorRole role :
         { QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText })
        palette.setColor(QPalette::Disabled, role, QColor::fromRgb(shades.disabled));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor::fromRgb(shades.mid));
    palette.setColor(QPalette::Disabled, QPalette::Base, QColor::fromRgb(shades.window));
}

QPalette paletteOf(const Shades &shades)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, QRgb color) {
        palette.setColor(role, QColor::fromRgb(color));
    };
    set(QPalette::Window, shades.window);
    set(QPalette::Base, shades.base);
    set(QPalette::AlternateBase, shades.alternate);
    set(QPalette::Button, shades.button);
    set(QPalette::Light, shades.light);
    set(QPalette::Midlight, shades.midlight);
    set(QPalette::Mid, shades.mid);
    set(QPalette::Dark, shades.dark);
    set(QPalette::Shadow, shades.shadow);
    set(QPalette::WindowText, shades.text);
    set(QPalette::Text, shades.text);
    set(QPalette::ButtonText, shades.text);
    set(QPalette::BrightText, shades.highlightedText);
    set(QPalette::PlaceholderText, shades.placeholder);
    set(QPalette::Highlight, shades.highlight);
    set(QPalette::HighlightedText, shades.highlightedText);
    set(QPalette::Link, shades.link);
    set(QPalette::LinkVisited, shades.visited);
    set(QPalette::ToolTipBase, shades.toolTip);
    set(QPalette::ToolTipText, shades.text);
    setDisabled(palette, shades);
    return palette;
}

} // namespace

QPalette lightPalette()
{
    return paletteOf(kLight);
}

QPalette darkPalette()
{
    return paletteOf(kDark);
}

void applyTheme(Theme theme)
{
    if (QApplication::style()->name() != "fusion"_L1)
        QApplication::setStyle(u"Fusion"_s);
    switch (theme) {
    case Theme::System:
        QApplication::setPalette(QPalette()); // none of ours: the desktop's shows through
        break;
    case Theme::Light:
        QApplication::setPalette(lightPalette());
        break;
    case Theme::Dark:
        QApplication::setPalette(darkPalette());
        break;
    }
    QToolTip::setPalette(QApplication::palette());
}

} // namespace quiesce
