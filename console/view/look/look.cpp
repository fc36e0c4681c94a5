// SPDX-License-Identifier: GPL-3.0-only
// Look: see the header.
#include "console/view/look/look.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>
#include <array>

/// The icons lie in a static library: without this the linker leaves them out.
static void initIcons()
{
    Q_INIT_RESOURCE(quiesce_console);
}

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// Each tone on light and on dark ground: its mark, its text.
struct ToneColors
{
    QRgb mark;
    QRgb text;
};
constexpr std::array kOnLight{
    ToneColors{ 0xff6b7280, 0xff4b5563 }, // neutral
    ToneColors{ 0xff1a7f4b, 0xff12633a }, // good
    ToneColors{ 0xff2563c9, 0xff1d4f9f }, // busy
    ToneColors{ 0xffa86200, 0xff8a5000 }, // warning
    ToneColors{ 0xffc62836, 0xffa81f2c }, // bad
};
constexpr std::array kOnDark{
    ToneColors{ 0xff9aa3af, 0xffb6bdc7 }, ToneColors{ 0xff3fbf7f, 0xff62d497 },
    ToneColors{ 0xff6ea8ff, 0xff92beff }, ToneColors{ 0xffe0a030, 0xffecb95a },
    ToneColors{ 0xffff6b74, 0xffff8f96 },
};

/// Each series' line on light and on dark ground.
constexpr std::array<QRgb, 2> kSeriesOnLight{ 0xff2563c9, 0xff9333a8 };
constexpr std::array<QRgb, 2> kSeriesOnDark{ 0xff6ea8ff, 0xffd68bea };

const ToneColors &colorsOf(Tone tone, const QPalette &palette)
{
    return (isDark(palette) ? kOnDark : kOnLight)[static_cast<size_t>(tone)];
}

QString shapeOf(Condition condition)
{
    switch (condition) {
    case Condition::Connecting:
        return u"connecting"_s;
    case Condition::Starting:
        return u"starting"_s;
    case Condition::Serving:
        return u"serving"_s;
    case Condition::Quiesced:
        return u"quiesced"_s;
    case Condition::LameDuck:
        return u"lame-duck"_s;
    case Condition::Draining:
        return u"draining"_s;
    case Condition::Stopping:
        return u"stopping"_s;
    case Condition::StoppedClean:
        return u"stopped"_s;
    case Condition::StoppedIncomplete:
        return u"incomplete"_s;
    case Condition::StoppedForced:
        return u"forced"_s;
    case Condition::StoppedFailed:
    case Condition::Crashed:
        return u"crashed"_s;
    case Condition::Stale:
        return u"stale"_s;
    case Condition::Unreachable:
        return u"unreachable"_s;
    case Condition::NotAuthorised:
    case Condition::NeedsToken:
        return u"locked"_s;
    case Condition::Incompatible:
        return u"incompatible"_s;
    }
    return {};
}

QPixmap drawn(QSvgRenderer &svg, int size)
{
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    svg.render(&painter);
    return pixmap;
}

QPixmap drawn(QSvgRenderer &svg, int size, const QColor &color)
{
    QPixmap pixmap = drawn(svg, size);
    QPainter painter(&pixmap);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), color);
    return pixmap;
}

void addDrawn(QIcon &icon, const QString &name, const QColor &color, QIcon::Mode mode)
{
    initIcons();
    QSvgRenderer svg(u":/icons/"_s + name + u".svg"_s);
    if (!svg.isValid())
        return;
    for (const int size : { 16, 20, 24, 32, 48, 64, 128 })
        icon.addPixmap(drawn(svg, size, color), mode);
}

} // namespace

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Base).lightness() < palette.color(QPalette::Text).lightness();
}

QColor toneColor(Tone tone, const QPalette &palette)
{
    return QColor::fromRgb(colorsOf(tone, palette).mark);
}

QColor toneTextColor(Tone tone, const QPalette &palette)
{
    return QColor::fromRgb(colorsOf(tone, palette).text);
}

QColor toneBackground(Tone tone, const QPalette &palette)
{
    QColor color = toneColor(tone, palette);
    color.setAlphaF(isDark(palette) ? 0.22F : 0.12F);
    return color;
}

QColor seriesColor(int index, const QPalette &palette)
{
    const auto &colors = isDark(palette) ? kSeriesOnDark : kSeriesOnLight;
    return QColor::fromRgb(colors[static_cast<size_t>(index) % colors.size()]);
}

QIcon tintedIcon(const QString &name, const QColor &color)
{
    QIcon icon;
    addDrawn(icon, name, color, QIcon::Normal);
    return icon;
}

QIcon icon(const QString &name, const QPalette &palette)
{
    QIcon icon;
    addDrawn(icon, name, palette.color(QPalette::Active, QPalette::ButtonText), QIcon::Normal);
    addDrawn(icon, name, palette.color(QPalette::Disabled, QPalette::ButtonText), QIcon::Disabled);
    return icon;
}

QIcon applicationIcon()
{
    initIcons();
    QIcon icon;
    QSvgRenderer svg(u":/icons/quiesce-console.svg"_s);
    for (const int size : { 16, 20, 22, 24, 32, 48, 64, 128, 256 })
        icon.addPixmap(drawn(svg, size));
    return icon;
}

QIcon conditionIcon(Condition condition, const QPalette &palette)
{
    return tintedIcon(shapeOf(condition), toneColor(toneOf(condition), palette));
}

} // namespace quiesce
