// SPDX-License-Identifier: GPL-3.0-only
// Reads template elements and fills them in.
#include "common/jobs/commandarguments.h"

#include "common/printable.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;
using Kind = ArgumentPart::Kind;

namespace {

/// Linux: MAX_ARG_STRLEN, 32 pages, with the NUL (execve(2)).
constexpr qsizetype kLongestArgument = 32 * 4'096 - 1;

const CommandField *findField(const CommandSettings &command, const QString &name)
{
    const auto found = std::find_if(command.fields.begin(), command.fields.end(),
                                    [&](const CommandField &field) { return field.name == name; });
    return found == command.fields.end() ? nullptr : &*found;
}

bool mayBeginWithDash(const CommandSettings &command, const QString &name)
{
    const CommandField *field = findField(command, name);
    return field && (field->mayBeOption || field->type == CommandField::Type::Enum);
}

void addLiteral(QList<ArgumentPart> &parts, QChar c)
{
    if (parts.isEmpty() || parts.last().kind != Kind::Literal)
        parts.append(ArgumentPart{});
    parts.last().text.append(c);
}

/// Nothing: the group is not there.
bool isThere(const ArgumentPart &part, const FieldValues &values)
{
    if (part.kind == Kind::Literal)
        return true;
    const auto value = values.find(part.text);
    return value != values.end() && (part.kind == Kind::Field || *value != "false"_L1);
}

QList<QList<ArgumentPart>> parseGroup(const QStringList &group)
{
    QList<QList<ArgumentPart>> elements;
    for (const QString &element : group) {
        const auto parts = parseArgument(element);
        elements.append(parts ? parts.value() : QList<ArgumentPart>()); // judged when configured
    }
    return elements;
}

bool isConditionAlone(const QList<ArgumentPart> &parts)
{
    return !parts.isEmpty() && std::all_of(parts.begin(), parts.end(), [](const auto &part) {
        return part.kind == Kind::Condition;
    });
}

Result<QString, QString> fillIn(const CommandSettings &command, const QList<ArgumentPart> &parts,
                                const FieldValues &values)
{
    QString argument;
    for (const ArgumentPart &part : parts) {
        if (part.kind == Kind::Condition)
            continue;
        const QString text = part.kind == Kind::Literal ? part.text : values.value(part.text);
        const bool beginsAnOption = argument.isEmpty() && text.startsWith(u'-');
        if (beginsAnOption && part.kind == Kind::Field && !mayBeginWithDash(command, part.text))
            return Failure{ part.text + ": it must not begin with \"-\""_L1 };
        argument += text;
    }
    if (argument.toUtf8().size() > kLongestArgument)
        return Failure{ u"an argument would be longer than the system allows"_s };
    return argument;
}

} // namespace

Result<QList<ArgumentPart>, QString> parseArgument(const QString &element)
{
    QList<ArgumentPart> parts;
    for (qsizetype i = 0; i < element.size(); ++i) {
        const QChar c = element[i];
        if ((c == u'{' || c == u'}') && element.mid(i + 1, 1) == c) {
            addLiteral(parts, c);
            ++i;
        } else if (c == u'{') {
            const qsizetype end = element.indexOf(u'}', i);
            if (end < 0)
                return Failure{ u"a \"{\" is not closed; \"{{\" is a brace"_s };
            QString name = element.mid(i + 1, end - i - 1);
            const bool isCondition = name.startsWith(u'?');
            parts.append(ArgumentPart{ isCondition ? Kind::Condition : Kind::Field,
                                       isCondition ? name.mid(1) : name });
            i = end;
        } else if (c == u'}') {
            return Failure{ u"a \"}\" was not opened; \"}}\" is a brace"_s };
        } else {
            addLiteral(parts, c);
        }
    }
    return parts;
}

Result<QStringList, QString> expandArguments(const CommandSettings &command,
                                             const FieldValues &values)
{
    QStringList arguments;
    for (const QStringList &group : command.arguments) {
        const auto elements = parseGroup(group);
        const bool isWhole = std::all_of(elements.begin(), elements.end(), [&](const auto &parts) {
            return std::all_of(parts.begin(), parts.end(),
                               [&](const auto &part) { return isThere(part, values); });
        });
        for (const QList<ArgumentPart> &parts : elements) {
            if (!isWhole || isConditionAlone(parts))
                continue;
            const auto argument = fillIn(command, parts, values);
            if (!argument)
                return Failure{ argument.error() };
            arguments.append(argument.value());
        }
    }
    return arguments;
}

QString faultOfArguments(const CommandSettings &command)
{
    for (const QStringList &group : command.arguments) {
        for (const QString &element : group) {
            const auto parts = parseArgument(element);
            if (!parts)
                return quoted(element) + ": "_L1 + parts.error();
            for (const ArgumentPart &part : parts.value()) {
                const bool isResume = part.text == kResumeField && !command.resumePattern.isEmpty();
                if (part.kind != Kind::Literal && !isResume && !findField(command, part.text))
                    return u"%1 names no field of this command: %2"_s.arg(quoted(element),
                                                                          quoted(part.text));
            }
        }
    }
    return {};
}

} // namespace quiesce
