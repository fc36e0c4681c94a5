// SPDX-License-Identifier: GPL-3.0-only
// Commands in the configuration: what is read, how it is printed, and every error with its place.
#include "service/host/configuration/commandrows.h"
#include "tests/host/configurationinputs.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::CommandField;
using quiesce::CommandSettings;
using quiesce::Settings;
using quiesce::test::Sources;

namespace {

const QByteArray kFull = R"(
[jobs.commands.resize]
program = "/usr/bin/convert"
args = ["-size", "{width}", ["-t", "{title}"], ["{?fast}", "-fast"], "{input}", "{{x}}"]
working_dir = "/srv/work"
inherit_environment = ["PATH", "LANG"]
environment = { HOME = "/nonexistent", MAGICK_THREADS = "1" }
timeout = "2m"
kill_after = "3s"
max_running = 2
max_attempts = 4
memory = "1GiB"
cpu = "30s"
max_file = "100MiB"
max_output = "1MiB"
final_exit_codes = [1, 64]
on_stop = "terminate"
resume_pattern = '^at (.*)$'
progress = { pattern = '(\d+)%', total = 100, scale = 1.5 }

[jobs.commands.resize.fields]
width = { type = "integer", min = 1, max = 8192, default = 640 }
title = { type = "string", max_length = 80, pattern = '[\w ]+', may_be_option = true, required = false }
mode = { type = "enum", values = ["a", "b"], default = "b" }
fast = { type = "boolean", default = false }
input = { type = "path", roots = ["/srv/a", "/srv/b/../c/"] }

[jobs.commands."a.b"]
program = "/bin/true"
)";

CommandSettings full()
{
    CommandSettings command;
    command.name = u"resize"_s;
    command.program = u"/usr/bin/convert"_s;
    command.arguments = {
        { u"-size"_s },   { u"{width}"_s }, { u"-t"_s, u"{title}"_s }, { u"{?fast}"_s, u"-fast"_s },
        { u"{input}"_s }, { u"{{x}}"_s }
    };
    command.workingDir = u"/srv/work"_s;
    command.inheritEnvironment = { u"PATH"_s, u"LANG"_s };
    command.environment = { { u"HOME"_s, u"/nonexistent"_s }, { u"MAGICK_THREADS"_s, u"1"_s } };
    command.timeout = 2min;
    command.killAfter = 3s;
    command.maxRunning = 2;
    command.maxAttempts = 4;
    command.memory = qint64{ 1'024 } * 1'024 * 1'024;
    command.cpu = 30s;
    command.maxFileBytes = qint64{ 100 } * 1'024 * 1'024;
    command.maxOutputBytes = qint64{ 1'024 } * 1'024;
    command.finalExitCodes = { 1, 64 };
    command.onStop = CommandSettings::OnStop::Terminate;
    command.resumePattern = u"^at (.*)$"_s;
    command.progress = { .pattern = u"(\\d+)%"_s, .scale = 1.5, .total = 100 };
    using Type = CommandField::Type;
    command.fields = {
        CommandField{ .name = u"width"_s,
                      .type = Type::Integer,
                      .min = 1,
                      .max = 8'192,
                      .defaultValue = 640 },
        CommandField{ .name = u"title"_s,
                      .maxLength = 80,
                      .pattern = u"[\\w ]+"_s,
                      .mayBeOption = true,
                      .isRequired = false },
        CommandField{ .name = u"mode"_s,
                      .type = Type::Enum,
                      .values = { u"a"_s, u"b"_s },
                      .defaultValue = u"b"_s },
        CommandField{ .name = u"fast"_s, .type = Type::Boolean, .defaultValue = false },
        CommandField{
            .name = u"input"_s, .type = Type::Path, .roots = { u"/srv/a"_s, u"/srv/c"_s } },
    };
    return command;
}

/// A command whose first line is line 1, with this in it.
QByteArray with(const QByteArray &line)
{
    return "[jobs.commands.x]\nprogram = '/bin/x'\n" + line + '\n';
}

QByteArray withField(const QByteArray &field)
{
    return with("fields.f = { " + field + " }");
}

} // namespace

class CommandSettingsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEverything();
    void hasDefaults();
    void namesEveryError_data();
    void namesEveryError();
    void namesAllErrorsAtOnce();
    void findsErrorsByCheckingToo();
    void printsWhatReadsBackTheSame();
    void printsWhereEachCameFrom();
    void boundsCommandsAndFields();
    void changesOnlyByARestart();
    void hasEachKeyInTheManual();
};

