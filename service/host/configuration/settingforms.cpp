// SPDX-License-Identifier: GPL-3.0-only
// Reads and writes each form, bounds included.
#include "service/host/configuration/settingforms.h"

#include "common/authority.h"
#include "common/endpoint.h"
#include "common/printable.h"
#include "common/units.h"

#include <QDir>
#include <QHostAddress>
#include <algorithm>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

template <typename Value>
Result<Value, QString> within(const Bounds<Value> &bounds, Value value,
                              const std::function<QString(const Value &)> &write)
{
    if (value >= bounds.least && value <= bounds.most)
        return value;
    return Failure{ u"out of range, which is %1 to %2"_s.arg(write(bounds.least),
                                                             write(bounds.most)) };
}

template <typename Integer>
Result<Integer, QString> readInteger(const QString &text)
{
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    const QStringView digits = QStringView(text).mid(text.startsWith(u'-') ? 1 : 0);
    if (digits.isEmpty() || !std::all_of(digits.begin(), digits.end(), isDigit))
        return Failure{ QString() };
    bool fits = false;
    const qlonglong number = text.toLongLong(&fits);
    if (!fits || !std::in_range<Integer>(number))
        return Failure{ u"it does not fit"_s };
    return static_cast<Integer>(number);
}

/// An unusual spelling of an IPv4 address ("127.1", "010.0.0.1") is refused, because programs
/// differ in what they read it as.
Result<Endpoint, QString> readEndpoint(const QString &text)
{
    auto endpoint = parseEndpoint(text);
    if (!endpoint)
        return endpoint;
    const QString &written = endpoint.value().address;
    const QHostAddress address(written);
    if (address.isNull())
        return Failure{ u"the address is not one"_s };
    const QString usual = address.toString();
    if (address.protocol() == QAbstractSocket::IPv4Protocol && usual != written)
        return Failure{ u"the address is written %1"_s.arg(usual) };
    return Endpoint{ usual, endpoint.value().port };
}

Result<QString, QString> readPath(const QString &text)
{
    if (text.isEmpty())
        return Failure{ u"it is empty"_s };
    if (text.startsWith(u'~'))
        return Failure{ u"~ is not expanded here"_s };
    if (text.contains(QChar(0)))
        return Failure{ u"it contains NUL"_s };
    return QDir::cleanPath(QDir::current().absoluteFilePath(text));
}

Result<QString, QString> readOptionalPath(const QString &text)
{
    return text.isEmpty() ? Result<QString, QString>(QString()) : readPath(text);
}

constexpr qsizetype kMostInList = 64;
constexpr qsizetype kLongestText = 1'024;

Result<QStringList, QString> readPaths(const QString &text)
{
    QStringList paths;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        const Result<QString, QString> path = readPath(part.trimmed());
        if (!path)
            return Failure{ u"%1: %2"_s.arg(quoted(part.trimmed()), path.error()) };
        paths.append(path.value());
    }
    if (paths.size() > kMostInList)
        return Failure{ u"there are more than %1"_s.arg(kMostInList) };
    return paths;
}

Result<QStringList, QString> readHosts(const QString &text)
{
    QStringList hosts;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        const QString written = part.trimmed();
        const bool isBracketed = written.startsWith(u'[') && written.endsWith(u']');
        const auto host =
            canonicalHost((isBracketed ? written.mid(1, written.size() - 2) : written).toUtf8());
        if (!host)
            return Failure{ u"%1 is not one"_s.arg(quoted(written)) };
        hosts.append(QString::fromLatin1(*host));
    }
    if (hosts.size() > kMostInList)
        return Failure{ u"there are more than %1"_s.arg(kMostInList) };
    return hosts;
}

Result<QString, QString> readName(const QString &text)
{
    constexpr qsizetype kLongest = 64;
    const auto isAllowed = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
            || c == u'.' || c == u'_' || c == u'-';
    };
    if (text.isEmpty() || text.size() > kLongest
        || !std::all_of(text.begin(), text.end(), isAllowed)) {
        return Failure{ QString() };
    }
    return text;
}

