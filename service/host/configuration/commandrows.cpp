// SPDX-License-Identifier: GPL-3.0-only
// The rows, by the same forms as the settings where one fits.
#include "service/host/configuration/commandrows.h"

#include "common/printable.h"
#include "service/host/configuration/settingforms.h"
#include "service/host/configuration/tomlvalues.h"

#include <QDir>
#include <QLocale>
#include <QRegularExpression>
#include <cmath>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Type = CommandField::Type;

namespace {

constexpr qsizetype kMostArguments = 1'024;
constexpr qsizetype kMostItems = 256;
constexpr qsizetype kLongestText = 4'096;
constexpr qint64 kGiB = qint64{ 1'024 } * 1'024 * 1'024;

QString unexpected(const QString &expected, const TomlEntry &found, const QString &reason = {})
{
    return u"expected %1, found %2"_s.arg(expected, describe(found))
        + (reason.isEmpty() ? QString() : ": "_L1 + reason);
}

template <typename Owner, typename Value>
TomlRow<Owner> row(const QString &name, const SettingForm<Value> &form, Value Owner::*value)
{
    const auto read = [=](Owner &owner, const TomlEntry &entry) {
        if (!isOfKind(entry, form.tomlKind))
            return unexpected(form.expected, entry);
        auto result = form.read(entry.text);
        if (!result)
            return unexpected(form.expected, entry, result.error());
        owner.*value = result.takeValue();
        return QString();
    };
    const auto write = [=](const Owner &owner) {
        const QString text = form.write(owner.*value);
        return form.tomlKind == TomlKind::String ? tomlString(text) : text;
    };
    return { name, read, write };
}

SettingForm<QString> textForm()
{
    const auto read = [](const QString &text) -> Result<QString, QString> {
        if (text.size() > kLongestText)
            return Failure{ u"it is longer than %1"_s.arg(kLongestText) };
        if (text.contains(QChar(0)))
            return Failure{ u"it contains NUL"_s };
        return text;
    };
    return { {}, u"a text"_s, TomlKind::String, read, [](const QString &text) { return text; } };
}

Result<QString, QString> readAbsolute(const QString &text)
{
    if (!text.startsWith(u'/'))
        return Failure{ u"it is not absolute"_s };
    if (text.size() > kLongestText || text.contains(QChar(0)))
        return Failure{ u"it is no path"_s };
    return QDir::cleanPath(text);
}

SettingForm<QString> absoluteForm()
{
    return { {}, u"an absolute path"_s, TomlKind::String, readAbsolute, [](const QString &text) {
                return text;
            } };
}

SettingForm<qint64> integerForm()
{
    const auto read = [](const QString &text) -> Result<qint64, QString> {
        const qint64 number = text.toLongLong();
        if (number > CommandField::kMaxInteger || number < -CommandField::kMaxInteger)
            return Failure{ u"a JSON number cannot hold it exactly"_s };
        return number;
    };
    return { {}, u"an integer"_s, TomlKind::Integer, read, [](const qint64 &number) {
                return QString::number(number);
            } };
}

/// Any finite number above zero.
template <typename Owner>
TomlRow<Owner> numberRow(const QString &name, double Owner::*value)
{
    const auto read = [=](Owner &owner, const TomlEntry &entry) {
        const bool isNumber =
            entry.kind == TomlEntry::Kind::Number || entry.kind == TomlEntry::Kind::Integer;
        const double number = entry.text.toDouble();
        if (!isNumber || !std::isfinite(number) || number <= 0)
            return unexpected(u"a number above 0"_s, entry);
        owner.*value = number;
        return QString();
    };
    const auto write = [=](const Owner &owner) {
        const QString text = QString::number(owner.*value, 'g', QLocale::FloatingPointShortest);
        const bool isFloat = text.contains(u'.') || text.contains(u'e');
        return isFloat ? text : text + ".0"_L1;
    };
    return { name, read, write };
}

/// An array whose texts are each read by `read`.
template <typename Owner>
TomlRow<Owner> textsRow(const QString &name, const QString &expected, QStringList Owner::*value,
                        const std::function<Result<QString, QString>(const QString &)> &readOne)
{
    const auto read = [=](Owner &owner, const TomlEntry &entry) {
        if (entry.kind != TomlEntry::Kind::Array || entry.items.size() > kMostItems)
            return unexpected(expected, entry);
        QStringList texts;
        for (const TomlEntry &item : entry.items) {
            const auto text =
                item.kind == TomlEntry::Kind::String ? readOne(item.text) : Failure{ QString() };
            if (!text)
                return unexpected(expected, item, text.error());
            texts.append(text.value());
        }
        owner.*value = texts;
        return QString();
    };
    return { name, read, [=](const Owner &owner) { return tomlArray(owner.*value); } };
}

Result<QString, QString> readVariable(const QString &name)
{
    static const QRegularExpression pattern(u"\\A[A-Za-z_][A-Za-z0-9_]*\\z"_s);
    if (name.size() > kMostItems || !pattern.match(name).hasMatch())
        return Failure{ u"that is not the name of a variable"_s };
    return name;
}

/// A text, or an array of texts: one group.
std::optional<QStringList> groupOf(const TomlEntry &item)
{
    if (item.kind == TomlEntry::Kind::String)
        return QStringList{ item.text };
    if (item.kind != TomlEntry::Kind::Array || item.items.isEmpty())
        return {};
    QStringList group;
    for (const TomlEntry &each : item.items) {
        if (each.kind != TomlEntry::Kind::String)
            return {};
        group.append(each.text);
    }
    return group;
}

QString readArguments(CommandSettings &command, const TomlEntry &entry)
{
    const QString expected = u"an array of at most %1 texts, or arrays of texts for what is left "
                             "out together"_s.arg(kMostArguments);
    if (entry.kind != TomlEntry::Kind::Array)
        return unexpected(expected, entry);
    QList<QStringList> groups;
    qsizetype count = 0;
    for (const TomlEntry &item : entry.items) {
        const auto group = groupOf(item);
        if (!group || (count += group->size()) > kMostArguments)
            return unexpected(expected, item);
        if (group->join(QString()).contains(QChar(0)))
            return unexpected(expected, item, u"it contains NUL"_s);
        groups.append(*group);
    }
    command.arguments = groups;
    return {};
}

QString writeArguments(const CommandSettings &command)
{
    QStringList groups;
    for (const QStringList &group : command.arguments)
        groups.append(group.size() == 1 ? tomlString(group[0]) : tomlArray(group));
    return u'[' + groups.join(u", "_s) + u']';
}

QString readExitCodes(CommandSettings &command, const TomlEntry &entry)
{
    const QString expected = u"an array of integers from 1 to 255"_s;
    if (entry.kind != TomlEntry::Kind::Array)
        return unexpected(expected, entry);
    QList<int> codes;
    for (const TomlEntry &item : entry.items) {
        const qint64 code = item.kind == TomlEntry::Kind::Integer ? item.text.toLongLong() : 0;
        if (code < 1 || code > 255 || codes.size() >= kMostItems)
            return unexpected(expected, item);
        codes.append(static_cast<int>(code));
    }
    command.finalExitCodes = codes;
    return {};
}

QString writeExitCodes(const CommandSettings &command)
{
    QStringList codes;
    for (const int code : command.finalExitCodes)
        codes.append(QString::number(code));
    return u'[' + codes.join(u", "_s) + u']';
}

QString readDefault(CommandField &field, const TomlEntry &entry)
{
    switch (entry.kind) {
    case TomlEntry::Kind::String:
        field.defaultValue = entry.text;
        return {};
    case TomlEntry::Kind::Integer:
        field.defaultValue = entry.text.toLongLong();
        return {};
    case TomlEntry::Kind::Boolean:
        field.defaultValue = entry.text == "true"_L1;
        return {};
    case TomlEntry::Kind::Table:
    case TomlEntry::Kind::Number:
    case TomlEntry::Kind::Array:
    case TomlEntry::Kind::Other:
        break;
    }
    return unexpected(u"a text, an integer, true or false"_s, entry);
}

QString writeDefault(const CommandField &field)
{
    if (field.defaultValue.isString())
        return tomlString(field.defaultValue.toString());
    if (field.defaultValue.isBool())
        return field.defaultValue.toBool() ? u"true"_s : u"false"_s;
    return field.defaultValue.isDouble() ? QString::number(field.defaultValue.toInteger())
                                         : QString();
}

template <typename Owner>
TomlRow<Owner> only(TomlRow<Owner> what, const QList<Type> &types)
{
    what.types = types;
    return what;
}

/// A row that says nothing when the text is empty.
template <typename Owner>
TomlRow<Owner> optionalText(const QString &name, QString Owner::*value)
{
    TomlRow<Owner> all = row(name, textForm(), value);
    all.write = [=](const Owner &owner) {
        return (owner.*value).isEmpty() ? QString() : tomlString(owner.*value);
    };
    return all;
}

QString assignments(const QString &key, const auto &rows, const auto &owner,
                    const QMap<QString, QString> &sources)
{
    QString out;
    for (const auto &each : rows) {
        const QString literal = each.write(owner);
        if (!literal.isEmpty())
            out += each.name + " = "_L1 + literal + " # "_L1
                + printable(sources.value(key + u'.' + each.name, u"default"_s)) + u'\n';
    }
    return out;
}

} // namespace

const QList<TomlRow<CommandSettings>> &commandRows()
{
    using C = CommandSettings;
    const auto time = durationForm({ 0ms, 24h * 365 });
    const auto bytes = sizeForm({ 0, 1'024 * kGiB });
    static const QList<TomlRow<C>> rows{
        row(u"program"_s, absoluteForm(), &C::program),
        { u"args"_s, readArguments, writeArguments },
        row(u"working_dir"_s, absoluteForm(), &C::workingDir),
        textsRow(u"inherit_environment"_s, u"an array of at most 256 names of variables"_s,
                 &C::inheritEnvironment, readVariable),
        row(u"timeout"_s, time, &C::timeout),
        row(u"kill_after"_s, durationForm({ 0ms, 1h }), &C::killAfter),
        row(u"max_running"_s, countForm({ 0, 10'000 }), &C::maxRunning),
        row(u"max_attempts"_s, countForm({ 0, 1'000 }), &C::maxAttempts),
        row(u"memory"_s, bytes, &C::memory),
        row(u"cpu"_s, time, &C::cpu),
        row(u"max_file"_s, bytes, &C::maxFileBytes),
        row(u"max_output"_s, bytes, &C::maxOutputBytes),
        { u"final_exit_codes"_s, readExitCodes, writeExitCodes },
        row(u"on_stop"_s,
            choiceForm<C::OnStop>(
                { { u"finish"_s, C::OnStop::Finish }, { u"terminate"_s, C::OnStop::Terminate } }),
            &C::onStop),
        optionalText(u"resume_pattern"_s, &C::resumePattern),
    };
    return rows;
}

const QList<TomlRow<CommandProgress>> &progressRows()
{
    using P = CommandProgress;
    static const QList<TomlRow<P>> rows{
        optionalText(u"pattern"_s, &P::pattern),
        numberRow(u"scale"_s, &P::scale),
        numberRow(u"total"_s, &P::total),
        optionalText(u"total_field"_s, &P::totalField),
        optionalText(u"total_pattern"_s, &P::totalPattern),
    };
    return rows;
}

const QList<TomlRow<CommandField>> &fieldRows()
{
    using F = CommandField;
    static const QList<TomlRow<F>> rows{
        row(u"type"_s,
            choiceForm<Type>({ { u"integer"_s, Type::Integer },
                               { u"string"_s, Type::String },
                               { u"enum"_s, Type::Enum },
                               { u"boolean"_s, Type::Boolean },
                               { u"path"_s, Type::Path } }),
            &F::type),
        only(row(u"min"_s, integerForm(), &F::min), { Type::Integer }),
        only(row(u"max"_s, integerForm(), &F::max), { Type::Integer }),
        only(row(u"max_length"_s, countForm({ 0, F::kMaxStringLength }), &F::maxLength),
             { Type::String }),
        only(optionalText(u"pattern"_s, &F::pattern), { Type::String }),
        only(textsRow(u"values"_s, u"an array of at most 256 texts"_s, &F::values, textForm().read),
             { Type::Enum }),
        only(textsRow(u"roots"_s, u"an array of at most 256 absolute paths"_s, &F::roots,
                      readAbsolute),
             { Type::Path }),
        only(row(u"must_exist"_s, switchForm(), &F::mustExist), { Type::Path }),
        only(row(u"may_be_option"_s, switchForm(), &F::mayBeOption),
             { Type::Integer, Type::String }),
        row(u"required"_s, switchForm(), &F::isRequired),
        { u"default"_s, readDefault, writeDefault },
    };
    return rows;
}

QString commandKey(const QString &name)
{
    return u"jobs.commands."_s + name;
}

QString commandToml(const CommandSettings &command, const QMap<QString, QString> &sources)
{
    const QString key = commandKey(command.name);
    const QString heading = "\n[jobs.commands."_L1 + tomlKey(command.name);
    QString out = heading + "]\n"_L1 + assignments(key, commandRows(), command, sources);
    if (!command.environment.isEmpty())
        out += heading + ".environment]\n"_L1;
    for (auto variable = command.environment.begin(); variable != command.environment.end();
         ++variable)
        out += variable.key() + " = "_L1 + tomlString(variable.value()) + " # "_L1
            + printable(sources.value(key + ".environment."_L1 + variable.key())) + u'\n';
    if (!command.progress.pattern.isEmpty())
        out += heading + ".progress]\n"_L1
            + assignments(key + ".progress"_L1, progressRows(), command.progress, sources);
    for (const CommandField &field : command.fields) {
        QList<TomlRow<CommandField>> rows;
        for (const TomlRow<CommandField> &each : fieldRows()) {
            if (each.types.isEmpty() || each.types.contains(field.type))
                rows.append(each);
        }
        out += heading + ".fields."_L1 + field.name + "]\n"_L1
            + assignments(key + ".fields."_L1 + field.name, rows, field, sources);
    }
    return out;
}

} // namespace quiesce