void CommandSettingsTest::readsEverything()
{
    Sources sources;
    sources.file(kFull);
    QCOMPARE(sources.errors(), QStringList());
    const QList<CommandSettings> commands = sources.load().value().settings().jobs.commands;
    QCOMPARE(commands.size(), 2);
    QVERIFY(commands[0] == full());
    QCOMPARE(commands[1].name, u"a.b"_s);
}

void CommandSettingsTest::hasDefaults()
{
    Sources sources;
    sources.file("[jobs.commands]\n" + with({}));
    CommandSettings expected;
    expected.name = u"x"_s;
    expected.program = u"/bin/x"_s;
    QCOMPARE(sources.errors(), QStringList());
    QVERIFY(sources.load().value().settings().jobs.commands == QList{ expected });
}

void CommandSettingsTest::namesEveryError_data()
{
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QByteArray &toml, const char *error) {
        QTest::newRow(name) << toml << QString::fromUtf8(error);
    };
    row("no table", "[jobs]\ncommands = 1",
        "2:1: jobs.commands: expected a table, found integer 1");
    row("command is no table", "[jobs.commands]\nx = 1",
        "2:1: jobs.commands.x: expected a table, found integer 1");
    row("no program", "[jobs.commands.x]\nargs = []",
        "2:1: jobs.commands.x.program: it is missing");
    row("empty", "[jobs.commands.x]", "1:16: jobs.commands.x.program: it is missing");
    row("relative program", "[jobs.commands.x]\nprogram = 'x'",
        "2:1: jobs.commands.x.program: expected an absolute path, found \"x\": it is not absolute");
    row("program is no text", "[jobs.commands.x]\nprogram = ['x']",
        "2:1: jobs.commands.x.program: expected an absolute path, found array");
    row("name", "[jobs.commands.X]\nprogram = '/x'",
        "2:1: jobs.commands.X.program: a command is called 1 to 64 of a-z, 0-9, \"-\", \"_\" and "
        "\".\", beginning with a letter");
    row("stock kind", "[jobs.commands.sleep]\nprogram = '/x'",
        "2:1: jobs.commands.sleep.program: that is the name of a stock kind");
    row("unknown key", with("progam = 1"),
        "3:1: unknown setting \"jobs.commands.x.progam\"; the nearest known one is "
        "\"jobs.commands.x.program\"");
    row("unknown progress", with("progress.patern = 1"),
        "3:10: unknown setting \"jobs.commands.x.progress.patern\"; the nearest known one is "
        "\"jobs.commands.x.progress.pattern\"");
    row("table for a value", with("timeout.x = 1"),
        "3:9: jobs.commands.x.timeout.x: there is no table here");
    row("value for a table", with("progress = 1"),
        "3:1: jobs.commands.x.progress: expected a table, found integer 1");
    row("args", with("args = 'a b'"),
        "3:1: jobs.commands.x.args: expected an array of at most 1024 texts, or arrays of texts "
        "for what is left out together, found \"a b\"");
    row("arg of the wrong kind", with("args = ['a', 1]"),
        "3:1: jobs.commands.x.args: expected an array of at most 1024 texts, or arrays of texts "
        "for what is left out together, found integer 1");
    row("placeholder", with("args = ['{width}']"),
        "3:1: jobs.commands.x.args: \"{width}\" names no field of this command: \"width\"");
    row("variable's name", with("inherit_environment = ['A=B']"),
        "3:1: jobs.commands.x.inherit_environment: expected an array of at most 256 names of "
        "variables, found \"A=B\": that is not the name of a variable");
    row("fixed variable's name", with("environment = { 'A=B' = 'c' }"),
        "3:17: jobs.commands.x.environment.A=B: that is not the name of a variable");
    row("fixed variable", with("environment = { A = 1 }"),
        "3:17: jobs.commands.x.environment.A: expected a text, found integer 1");
    row("timeout", with("timeout = 5"),
        "3:1: jobs.commands.x.timeout: expected a duration like \"25s\", found integer 5");
    row("memory", with("memory = '1GB'"),
        "3:1: jobs.commands.x.memory: expected a size like \"8KiB\", found \"1GB\": \"GB\" is not "
        "a unit: B, KiB, MiB or GiB");
    row("exit code", with("final_exit_codes = [0]"),
        "3:1: jobs.commands.x.final_exit_codes: expected an array of integers from 1 to 255, found "
        "integer 0");
    row("on_stop", with("on_stop = 'wait'"),
        "3:1: jobs.commands.x.on_stop: expected \"finish\" or \"terminate\", found \"wait\"");
    row("scale", with("progress = { pattern = '(x)', scale = -1 }"),
        "3:31: jobs.commands.x.progress.scale: expected a number above 0, found integer -1");
    row("pattern", with("progress = { pattern = 'x' }"),
        "3:14: jobs.commands.x.progress.pattern: progress: \"x\" must have one group, or three for "
        "hours, minutes and seconds");
    row("total field", with("progress = { pattern = '(x)', total_field = 'ms' }"),
        "3:14: jobs.commands.x.progress.pattern: total_field names no integer field of this "
        "command: \"ms\"");
    row("resume pattern", with("resume_pattern = '('"),
        "3:1: jobs.commands.x.resume_pattern: resume_pattern: \"(\" is no regular expression: "
        "missing closing parenthesis");
    row("field's name", with("fields.'a b' = { type = 'string' }"),
        "3:18: jobs.commands.x.fields.a b.type: a field is called 1 to 64 letters, digits and "
        "\"_\", beginning with a letter, and not \"resume\"");
    row("field without type", withField("required = true"),
        "3:14: jobs.commands.x.fields.f.type: it is missing");
    row("type", withField("type = 'int'"),
        "3:14: jobs.commands.x.fields.f.type: expected \"integer\", \"string\", \"enum\", "
        "\"boolean\" or \"path\", found \"int\"");
    row("other type's key", withField("type = 'string', min = 1"),
        "3:31: jobs.commands.x.fields.f.min: a field of this type has none");
    row("range", withField("type = 'integer', min = 2, max = 1"),
        "3:41: jobs.commands.x.fields.f.max: it is below min");
    row("enum", withField("type = 'enum'"), "3:14: jobs.commands.x.fields.f.values: it is missing");
    row("path", withField("type = 'path'"), "3:14: jobs.commands.x.fields.f.roots: it is missing");
    row("relative root", withField("type = 'path', roots = ['srv']"),
        "3:29: jobs.commands.x.fields.f.roots: expected an array of at most 256 absolute paths, "
        "found \"srv\": it is not absolute");
    row("field's pattern", withField("type = 'string', pattern = '['"),
        "3:31: jobs.commands.x.fields.f.pattern: \"[\" is no regular expression: missing "
        "terminating ] for character class");
    row("default out of range", withField("type = 'integer', max = 5, default = 6"),
        "3:41: jobs.commands.x.fields.f.default: expected an integer from 0 to 5, found 6");
    row("default of a wrong kind", withField("type = 'boolean', default = 'yes'"),
        "3:32: jobs.commands.x.fields.f.default: expected true or false, found a string");
    row("default that is none", withField("type = 'integer', default = 1.5"),
        "3:32: jobs.commands.x.fields.f.default: expected a text, an integer, true or false, found "
        "number");
}

