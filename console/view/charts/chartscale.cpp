// SPDX-License-Identifier: GPL-3.0-only
// Units, steps and tick labels of the charts.
#include "console/view/charts/chartscale.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct ChartScale
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::ChartScale)
};

constexpr std::array kClockSteps{ 1.0,   5.0,   10.0,  15.0,  30.0,    60.0,
                                  120.0, 300.0, 600.0, 900.0, 1'800.0, 3'600.0 };
constexpr double kMinute = 60;
constexpr double kRoom = 1.05;

/// Three digits that count, no more decimals than `most`, no zeros behind them.
QString digits(double value, int most)
{
    const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    QLocale locale;
    QString text = locale.toString(value, 'f', std::min(decimals, most));
    if (const QString point = locale.decimalPoint(); text.contains(point)) {
        while (text.endsWith(locale.zeroDigit()))
            text.chop(1);
        if (text.endsWith(point))
            text.chop(point.size());
    }
    return text;
}

double niceStep(double rough)
{
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : { 1.0, 2.0, 5.0 }) {
        if (factor * power >= rough * (1 - 1e-9))
            return factor * power;
    }
    return 10 * power;
}

} // namespace

QString valueText(double value, ValueUnit unit)
{
    if (std::isnan(value))
        return ChartScale::tr("–");
    switch (unit) {
    case ValueUnit::Count:
        return QLocale().toString(std::round(value), 'f', 0);
    case ValueUnit::PerSecond:
        return ChartScale::tr("%1/s").arg(digits(value, 1));
    case ValueUnit::Milliseconds:
        return value < 1'000 ? ChartScale::tr("%1 ms").arg(digits(value, 1))
                             : ChartScale::tr("%1 s").arg(digits(value / 1'000, 2));
    }
    return {};
}

double valueStep(double top, ValueUnit unit, int count)
{
    const double step = niceStep(std::max(top, 1e-6) / std::max(count, 1));
    return unit == ValueUnit::Count ? std::max(step, 1.0) : step;
}

double valueCeiling(double largest, ValueUnit unit, int count)
{
    const double top = std::max(std::isfinite(largest) ? largest * kRoom : 0.0, 1.0);
    const double step = valueStep(top, unit, count);
    return std::ceil(top / step - 1e-9) * step;
}

ValueTicker::ValueTicker(ValueUnit unit)
    : m_unit(unit)
{ }

double ValueTicker::getTickStep(const QCPRange &range)
{
    return valueStep(range.size(), m_unit, tickCount());
}

int ValueTicker::getSubTickCount(double /*tickStep*/)
{
    return 0;
}

QString ValueTicker::getTickLabel(double tick, const QLocale & /*locale*/, QChar /*formatChar*/,
                                  int /*precision*/)
{
    if (m_unit == ValueUnit::PerSecond) // said in the heading
        return digits(tick, 1);
    return std::abs(tick) < 1e-9 ? QLocale().toString(0) : valueText(tick, m_unit);
}

double ClockTicker::getTickStep(const QCPRange &range)
{
    const double rough = range.size() / std::max(tickCount(), 1);
    const auto *step = std::lower_bound(kClockSteps.begin(), kClockSteps.end(), rough);
    m_step = step == kClockSteps.end() ? kClockSteps.back() : *step;
    return m_step;
}

int ClockTicker::getSubTickCount(double /*tickStep*/)
{
    return 0;
}

QString ClockTicker::getTickLabel(double tick, const QLocale & /*locale*/, QChar /*formatChar*/,
                                  int /*precision*/)
{
    const QTime time =
        QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(std::round(tick)) * 1'000).time();
    return time.toString(m_step < kMinute ? u"HH:mm:ss"_s : u"HH:mm"_s);
}

} // namespace quiesce
