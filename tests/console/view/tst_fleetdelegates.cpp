// SPDX-License-Identifier: GPL-3.0-only
// Tests of the fleet's delegates and themes: nothing is clipped, all can be read, gaps stay open.
#include "console/model/fleet/fleetmodel.h"
#include "console/view/fleet/sparkdelegate.h"
#include "console/view/fleet/statedelegate.h"
#include "console/view/look/look.h"
#include "console/view/look/theme.h"
#include "tests/console/fleetstage.h"

#include <QApplication>
#include <QPainter>
#include <QTest>
#include <cmath>

using namespace quiesce;
using namespace quiesce::fleetstage;
using namespace Qt::StringLiterals;

namespace {

constexpr float kGap = Sample::kUnknown;

QStyleOptionViewItem optionWith(double fontScale)
{
    QStyleOptionViewItem option;
    option.font = QApplication::font();
    option.font.setPointSizeF(option.font.pointSizeF() * fontScale);
    option.fontMetrics = QFontMetrics(option.font);
    option.palette = lightPalette();
    option.state = QStyle::State_Enabled | QStyle::State_Active;
    return option;
}

double luminance(const QColor &color)
{
    const auto linear = [](double part) {
        return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

/// As WCAG has it.
double contrast(const QColor &a, const QColor &b)
{
    const double one = luminance(a) + 0.05;
    const double other = luminance(b) + 0.05;
    return std::max(one, other) / std::min(one, other);
}

QColor laidOver(const QColor &hint, const QColor &ground)
{
    const auto mix = [&hint](float top, float below) {
        return top * hint.alphaF() + below * (1 - hint.alphaF());
    };
    return QColor::fromRgbF(mix(hint.redF(), ground.redF()), mix(hint.greenF(), ground.greenF()),
                            mix(hint.blueF(), ground.blueF()));
}

} // namespace

class FleetDelegatesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheChipRoomForItsText_data();
    void givesTheChipRoomForItsText();
    void paintsTheChipWithinItsRect_data();
    void paintsTheChipWithinItsRect();
    void leavesGapsOpenInTheTrend();
    void staysWithinTheTrendsArea();
    void readsWellInEachTheme_data();
    void readsWellInEachTheme();
    void switchesTheThemeOfWhatIsShown();
};

void FleetDelegatesTest::givesTheChipRoomForItsText_data()
{
    QTest::addColumn<double>("scale");
    QTest::newRow("font as it is") << 1.0;
    QTest::newRow("font twice as large") << 2.0;
}

void FleetDelegatesTest::givesTheChipRoomForItsText()
{
    QFETCH(const double, scale);
    FleetModel model;
    Instance instance(spec(u"a"_s));
    model.add(&instance);
    const StateDelegate delegate;
    for (const LinkState state : { LinkState::Connecting, LinkState::Unreachable,
                                   LinkState::NotAuthorised, LinkState::Incompatible }) {
        setLink(instance, state);
        const QStyleOptionViewItem option = optionWith(scale);
        const QSize size = delegate.sizeHint(option, model.index(0, 0));
        const QRect text = StateDelegate::textRect(QRect({}, size), option.fontMetrics);
        const QString shown = conditionText(instance.condition());
        QCOMPARE_GE(text.width(), option.fontMetrics.horizontalAdvance(shown));
        QCOMPARE_GE(text.height(), option.fontMetrics.height());
    }
}

void FleetDelegatesTest::paintsTheChipWithinItsRect_data()
{
    givesTheChipRoomForItsText_data();
}

void FleetDelegatesTest::paintsTheChipWithinItsRect()
{
    QFETCH(const double, scale);
    FleetModel model;
    Instance instance(spec(u"a"_s));
    setLink(instance, LinkState::Incompatible);
    model.add(&instance);
    const StateDelegate delegate;
    QStyleOptionViewItem option = optionWith(scale);
    const QSize size = delegate.sizeHint(option, model.index(0, 0));
    QImage image(size * 3, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::magenta);
    option.rect = QRect(QPoint(size.width(), size.height()), size);
    QPainter painter(&image);
    delegate.paint(&painter, option, model.index(0, 0));
    painter.end();
    int painted = 0;
    int strayed = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y) != QColor(Qt::magenta))
                ++(option.rect.contains(x, y) ? painted : strayed);
        }
    }
    QCOMPARE_GT(painted, size.width());
    QCOMPARE(strayed, 0);
}

