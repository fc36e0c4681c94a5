// SPDX-License-Identifier: GPL-3.0-only
// Entries to commands, by the tables of commandrows.h.
#include "service/host/configuration/commandsreader.h"

#include "common/jobs/commandarguments.h"
#include "common/jobs/commandmeter.h"
#include "common/printable.h"
#include "service/host/configuration/commandrows.h"
#include "service/host/configuration/nearest.h"
#include "service/host/configuration/tomlvalues.h"

#include <QRegularExpression>
#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

namespace quiesce {

using namespace Qt::StringLiterals;
using Type = CommandField::Type;

namespace {

constexpr qsizetype kCommandDepth = 3; // jobs, commands, NAME
constexpr qsizetype kFieldDepth = 5; // …, fields, FIELD

const QStringList &tables()
{
    static const QStringList names{ u"environment"_s, u"progress"_s, u"fields"_s };
    return names;
}

const QStringList &stockKinds()
{
    static const QStringList names{ u"sleep"_s, u"digest"_s };
    return names;
}

QStringList namesOf(const auto &rows)
{
    QStringList names;
    for (const auto &row : rows)
        names.append(row.name);
    return names;
}

bool isKindName(const QString &name)
{
    static const QRegularExpression pattern(u"\\A[a-z][a-z0-9._-]{0,63}\\z"_s);
    return pattern.match(name).hasMatch();
}

bool isFieldName(const QString &name)
{
    static const QRegularExpression pattern(u"\\A[A-Za-z][A-Za-z0-9_]{0,63}\\z"_s);
    return pattern.match(name).hasMatch() && name != kResumeField;
}

/// Reads one command.
class CommandReader final
{
public:
    CommandReader(const QString &file, const TomlEntry &first, CommandsReading &reading)
        : m_file(file)
        , m_first(first)
        , m_reading(reading)
    {
        m_command.name = first.path[2];
        m_key = commandKey(m_command.name);
    }

    [[nodiscard]] const QString &name() const { return m_command.name; }

    void take(const TomlEntry &entry)
    {
        m_reading.sources.insert(entry.key, m_file + u':' + QString::number(entry.line));
        m_places.insert(entry.key, entry);
        const QString part = entry.path.value(kCommandDepth);
        if (entry.path.size() == kCommandDepth) {
            if (entry.kind != TomlEntry::Kind::Table)
                refuse(entry, u"expected a table, found "_s + describe(entry));
        } else if (part == "environment"_L1) {
            takeVariable(entry);
        } else if (part == "progress"_L1) {
            takeRow(progressRows(), m_command.progress, entry, kCommandDepth + 1);
        } else if (part == "fields"_L1) {
            takeField(entry);
        } else {
            takeRow(commandRows(), m_command, entry, kCommandDepth);
        }
    }

    void finish()
    {
        if (!m_isFaulty)
            judge();
        if (!m_isFaulty)
            m_reading.commands.append(m_command);
    }

private:
    void refuse(const TomlEntry &entry, const QString &what)
    {
        m_isFaulty = true;
        m_reading.errors.append(u"%1:%2:%3: %4: %5"_s.arg(m_file, QString::number(entry.line),
                                                          QString::number(entry.column),
                                                          printable(entry.key), what));
    }

    /// At the place of that key; when it was not given, at the first of its table, or of the
    /// command.
    void refuseAt(const QString &key, const QString &what)
    {
        const QString whole = m_key + u'.' + key;
        TomlEntry entry = m_places.value(whole, firstOf(whole.left(whole.lastIndexOf(u'.') + 1)));
        entry.key = whole;
        refuse(entry, what);
    }

    [[nodiscard]] TomlEntry firstOf(const QString &table) const
    {
        std::optional<TomlEntry> first;
        for (const TomlEntry &place : m_places) {
            const bool isEarlier =
                !first || std::tie(place.line, place.column) < std::tie(first->line, first->column);
            if (place.key.startsWith(table) && isEarlier)
                first = place;
        }
        return first.value_or(m_first);
    }

    void refuseUnknown(const TomlEntry &entry, const QStringList &known, qsizetype depth)
    {
        const QString above = entry.path.first(depth).join(u'.') + u'.';
        m_isFaulty = true;
        m_reading.errors.append(u"%1:%2:%3: unknown setting %4; the nearest known one is %5"_s.arg(
            m_file, QString::number(entry.line), QString::number(entry.column), shown(entry.key),
            quoted(above + nearest(entry.path.value(depth), known))));
    }

    /// The value of path[depth], which is the last part.
    template <typename Owner>
    void takeRow(const QList<TomlRow<Owner>> &rows, Owner &owner, const TomlEntry &entry,
                 qsizetype depth)
    {
        if (entry.path.size() == depth && entry.kind == TomlEntry::Kind::Table)
            return; // an empty table says nothing
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const TomlRow<Owner> &each) {
            return each.name == entry.path.value(depth);
        });
        if (entry.path.size() == depth) {
            refuse(entry, u"expected a table, found "_s + describe(entry));
        } else if (row == rows.end()) {
            QStringList known = namesOf(rows);
            if (depth == kCommandDepth)
                known += tables();
            refuseUnknown(entry, known, depth);
        } else if (entry.path.size() > depth + 1) {
            refuse(entry, u"there is no table here"_s);
        } else if (const QString fault = row->read(owner, entry); !fault.isEmpty()) {
            refuse(entry, fault);
        }
    }

