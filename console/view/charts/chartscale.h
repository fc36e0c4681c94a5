// SPDX-License-Identifier: GPL-3.0-only
// What stands at the axes of the charts: values with their units, times of day, and good steps.
#pragma once

#include "console/view/charts/plot.h"
#include <QString>

namespace quiesce {

enum class ValueUnit : unsigned char { Count, PerSecond, Milliseconds };

/// "1,204", "12.5/s", "0.8 ms", "1.25 s"; a dash for NaN.
[[nodiscard]] QString valueText(double value, ValueUnit unit);
/// The step of 1, 2 or 5 times a power of ten of which `count` or fewer reach `top`; whole for
/// counts.
[[nodiscard]] double valueStep(double top, ValueUnit unit, int count);
/// Where the axis ends: the first step above `largest`, with a little room.
[[nodiscard]] double valueCeiling(double largest, ValueUnit unit, int count);

/// From zero, in steps of valueStep().
class ValueTicker final : public QCPAxisTicker
{
public:
    explicit ValueTicker(ValueUnit unit);

protected:
    double getTickStep(const QCPRange &range) override;
    int getSubTickCount(double tickStep) override;
    QString getTickLabel(double tick, const QLocale &locale, QChar formatChar,
                         int precision) override;

private:
    ValueUnit m_unit;
};

/// Local times of day for keys that are seconds since the epoch, at whole seconds and minutes.
class ClockTicker final : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange &range) override;
    int getSubTickCount(double tickStep) override;
    QString getTickLabel(double tick, const QLocale &locale, QChar formatChar,
                         int precision) override;

private:
    double m_step = 60;
};

} // namespace quiesce