void FleetDelegatesTest::leavesGapsOpenInTheTrend()
{
    const QRectF area(0, 0, 59, 10);
    const auto stretches = [&area](const QList<float> &trend) {
        return SparkDelegate::lineOf(trend, area).toSubpathPolygons().size();
    };
    QCOMPARE(stretches({}), 0);
    QCOMPARE(stretches({ kGap, kGap }), 0);
    QCOMPARE(stretches({ 1, 2, 3 }), 1);
    QCOMPARE(stretches({ 1, 2, kGap, 3, 4 }), 2);
}

void FleetDelegatesTest::staysWithinTheTrendsArea()
{
    const QRectF area(10, 20, 118, 10);
    QList<float> trend;
    for (int i = 0; i < FleetModel::kTrendSamples; ++i)
        trend.append(float(i * 1'000'000));
    const QRectF bounds = SparkDelegate::lineOf(trend, area).boundingRect();
    QCOMPARE(bounds, area);
    QCOMPARE(SparkDelegate::lineOf({ 0, 0 }, area).boundingRect().bottom(), area.bottom());
}

void FleetDelegatesTest::readsWellInEachTheme_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << lightPalette();
    QTest::newRow("dark") << darkPalette();
}

void FleetDelegatesTest::readsWellInEachTheme()
{
    QFETCH(const QPalette, palette);
    constexpr double kText = 4.5;
    constexpr double kMark = 3;
    const auto of = [&palette](QPalette::ColorRole role) { return palette.color(role); };
    QCOMPARE_GE(contrast(of(QPalette::WindowText), of(QPalette::Window)), kText);
    QCOMPARE_GE(contrast(of(QPalette::ButtonText), of(QPalette::Button)), kText);
    QCOMPARE_GE(contrast(of(QPalette::HighlightedText), of(QPalette::Highlight)), kText);
    QCOMPARE_GE(contrast(of(QPalette::ToolTipText), of(QPalette::ToolTipBase)), kText);
    for (const QPalette::ColorRole ground : { QPalette::Base, QPalette::AlternateBase }) {
        QCOMPARE_GE(contrast(of(QPalette::Text), of(ground)), kText);
        QCOMPARE_GE(contrast(of(QPalette::PlaceholderText), of(ground)), kText);
        QCOMPARE_GE(contrast(of(QPalette::Link), of(ground)), kText);
    }
    for (const Tone tone : { Tone::Neutral, Tone::Good, Tone::Busy, Tone::Warning, Tone::Bad }) {
        const QColor chip = laidOver(toneBackground(tone, palette), of(QPalette::Base));
        QCOMPARE_GE(contrast(toneTextColor(tone, palette), chip), kText);
        QCOMPARE_GE(contrast(toneColor(tone, palette), chip), kMark);
        QCOMPARE_GE(contrast(toneTextColor(tone, palette), of(QPalette::Window)), kText);
    }
}

void FleetDelegatesTest::switchesTheThemeOfWhatIsShown()
{
    QWidget widget;
    widget.show();
    applyTheme(Theme::Dark);
    QTRY_VERIFY(isDark(widget.palette()));
    applyTheme(Theme::Light);
    QTRY_VERIFY(!isDark(widget.palette()));
    QCOMPARE(widget.palette().color(QPalette::Window), lightPalette().color(QPalette::Window));
    applyTheme(Theme::System);
    QTRY_VERIFY(widget.palette().color(QPalette::Window) != lightPalette().color(QPalette::Window));
}

QTEST_MAIN(FleetDelegatesTest)
#include "tst_fleetdelegates.moc"
