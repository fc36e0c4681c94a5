// SPDX-License-Identifier: GPL-3.0-only
// Times as text: see the header.
#include "console/model/words/timetext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::TimeText)
};

constexpr qint64 kSecond = 1'000;
constexpr qint64 kMinute = 60 * kSecond;
constexpr qint64 kHour = 60 * kMinute;

QString twoUnits(qint64 whole, qint64 rest, const QString &both, const QString &one)
{
    return rest == 0 ? one.arg(whole) : both.arg(whole).arg(rest);
}

} // namespace

QString durationText(std::chrono::milliseconds duration)
{
    const qint64 ms = duration.count();
    if (ms < kSecond)
        return Text::tr("%1 ms").arg(ms);
    const bool isExact = ms % kSecond == 0;
    const qint64 tenths = ms / 100;
    if (ms < 10 * kSecond && !isExact)
        return Text::tr("%1 s").arg(QLocale().toString(static_cast<double>(tenths) / 10, 'f', 1));
    if (ms < kMinute)
        return Text::tr("%1 s").arg(ms / kSecond);
    if (ms < kHour)
        return twoUnits(ms / kMinute, ms % kMinute / kSecond, Text::tr("%1 min %2 s"),
                        Text::tr("%1 min"));
    return twoUnits(ms / kHour, ms % kHour / kMinute, Text::tr("%1 h %2 min"), Text::tr("%1 h"));
}

QString clockText(const QDateTime &at)
{
    return QLocale().toString(at.toLocalTime().time(), u"HH:mm:ss"_s);
}

} // namespace quiesce
