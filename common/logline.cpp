// SPDX-License-Identifier: GPL-3.0-only
// Writes and reads the key=value form of log records.
#include "common/logline.h"

#include "common/units.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <optional>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// What a value without quotes means. A number too large for a qint64 stays text, since JSON
/// would round it.
QJsonValue readBare(QStringView text)
{
    if (text == "true"_L1 || text == "false"_L1)
        return text == "true"_L1;
    const bool hasOnlyNumberCharacters = std::all_of(text.begin(), text.end(), [](QChar c) {
        return (c >= u'0' && c <= u'9') || c == u'-' || c == u'+' || c == u'.' || c == u'e';
    });
    if (!hasOnlyNumberCharacters || text.isEmpty())
        return text.toString();
    bool isNumber = false;
    if (const qlonglong number = text.toLongLong(&isNumber); isNumber)
        return number;
    if (const double number = text.toDouble(&isNumber);
        isNumber && (text.contains(u'.') || text.contains(u'e'))) {
        return number;
    }
    return text.toString();
}

bool isPlain(char32_t c)
{
    return c > 0x20 && c != U'"' && c != U'=' && c != U'\\' && QChar::isPrint(c);
}

bool needsQuotes(QStringView text)
{
    if (text.isEmpty() || !readBare(text).isString())
        return true;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            if (!isPlain(QChar::surrogateToUcs4(text[i], text[i + 1])))
                return true;
            ++i;
        } else if (text[i].isSurrogate() || !isPlain(text[i].unicode())) {
            return true;
        }
    }
    return false;
}

void appendEscaped(QString &out, QChar c)
{
    switch (c.unicode()) {
    case u'"':
        out += "\\\""_L1;
        break;
    case u'\\':
        out += "\\\\"_L1;
        break;
    case u'\n':
        out += "\\n"_L1;
        break;
    case u'\r':
        out += "\\r"_L1;
        break;
    case u'\t':
        out += "\\t"_L1;
        break;
    default:
        out += "\\u"_L1 + QString::number(c.unicode(), 16).rightJustified(4, u'0');
    }
}

/// A JSON string in which everything that does not print is escaped: no line separators, no
/// terminal control sequences, no text that runs backwards.
QString quote(QStringView text)
{
    QString out(u'"');
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()
            && QChar::isPrint(QChar::surrogateToUcs4(c, text[i + 1]))) {
            out += c;
            out += text[++i];
        } else if (c == u'"' || c == u'\\' || c.isSurrogate() || !c.isPrint()) {
            appendEscaped(out, c);
        } else {
            out += c;
        }
    }
    return out + u'"';
}

bool isKeyCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
        || c == u'_' || c == u'.' || c == u'-';
}

/// Where the `=` of a field beginning at `from` is, or -1 when none begins there.
qsizetype equalsSignOfFieldAt(QStringView line, qsizetype from)
{
    qsizetype at = from;
    while (at < line.size() && isKeyCharacter(line[at]))
        ++at;
    return at > from && at < line.size() && line[at] == u'=' ? at : -1;
}

/// Just past the closing quote of the JSON string at `from`, or -1.
qsizetype endOfQuoted(QStringView line, qsizetype from)
{
    for (qsizetype at = from + 1; at < line.size(); ++at) {
        if (line[at] == u'\\')
            ++at;
        else if (line[at] == u'"')
            return at + 1;
    }
    return -1;
}

std::optional<QString> unquote(QStringView quoted)
{
    const QByteArray json = '[' + quoted.toUtf8() + ']';
    const QJsonArray array = QJsonDocument::fromJson(json).array();
    if (array.size() != 1 || !array.first().isString())
        return std::nullopt;
    return array.first().toString();
}

/// Reads one field and moves `at` past it and the space behind it.
std::optional<LogField> readField(QStringView line, qsizetype &at)
{
    const qsizetype equals = equalsSignOfFieldAt(line, at);
    if (equals < 0)
        return std::nullopt;
    LogField field{ line.mid(at, equals - at).toString(), {} };
    qsizetype end = -1;
    if (equals + 1 < line.size() && line[equals + 1] == u'"') {
        end = endOfQuoted(line, equals + 1);
        const auto text = end < 0 ? std::nullopt : unquote(line.mid(equals + 1, end - equals - 1));
        if (!text)
            return std::nullopt;
        field.value = *text;
    } else {
        end = line.indexOf(u' ', equals);
        end = end < 0 ? line.size() : end;
        field.value = readBare(line.mid(equals + 1, end - equals - 1));
    }
    if (end < line.size() && line[end] != u' ')
        return std::nullopt;
    at = end + 1;
    return field;
}

/// Where the first field begins, or -1.
qsizetype firstField(QStringView line)
{
    for (qsizetype at = 0; at >= 0 && at < line.size();) {
        if (equalsSignOfFieldAt(line, at) >= 0)
            return at;
        const qsizetype space = line.indexOf(u' ', at);
        at = space < 0 ? -1 : space + 1;
    }
    return -1;
}

} // namespace

LogValue::LogValue(QStringView text)
    : m_text(needsQuotes(text) ? quote(text) : text.toString())
{ }

LogValue::LogValue(double number)
    : m_text(QString::number(number, 'g', QLocale::FloatingPointShortest))
{
    if (std::isfinite(number) && !m_text.contains(u'.') && !m_text.contains(u'e'))
        m_text += ".0"_L1;
}

LogValue::LogValue(std::chrono::milliseconds duration)
    : m_text(formatDuration(duration))
{ }

LogLine::LogLine(QLatin1StringView message)
    : m_line(message)
{
    Q_ASSERT(!message.contains(u'=') && !message.contains(u'\n'));
}

LogLine &LogLine::with(QLatin1StringView key, const LogValue &value) &
{
    Q_ASSERT(!key.isEmpty());
    m_line += u' ' + key + u'=' + value.text();
    return *this;
}

LogLine &&LogLine::with(QLatin1StringView key, const LogValue &value) &&
{
    return std::move(with(key, value));
}

ParsedLogLine LogLine::parse(QStringView line)
{
    const qsizetype begin = firstField(line);
    if (begin < 0)
        return { line.toString(), {} };
    ParsedLogLine parsed{ line.left(std::max<qsizetype>(begin - 1, 0)).toString(), {} };
    for (qsizetype at = begin; at < line.size();) {
        const auto field = readField(line, at);
        if (!field)
            return { line.toString(), {} };
        parsed.fields.append(*field);
    }
    return parsed;
}

} // namespace quiesce