QString asItIs(const QString &text)
{
    return text;
}

template <typename Integer>
SettingForm<Integer> integerForm(Bounds<Integer> bounds)
{
    const auto write = [](const Integer &count) { return QString::number(count); };
    const auto read = [bounds, write](const QString &text) -> Result<Integer, QString> {
        const auto count = readInteger<Integer>(text);
        return count ? within<Integer>(bounds, count.value(), write) : count;
    };
    return { u"N"_s, u"an integer"_s, TomlKind::Integer, read, write };
}

} // namespace

SettingForm<milliseconds> durationForm(Bounds<milliseconds> bounds)
{
    const auto write = [](const milliseconds &duration) { return formatDuration(duration); };
    const auto read = [bounds, write](const QString &text) -> Result<milliseconds, QString> {
        const auto duration = parseDuration(text);
        return duration ? within<milliseconds>(bounds, duration.value(), write) : duration;
    };
    return { u"DURATION"_s, u"a duration like \"25s\""_s, TomlKind::String, read, write };
}

SettingForm<qint64> sizeForm(Bounds<qint64> bounds)
{
    const auto write = [](const qint64 &size) { return formatSize(size); };
    const auto read = [bounds, write](const QString &text) -> Result<qint64, QString> {
        const auto size = parseSize(text);
        return size ? within<qint64>(bounds, size.value(), write) : size;
    };
    return { u"SIZE"_s, u"a size like \"8KiB\""_s, TomlKind::String, read, write };
}

SettingForm<int> countForm(Bounds<int> bounds)
{
    return integerForm(bounds);
}

SettingForm<qint64> longCountForm(Bounds<qint64> bounds)
{
    return integerForm(bounds);
}

SettingForm<bool> switchForm()
{
    SettingForm<bool> form = choiceForm<bool>({ { u"true"_s, true }, { u"false"_s, false } });
    form.expected = u"true or false"_s;
    form.tomlKind = TomlKind::Boolean;
    return form;
}

SettingForm<Endpoint> endpointForm()
{
    return { u"ADDR:PORT"_s, u"an address and port like \"127.0.0.1:8080\""_s, TomlKind::String,
             readEndpoint, formatEndpoint };
}

SettingForm<QString> pathForm(const QString &placeholder)
{
    return { placeholder, u"a path"_s, TomlKind::String, readPath, asItIs };
}

SettingForm<QString> optionalPathForm(const QString &placeholder)
{
    return { placeholder, u"a path, or nothing"_s, TomlKind::String, readOptionalPath, asItIs };
}

SettingForm<QString> textForm(const QString &placeholder)
{
    const auto read = [](const QString &text) -> Result<QString, QString> {
        const bool isPrintable = std::all_of(text.cbegin(), text.cend(),
                                             [](QChar character) { return character.isPrint(); });
        if (!isPrintable || text.size() > kLongestText)
            return Failure{ QString() };
        return text;
    };
    return { placeholder, u"a text of one line, or nothing"_s, TomlKind::String, read, asItIs };
}

SettingForm<QStringList> pathsForm()
{
    const auto write = [](const QStringList &paths) { return paths.join(u","_s); };
    return { u"DIR,…"_s, u"paths, separated by commas, or nothing"_s, TomlKind::String, readPaths,
             write };
}

SettingForm<QStringList> hostsForm()
{
    const auto write = [](const QStringList &hosts) { return hosts.join(u","_s); };
    return { u"HOST,…"_s, u"host names or addresses without port, separated by commas"_s,
             TomlKind::String, readHosts, write };
}

SettingForm<QString> nameForm()
{
    return { u"NAME"_s, u"a name of 1 to 64 letters, digits, \".\", \"_\" or \"-\""_s,
             TomlKind::String, readName, asItIs };
}

QString expectedChoice(const QStringList &names)
{
    QStringList all;
    for (const QString &name : names)
        all.append(u'"' + name + u'"');
    const QString last = all.takeLast();
    return all.join(u", "_s) + u" or "_s + last;
}

} // namespace quiesce
