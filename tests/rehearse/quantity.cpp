// SPDX-License-Identifier: GPL-3.0-only
// An integer and a unit from a fixed table, nothing cleverer.
#include "tests/rehearse/quantity.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <span>

using namespace Qt::StringLiterals;

namespace quiesce::rehearse {

namespace {

struct Unit
{
    QLatin1StringView name;
    qint64 factor = 1;
};

constexpr std::array kTimeUnits{ Unit{ "us"_L1, 1 }, Unit{ "ms"_L1, 1'000 },
                                 Unit{ "s"_L1, 1'000'000 }, Unit{ "m"_L1, 60'000'000 } };
constexpr std::array kSizeUnits{ Unit{ ""_L1, 1 }, Unit{ "B"_L1, 1 }, Unit{ "KiB"_L1, 1 << 10 },
                                 Unit{ "MiB"_L1, 1 << 20 }, Unit{ "GiB"_L1, 1 << 30 } };
constexpr qint64 kDay = 24 * 60 * 60'000'000LL;

struct Signal
{
    QLatin1StringView name;
    int number = 0;
};

constexpr std::array kSignals{ Signal{ "TERM"_L1, SIGTERM },  Signal{ "INT"_L1, SIGINT },
                               Signal{ "QUIT"_L1, SIGQUIT },  Signal{ "HUP"_L1, SIGHUP },
                               Signal{ "USR1"_L1, SIGUSR1 },  Signal{ "USR2"_L1, SIGUSR2 },
                               Signal{ "WINCH"_L1, SIGWINCH } };

std::optional<qint64> amount(QStringView text, std::span<const Unit> units, qint64 limit)
{
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    const auto digits = std::find_if_not(text.begin(), text.end(), isDigit) - text.begin();
    const auto isMeant = [&](const Unit &unit) { return unit.name == text.mid(digits); };
    const auto unit = std::ranges::find_if(units, isMeant);
    bool isNumber = false;
    const qint64 count = text.first(digits).toLongLong(&isNumber);
    if (!isNumber || unit == units.end() || count > limit / unit->factor)
        return std::nullopt;
    return count * unit->factor;
}

} // namespace

std::optional<std::chrono::microseconds> durationFrom(QStringView text)
{
    const auto microseconds = amount(text, kTimeUnits, kDay);
    if (!microseconds)
        return std::nullopt;
    return std::chrono::microseconds(*microseconds);
}

std::optional<qint64> bytesFrom(QStringView text)
{
    return amount(text, kSizeUnits, 1 << 30);
}

std::optional<int> signalFrom(QStringView text)
{
    const QStringView name = text.startsWith("SIG"_L1) ? text.mid(3) : text;
    for (const Signal &signal : kSignals) {
        if (name == signal.name || text == QString::number(signal.number))
            return signal.number;
    }
    return std::nullopt;
}

QString signalName(int number)
{
    const auto known = std::ranges::find(kSignals, number, &Signal::number);
    if (known != kSignals.end())
        return "SIG"_L1 + known->name;
    if (const char *abbreviation = ::sigabbrev_np(number))
        return "SIG"_L1 + QLatin1StringView(abbreviation);
    return u"signal "_s + QString::number(number);
}

} // namespace quiesce::rehearse