void CommandSettingsTest::namesEveryError()
{
    QFETCH(const QByteArray, toml);
    QFETCH(const QString, error);
    Sources sources;
    sources.file(toml);
    const QStringList errors = sources.errors();
    QVERIFY(!errors.isEmpty());
    const QString place = error.section(u' ', 0, 0); // "3:14:"; the key's own column may differ
    QCOMPARE(errors[0].section(u' ', 1), error.section(u' ', 1));
    QCOMPARE(errors[0].section(u':', 0, 1), "q.toml:"_L1 + place.section(u':', 0, 0));
    QCOMPARE(sources.exitCode(), 78);
}

void CommandSettingsTest::namesAllErrorsAtOnce()
{
    Sources sources;
    sources.file("[stop]\ngrace = 1\n[jobs.commands.a]\n[jobs.commands.b]\nprogram = 1\nx = 2\n");
    QCOMPARE(sources.errors().size(), 4);
}

void CommandSettingsTest::findsErrorsByCheckingToo()
{
    Sources sources;
    sources.file(with("args = ['{x}']")).flags({ u"--check-config"_s });
    QCOMPARE(sources.exitCode(), 78);
    sources.file(with({}));
    QCOMPARE(sources.exitCode(), 0);
}

void CommandSettingsTest::printsWhatReadsBackTheSame()
{
    Sources first;
    first.file(kFull);
    const Settings direct = first.load().value().settings();
    first.flags({ u"--print-config"_s });
    Sources second;
    second.file(first.load().error().text.toUtf8());
    QCOMPARE(second.errors(), QStringList());
    QVERIFY(second.load().value().settings() == direct);
}

