// SPDX-License-Identifier: GPL-3.0-only
// Wording: see the header.
#include "console/model/words/wording.h"

#include <QCoreApplication>
#include <QLocale>

namespace quiesce {

using namespace std::chrono_literals;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

using Days = std::chrono::duration<qint64, std::ratio<86'400>>;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::Wording)
};

/// How many whole `Unit` there are in it, taken off.
template <typename Unit>
qint64 take(milliseconds &rest)
{
    const auto whole = duration_cast<Unit>(rest);
    rest -= whole;
    return whole.count();
}

} // namespace

QString spanInWords(milliseconds span)
{
    span = std::max(span, 0ms);
    if (span < 10s && span % 1s >= 50ms)
        return Text::tr("%1 s").arg(QLocale().toString(double(span.count()) / 1'000, 'f', 1));
    milliseconds rest = span;
    const qint64 days = take<Days>(rest);
    const qint64 hours = take<std::chrono::hours>(rest);
    const qint64 minutes = take<std::chrono::minutes>(rest);
    const qint64 seconds = take<std::chrono::seconds>(rest);
    if (days > 0)
        return Text::tr("%1 d %2 h").arg(days).arg(hours);
    if (hours > 0)
        return Text::tr("%1 h %2 min").arg(hours).arg(minutes);
    if (minutes > 0)
        return Text::tr("%1 min %2 s").arg(minutes).arg(seconds);
    return Text::tr("%1 s").arg(seconds);
}

QString ageInWords(milliseconds age)
{
    if (age < 2s)
        return Text::tr("just now");
    // Whole seconds, and of longer ages the larger unit: they tick beside each other.
    const milliseconds unit = age < 1min ? milliseconds(1s) : age < 1h ? 1min : milliseconds(1h);
    if (unit == 1min)
        return Text::tr("%1 min ago").arg(age / unit);
    if (unit == 1s)
        return Text::tr("%1 s ago").arg(age / unit);
    return age < 24h ? Text::tr("%1 h ago").arg(age / unit)
                     : Text::tr("%1 d ago").arg(age / Days(1));
}

QString ageInWords(const QDateTime &at, const QDateTime &now)
{
    return ageInWords(milliseconds(at.msecsTo(now)));
}

QString momentInWords(const QDateTime &at)
{
    if (!at.isValid())
        return {};
    return Text::tr("%1 (%2)").arg(QLocale().toString(at.toLocalTime(), QLocale::ShortFormat),
                                   at.toUTC().toString(Qt::ISODate));
}

QString environmentInWords(Environment environment)
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
