// SPDX-License-Identifier: GPL-3.0-only
// Wording: see the header.
#include "console/model/words/wording.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::Wording)
};

constexpr milliseconds kTenthsBelow = seconds(10);

QString secondsText(milliseconds length, int decimals)
{
    return Text::tr("%1 s").arg(
        QLocale().toString(static_cast<double>(length.count()) / 1'000, 'f', decimals));
}

QString minutesText(milliseconds length)
{
    const auto whole = duration_cast<minutes>(length);
    const auto rest = duration_cast<seconds>(length - whole);
    return rest == 0s ? Text::tr("%1 min").arg(whole.count())
                      : Text::tr("%1 min %2 s").arg(whole.count()).arg(rest.count());
}

QString hoursText(milliseconds length)
{
    const auto whole = duration_cast<hours>(length);
    const auto rest = duration_cast<minutes>(length - whole);
    return rest == 0min ? Text::tr("%1 h").arg(whole.count())
                        : Text::tr("%1 h %2 min").arg(whole.count()).arg(rest.count());
}

QString daysText(milliseconds length)
{
    const auto whole = duration_cast<days>(length);
    const auto rest = duration_cast<hours>(length - whole);
    return rest == 0h ? Text::tr("%1 d").arg(whole.count())
                      : Text::tr("%1 d %2 h").arg(whole.count()).arg(rest.count());
}

} // namespace

QString lengthText(milliseconds length)
{
    length = std::max(length, 0ms);
    const milliseconds tenths = length - length % 100; // rounded down: 9.96 s is not yet 10 s
    if (length > 0ms && length < 1s)
        return Text::tr("%1 ms").arg(length.count());
    if (length < kTenthsBelow)
        return secondsText(tenths, tenths % 1s == 0ms ? 0 : 1);
    if (length < 1min)
        return secondsText(floor<seconds>(length), 0);
    if (length < 1h)
        return minutesText(length);
    return length < days(1) ? hoursText(length) : daysText(length);
}

QString countdownText(milliseconds left)
{
    left = std::max(left, 0ms);
    return left < 1min ? secondsText(left - left % 100, 1) : minutesText(left);
}

/// Whole seconds, and of longer ages the larger unit: they tick beside each other.
QString ageText(milliseconds age)
{
    if (age < 2s)
        return Text::tr("just now");
    if (age < 1min)
        return Text::tr("%1 s ago").arg(age / 1s);
    if (age < 1h)
        return Text::tr("%1 min ago").arg(age / 1min);
    return age < days(1) ? Text::tr("%1 h ago").arg(age / 1h)
                         : Text::tr("%1 d ago").arg(age / days(1));
}

QString ageText(const QDateTime &at, const QDateTime &now)
{
    return ageText(milliseconds(at.msecsTo(now)));
}

QString timeOfDayText(const QDateTime &at, const QDate &today)
{
    const QDateTime local = at.toLocalTime();
    return QLocale().toString(local,
                              local.date() == today ? u"HH:mm:ss"_s : u"yyyy-MM-dd HH:mm:ss"_s);
}

QString momentText(const QDateTime &at)
{
    if (!at.isValid())
        return {};
    return Text::tr("%1 (%2)").arg(QLocale().toString(at.toLocalTime(), QLocale::ShortFormat),
                                   at.toUTC().toString(Qt::ISODate));
}

QString momentTip(const QDateTime &at)
{
    if (!at.isValid())
        return {};
    const QDateTime local = at.toLocalTime();
    return local.toString(u"yyyy-MM-dd HH:mm:ss.zzz "_s) + local.timeZoneAbbreviation() + u'\n'
        + at.toUTC().toString(Qt::ISODateWithMs);
}

QString environmentName(Environment environment)
{
    switch (environment) {
    case Environment::None:
        return {};
    case Environment::Development:
        return Text::tr("Development");
    case Environment::Staging:
        return Text::tr("Staging");
    case Environment::Production:
        return Text::tr("Production");
    }
    return {};
}

} // namespace quiesce