    void takeVariable(const TomlEntry &entry)
    {
        static const QRegularExpression name(u"\\A[A-Za-z_][A-Za-z0-9_]*\\z"_s);
        if (entry.path.size() == kCommandDepth + 1 && entry.kind == TomlEntry::Kind::Table)
            return;
        if (entry.path.size() != kCommandDepth + 2 || !name.match(entry.path.last()).hasMatch())
            refuse(entry, u"that is not the name of a variable"_s);
        else if (entry.kind != TomlEntry::Kind::String || entry.text.contains(QChar(0)))
            refuse(entry, u"expected a text, found "_s + describe(entry));
        else
            m_command.environment.insert(entry.path.last(), entry.text);
    }

    void takeField(const TomlEntry &entry)
    {
        const bool isEmptyTable = entry.kind == TomlEntry::Kind::Table;
        if (entry.path.size() < kFieldDepth) {
            if (!isEmptyTable)
                refuse(entry, u"expected a table, found "_s + describe(entry));
            return;
        }
        const QString &name = entry.path[kFieldDepth - 1];
        auto field = std::find_if(m_command.fields.begin(), m_command.fields.end(),
                                  [&](const CommandField &each) { return each.name == name; });
        if (field == m_command.fields.end() && m_command.fields.size() == kMaxCommandFields) {
            refuse(entry, u"there are more than %1 fields"_s.arg(kMaxCommandFields));
            return;
        }
        if (field == m_command.fields.end()) {
            if (!isFieldName(name))
                refuse(entry,
                       u"a field is called 1 to 64 letters, digits and \"_\", beginning with a "
                       "letter, and not \"resume\""_s);
            m_command.fields.append(CommandField{ .name = name });
            field = std::prev(m_command.fields.end());
        }
        takeRow(fieldRows(), *field, entry, kFieldDepth);
    }

    void judge()
    {
        if (!isKindName(m_command.name))
            refuse(m_first,
                   u"a command is called 1 to 64 of a-z, 0-9, \"-\", \"_\" and \".\", beginning "
                   "with a letter"_s);
        if (stockKinds().contains(m_command.name))
            refuse(m_first, u"that is the name of a stock kind"_s);
        if (m_command.program.isEmpty())
            refuseAt(u"program"_s, u"it is missing"_s);
        for (const CommandField &field : m_command.fields)
            judge(field);
        if (const QString fault = faultOfArguments(m_command); !fault.isEmpty())
            refuseAt(u"args"_s, fault);
        if (const QString fault = faultOfMeter(m_command); !fault.isEmpty())
            refuseAt(m_command.progress.pattern.isEmpty() ? u"resume_pattern"_s
                                                          : u"progress.pattern"_s,
                     fault);
    }

    void judge(const CommandField &field)
    {
        const QString key = u"fields.%1."_s.arg(field.name);
        if (!m_places.contains(m_key + u'.' + key + "type"_L1))
            refuseAt(key + "type"_L1, u"it is missing"_s);
        for (const TomlRow<CommandField> &row : fieldRows()) {
            const bool isGiven = m_places.contains(m_key + u'.' + key + row.name);
            if (isGiven && !row.types.isEmpty() && !row.types.contains(field.type))
                refuseAt(key + row.name, u"a field of this type has none"_s);
        }
        if (field.min > field.max)
            refuseAt(key + "max"_L1, u"it is below min"_s);
        if (field.type == Type::Enum && field.values.isEmpty())
            refuseAt(key + "values"_L1, u"it is missing"_s);
        if (field.type == Type::Path && field.roots.isEmpty())
            refuseAt(key + "roots"_L1, u"it is missing"_s);
        if (const auto pattern = boundedPattern(field.pattern); !pattern.isValid())
            refuseAt(key + "pattern"_L1,
                     u"%1 is no regular expression: %2"_s.arg(quoted(field.pattern),
                                                              pattern.errorString()));
        if (field.defaultValue.isUndefined() || m_isFaulty)
            return;
        if (const auto value = readField(field, field.defaultValue); !value)
            refuseAt(key + "default"_L1, value.error());
    }

    QString m_file;
    TomlEntry m_first;
    CommandsReading &m_reading;
    CommandSettings m_command;
    QString m_key;
    QMap<QString, TomlEntry> m_places;
    bool m_isFaulty = false;
};

} // namespace

bool isOfCommands(const TomlEntry &entry)
{
    return entry.path.size() >= 2 && entry.path[0] == "jobs"_L1 && entry.path[1] == "commands"_L1;
}

CommandsReading readCommands(const QString &file, const QList<TomlEntry> &entries)
{
    CommandsReading reading;
    std::vector<CommandReader> commands;
    for (const TomlEntry &entry : entries) {
        if (entry.path.size() < kCommandDepth) {
            if (entry.kind != TomlEntry::Kind::Table)
                reading.errors.append(u"%1:%2:%3: %4: expected a table, found %5"_s.arg(
                    file, QString::number(entry.line), QString::number(entry.column), entry.key,
                    describe(entry)));
            continue;
        }
        auto command =
            std::find_if(commands.begin(), commands.end(),
                         [&](const CommandReader &each) { return each.name() == entry.path[2]; });
        if (command == commands.end() && static_cast<qsizetype>(commands.size()) == kMaxCommands) {
            reading.errors.append(
                u"%1: there are more than %2 commands"_s.arg(file).arg(kMaxCommands));
            return reading;
        }
        if (command == commands.end()) {
            commands.emplace_back(file, entry, reading);
            command = std::prev(commands.end());
        }
        command->take(entry);
    }
    for (CommandReader &command : commands)
        command.finish();
    return reading;
}

} // namespace quiesce
