// SPDX-License-Identifier: GPL-3.0-only
// One function a type of field.
#include "common/jobs/commandfields.h"

#include "common/printable.h"

#include <algorithm>
#include <cmath>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestPath = 4'095; // PATH_MAX without the NUL

QString typeName(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
        return u"null"_s;
    case QJsonValue::Bool:
        return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::Double:
        return QString::number(value.toDouble(), 'g', 17);
    case QJsonValue::String:
        return u"a string"_s;
    case QJsonValue::Array:
        return u"an array"_s;
    case QJsonValue::Object:
        return u"an object"_s;
    case QJsonValue::Undefined:
        break;
    }
    return u"nothing"_s;
}

Failure<QString> unexpected(const QString &what, const QJsonValue &found)
{
    return Failure{ u"expected %1, found %2"_s.arg(what, typeName(found)) };
}

Result<QString, QString> cleanText(const QString &text)
{
    if (!text.isValidUtf16())
        return Failure{ u"it holds half a character"_s };
    const bool hasControl = std::any_of(text.begin(), text.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c == QChar::LineSeparator
            || c == QChar::ParagraphSeparator;
    });
    if (hasControl)
        return Failure{ u"it holds a control character"_s };
    return text;
}

Result<QString, QString> readInteger(const CommandField &field, const QJsonValue &value)
{
    const double number = value.toDouble();
    const bool isWithin = value.isDouble() && number >= static_cast<double>(field.min)
        && number <= static_cast<double>(field.max);
    if (!isWithin || std::floor(number) != number)
        return unexpected(u"an integer from %1 to %2"_s.arg(field.min).arg(field.max), value);
    return QString::number(static_cast<qint64>(number));
}

Result<QString, QString> readString(const CommandField &field, const QJsonValue &value)
{
    if (!value.isString())
        return unexpected(u"a string"_s, value);
    const QString text = value.toString();
    if (text.size() > field.maxLength)
        return Failure{ u"it is longer than %1"_s.arg(field.maxLength) };
    auto clean = cleanText(text);
    if (!clean || field.pattern.isEmpty())
        return clean;
    const QString whole = u"\\A(?:%1)\\z"_s.arg(field.pattern);
    if (!boundedPattern(whole).match(text).hasMatch())
        return Failure{ u"it does not fit the pattern %1"_s.arg(printable(field.pattern)) };
    return text;
}

Result<QString, QString> readEnum(const CommandField &field, const QJsonValue &value)
{
    if (value.isString() && field.values.contains(value.toString()))
        return value.toString();
    QStringList choices;
    for (const QString &choice : field.values)
        choices.append(quoted(choice));
    return unexpected(u"one of "_s + choices.join(u", "_s),
                      value.isString() ? QJsonValue(u""_s) : value);
}

Result<QString, QString> readBoolean(const QJsonValue &value)
{
    if (!value.isBool())
        return unexpected(u"true or false"_s, value);
    return value.toBool() ? u"true"_s : u"false"_s;
}

Result<QString, QString> readPath(const CommandField &field, const QJsonValue &value)
{
    if (!value.isString())
        return unexpected(u"a path"_s, value);
    return pathBelow(field.roots, value.toString());
}

bool isBelow(const QString &root, const QString &path)
{
    const QString folder = root.endsWith(u'/') ? root : root + u'/';
    return path.size() > folder.size() && path.startsWith(folder);
}

QString unknownField(const QList<CommandField> &fields, const QJsonObject &payload)
{
    for (const QString &key : payload.keys()) {
        const bool isKnown = std::any_of(fields.begin(), fields.end(),
                                         [&](const CommandField &f) { return f.name == key; });
        if (!isKnown)
            return quoted(key.left(CommandField::kMaxStringLength / 256)) + ": unknown field"_L1;
    }
    return {};
}

} // namespace

QRegularExpression boundedPattern(const QString &pattern)
{
    return QRegularExpression("(*LIMIT_MATCH=100000)"_L1 + pattern);
}

Result<QString, QString> pathBelow(const QStringList &roots, const QString &path)
{
    if (!path.startsWith(u'/'))
        return Failure{ u"it is not an absolute path"_s };
    if (path.toUtf8().size() > kLongestPath)
        return Failure{ u"it is longer than a path can be"_s };
    if (auto clean = cleanText(path); !clean)
        return clean;
    for (const QStringView part : QStringView(path).mid(1).split(u'/')) {
        if (part.isEmpty() || part == u"." || part == u"..")
            return Failure{ u"it has an empty part, \".\" or \"..\""_s };
    }
    const bool isInside = std::any_of(roots.begin(), roots.end(),
                                      [&](const QString &root) { return isBelow(root, path); });
    if (!isInside)
        return Failure{ u"it is not below a folder that is allowed"_s };
    return path;
}

Result<QString, QString> readField(const CommandField &field, const QJsonValue &value)
{
    switch (field.type) {
    case CommandField::Type::Integer:
        return readInteger(field, value);
    case CommandField::Type::String:
        return readString(field, value);
    case CommandField::Type::Enum:
        return readEnum(field, value);
    case CommandField::Type::Boolean:
        return readBoolean(value);
    case CommandField::Type::Path:
        return readPath(field, value);
    }
    Q_UNREACHABLE();
}

Result<FieldValues, QString> readFields(const QList<CommandField> &fields,
                                        const QJsonObject &payload)
{
    if (const QString unknown = unknownField(fields, payload); !unknown.isEmpty())
        return Failure{ unknown };
    FieldValues values;
    for (const CommandField &field : fields) {
        const auto given = payload.find(field.name);
        const bool isGiven = given != payload.end();
        if (!isGiven && field.defaultValue.isUndefined()) {
            if (field.isRequired)
                return Failure{ field.name + ": it is missing"_L1 };
            continue;
        }
        const auto text = readField(field, isGiven ? QJsonValue(*given) : field.defaultValue);
        if (!text)
            return Failure{ field.name + ": "_L1 + text.error() };
        values.insert(field.name, text.value());
    }
    return values;
}

} // namespace quiesce
