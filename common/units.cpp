// SPDX-License-Identifier: GPL-3.0-only
// Reads and writes an integer with a unit; both kinds of value share one rule and one table form.
#include "common/units.h"

#include "common/printable.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Unit
{
    QLatin1StringView name;
    qint64 factor = 1;
};

constexpr std::array kDurations{ Unit{ "ms"_L1, 1 }, Unit{ "s"_L1, 1'000 }, Unit{ "m"_L1, 60'000 },
                                 Unit{ "h"_L1, 3'600'000 } };
constexpr std::array kSizes{ Unit{ "B"_L1, 1 }, Unit{ "KiB"_L1, 1'024 },
                             Unit{ "MiB"_L1, qint64{ 1'024 } * 1'024 },
                             Unit{ "GiB"_L1, qint64{ 1'024 } * 1'024 * 1'024 } };

struct Grammar
{
    std::span<const Unit> units;
    QLatin1StringView unitNames;
};

constexpr Grammar kDuration{ kDurations, "ms, s, m or h"_L1 };
constexpr Grammar kSize{ kSizes, "B, KiB, MiB or GiB"_L1 };

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

Failure<QString> missingUnit(const Grammar &grammar)
{
    return Failure{ u"the unit is missing: %1"_s.arg(grammar.unitNames) };
}

Failure<QString> unknownUnit(QStringView unit, const Grammar &grammar)
{
    return Failure{ u"%1 is not a unit: %2"_s.arg(quoted(unit), grammar.unitNames) };
}

Result<qint64, QString> parse(QStringView text, const Grammar &grammar)
{
    if (text.isEmpty())
        return Failure{ u"it is empty"_s };
    if (text.startsWith(u'-'))
        return Failure{ u"it must not be negative"_s };
    const auto *const unitBegin = std::find_if_not(text.begin(), text.end(), isDigit);
    const QStringView digits = text.left(unitBegin - text.begin());
    const QStringView unitName = text.mid(digits.size());
    if (digits.isEmpty())
        return Failure{ u"it does not begin with an integer"_s };
    if (unitName.isEmpty())
        return missingUnit(grammar);
    const auto unit = std::find_if(grammar.units.begin(), grammar.units.end(),
                                   [&](const Unit &each) { return unitName == each.name; });
    if (unit == grammar.units.end())
        return unknownUnit(unitName, grammar);
    bool fits = false;
    const qint64 number = digits.toLongLong(&fits);
    if (!fits || number > std::numeric_limits<qint64>::max() / unit->factor)
        return Failure{ u"it is too large"_s };
    return number * unit->factor;
}

QString format(qint64 value, std::span<const Unit> units)
{
    const auto unit = std::find_if(units.rbegin(), units.rend(),
                                   [&](const Unit &each) { return value % each.factor == 0; });
    return QString::number(value / unit->factor) + unit->name;
}

} // namespace

Result<std::chrono::milliseconds, QString> parseDuration(QStringView text)
{
    const auto parsed = parse(text, kDuration);
    if (!parsed)
        return Failure{ parsed.error() };
    return std::chrono::milliseconds(parsed.value());
}

QString formatDuration(std::chrono::milliseconds duration)
{
    return duration.count() == 0 ? u"0s"_s : format(duration.count(), kDurations);
}

Result<qint64, QString> parseSize(QStringView text)
{
    return parse(text, kSize);
}

QString formatSize(qint64 bytes)
{
    return bytes == 0 ? u"0B"_s : format(bytes, kSizes);
}

} // namespace quiesce