void CommandSettingsTest::printsWhereEachCameFrom()
{
    Sources sources;
    sources.file(kFull).flags({ u"--print-config"_s });
    const QString text = sources.load().error().text;
    const QString path = sources.path();
    for (const QString &line : {
             u"[jobs.commands.resize]"_s,
             u"program = \"/usr/bin/convert\" # %1:3"_s.arg(path),
             u"[jobs.commands.resize.environment]"_s,
             u"HOME = \"/nonexistent\" # %1:7"_s.arg(path),
             u"[jobs.commands.resize.progress]"_s,
             u"scale = 1.5 # %1:19"_s.arg(path),
             u"[jobs.commands.resize.fields.width]"_s,
             u"max = 8192 # %1:22"_s.arg(path),
             u"required = true # default"_s,
             u"[jobs.commands.\"a.b\"]"_s,
             u"kill_after = \"1s\" # default"_s,
         })
        QVERIFY2(text.contains(u'\n' + line + u'\n'), qPrintable(line + u'\n' + text));
}

void CommandSettingsTest::boundsCommandsAndFields()
{
    QByteArray many;
    for (int i = 0; i <= 256; ++i)
        many += "[jobs.commands.c" + QByteArray::number(i) + "]\nprogram = '/x'\n";
    Sources sources;
    sources.file(many);
    QCOMPARE(sources.errors(), QStringList{ u"q.toml: there are more than 256 commands"_s });

    many = "[jobs.commands.x]\nprogram = '/x'\n";
    for (int i = 0; i <= 64; ++i)
        many += "fields.f" + QByteArray::number(i) + ".type = 'string'\n";
    sources.file(many);
    QCOMPARE(sources.errors(),
             QStringList{ u"q.toml:67:12: jobs.commands.x.fields.f64.type: "
                          "there are more than 64 fields"_s });
}

void CommandSettingsTest::changesOnlyByARestart()
{
    Sources sources;
    sources.file(with({}));
    auto configuration = sources.load().takeValue();
    const Settings before = configuration.settings();
    sources.file(with("timeout = '5s'"));
    QCOMPARE(configuration.reload().value().needRestart, QStringList{ u"jobs.commands"_s });
    QVERIFY(configuration.settings() == before);
}

void CommandSettingsTest::hasEachKeyInTheManual()
{
    QFile page(QStringLiteral(QUIESCE_SETTINGS_PAGE));
    QVERIFY(page.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(page.readAll());
    const QString commands = text.mid(text.indexOf("\n.SH COMMANDS\n"_L1));
    const auto missing = [&commands](const auto &rows) {
        QStringList names;
        for (const auto &row : rows) {
            // A heading of its own, or one of two: .B name, .BR name ", " other
            const QRegularExpression heading(
                uR"((?m)^\.TP\n\.BR?( | .*", " )%1( "|$))"_s.arg(row.name));
            if (!commands.contains(heading))
                names.append(row.name);
        }
        return names;
    };
    QCOMPARE(missing(quiesce::commandRows()), QStringList());
    QCOMPARE(missing(quiesce::progressRows()), QStringList());
    QCOMPARE(missing(quiesce::fieldRows()), QStringList());
}

QTEST_APPLESS_MAIN(CommandSettingsTest)
#include "tst_commandsettings.moc"
