// SPDX-License-Identifier: GPL-3.0-only
// The payload of a configured command: its fields, the arguments they make, and what its output
// says of its progress.
#include "common/jobs/commandarguments.h"
#include "common/jobs/commandmeter.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>
#include <limits>

using namespace Qt::StringLiterals;
using quiesce::CommandField;
using quiesce::CommandMeter;
using quiesce::CommandSettings;
using quiesce::FieldValues;
using Type = CommandField::Type;

namespace {

CommandSettings withArguments(const QList<QStringList> &arguments)
{
    CommandSettings command;
    command.arguments = arguments;
    command.fields = { CommandField{ .name = u"text"_s, .isRequired = false },
                       CommandField{ .name = u"free"_s, .mayBeOption = true, .isRequired = false },
                       CommandField{ .name = u"mode"_s,
                                     .type = Type::Enum,
                                     .values = { u"-fast"_s },
                                     .isRequired = false },
                       CommandField{ .name = u"flag"_s, .type = Type::Boolean } };
    return command;
}

} // namespace

class CommandFieldsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsValues_data();
    void readsValues();
    void fillsInDefaultsAndNamesTheWrongField();
    void boundsTheWorkOfAPattern();
    void makesArguments_data();
    void makesArguments();
    void refusesATextThatWouldBecomeAnOption_data();
    void refusesATextThatWouldBecomeAnOption();
    void refusesAnArgumentLongerThanTheSystemTakes();
    void findsFaultsOfTemplates_data();
    void findsFaultsOfTemplates();
    void readsProgress_data();
    void readsProgress();
    void readsResumePoints();
    void findsFaultsOfMeters_data();
    void findsFaultsOfMeters();
};

void CommandFieldsTest::readsValues_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    const auto fine = [](const char *name, Type type, const QJsonValue &value,
                         const QString &text) {
        QTest::newRow(name) << int(type) << value << text << QString();
    };
    const auto bad = [](const char *name, Type type, const QJsonValue &value,
                        const QString &error) {
        QTest::newRow(name) << int(type) << value << QString() << error;
    };
    const QString range = u"expected an integer from -5 to 9007199254740991, found "_s;
    fine("integer", Type::Integer, 7, u"7"_s);
    fine("least", Type::Integer, -5, u"-5"_s);
    fine("most", Type::Integer, qint64{ 9'007'199'254'740'991 }, u"9007199254740991"_s);
    fine("minus zero", Type::Integer, -0.0, u"0"_s);
    bad("below", Type::Integer, -6, range + u"-6"_s);
    bad("beyond", Type::Integer, 1e16, range + u"10000000000000000"_s);
    bad("infinite", Type::Integer, std::numeric_limits<double>::infinity(), range + u"inf"_s);
    bad("fraction", Type::Integer, 0.5, range + u"0.5"_s);
    bad("digits", Type::Integer, u"7"_s, range + u"a string"_s);
    bad("null", Type::Integer, QJsonValue::Null, range + u"null"_s);
    fine("text", Type::String, u"äb 9"_s, u"äb 9"_s);
    fine("empty", Type::String, u""_s, u""_s);
    bad("long", Type::String, QString(21, u'a'), u"it is longer than 20"_s);
    bad("pattern", Type::String, u"a/b"_s, u"it does not fit the pattern [^/]*"_s);
    bad("pattern of a part", Type::String, u"ab/"_s, u"it does not fit the pattern [^/]*"_s);
    bad("NUL", Type::String, u"a\0b"_s, u"it holds a control character"_s);
    bad("newline", Type::String, u"a\n"_s, u"it holds a control character"_s);
    bad("escape", Type::String, u"\u001b[2J"_s, u"it holds a control character"_s);
    bad("C1", Type::String, u"a\u0085"_s, u"it holds a control character"_s);
    bad("line separator", Type::String, u"a\u2028"_s, u"it holds a control character"_s);
    bad("half", Type::String, QString(QChar(0xd800)), u"it holds half a character"_s);
    bad("array", Type::String, QJsonArray{ u"a"_s }, u"expected a string, found an array"_s);
    fine("choice", Type::Enum, u"a"_s, u"a"_s);
    bad("no choice", Type::Enum, u"c"_s, u"expected one of \"a\", \"b\", found a string"_s);
    bad("choice by number", Type::Enum, 0, u"expected one of \"a\", \"b\", found 0"_s);
    fine("true", Type::Boolean, true, u"true"_s);
    bad("one", Type::Boolean, 1, u"expected true or false, found 1"_s);
    fine("path", Type::Path, u"/srv/a/b"_s, u"/srv/a/b"_s);
    bad("up", Type::Path, u"/srv/../etc"_s, u"it has an empty part, \".\" or \"..\""_s);
    bad("outside", Type::Path, u"/srvx"_s, u"it is not below a folder that is allowed"_s);
    bad("path with newline", Type::Path, u"/srv/a\n"_s, u"it holds a control character"_s);
    bad("object", Type::Path, QJsonObject(), u"expected a path, found an object"_s);
}

void CommandFieldsTest::readsValues()
{
    QFETCH(const int, type);
    QFETCH(const QJsonValue, value);
    QFETCH(const QString, error);
    const CommandField field{ .name = u"f"_s,
                              .type = Type(type),
                              .min = -5,
                              .maxLength = 20,
                              .pattern = u"[^/]*"_s,
                              .values = { u"a"_s, u"b"_s },
                              .roots = { u"/srv"_s } };
    const auto read = quiesce::readField(field, value);
    QCOMPARE(read.isOk(), error.isEmpty());
    if (read)
        QTEST(read.value(), "text");
    else
        QCOMPARE(read.error(), error);
}

void CommandFieldsTest::fillsInDefaultsAndNamesTheWrongField()
{
    const QList<CommandField> fields{
        CommandField{ .name = u"a"_s, .type = Type::Integer },
        CommandField{ .name = u"b"_s, .defaultValue = u"x"_s },
        CommandField{ .name = u"c"_s, .isRequired = false },
    };
    const auto read = [&](const QJsonObject &payload) {
        return quiesce::readFields(fields, payload);
    };
    QCOMPARE(read({ { u"a"_s, 1 } }).value(),
             (FieldValues{ { u"a"_s, u"1"_s }, { u"b"_s, u"x"_s } }));
    QCOMPARE(read({ { u"a"_s, 1 }, { u"b"_s, u"y"_s }, { u"c"_s, u""_s } }).value(),
             (FieldValues{ { u"a"_s, u"1"_s }, { u"b"_s, u"y"_s }, { u"c"_s, u""_s } }));
    QCOMPARE(read({}).error(), u"a: it is missing"_s);
    QCOMPARE(read({ { u"a"_s, u"1"_s } }).error().left(3), u"a: "_s);
    QCOMPARE(read({ { u"a"_s, 1 }, { u"d\n"_s, 1 } }).error(), u"\"d\\n\": unknown field"_s);
}

void CommandFieldsTest::boundsTheWorkOfAPattern()
{
    const CommandField field{ .name = u"f"_s, .maxLength = 16'384, .pattern = u"(a+)+b"_s };
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!quiesce::readField(field, QString(16'000, u'a')).isOk());
    QVERIFY2(clock.elapsed() < 5'000, qPrintable(QString::number(clock.elapsed())));
}

void CommandFieldsTest::makesArguments_data()
{
    QTest::addColumn<QList<QStringList>>("arguments");
    QTest::addColumn<FieldValues>("values");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const QList<QStringList> &arguments,
                        const FieldValues &values, const QStringList &expected) {
        QTest::newRow(name) << arguments << values << expected;
    };
    const FieldValues text{ { u"text"_s, u"a b"_s }, { u"flag"_s, u"false"_s } };
    const FieldValues flag{ { u"flag"_s, u"true"_s } };
    row("literals", { { u"-x"_s }, { u""_s } }, {}, { u"-x"_s, u""_s });
    row("one argument", { { u"{text}"_s } }, text, { u"a b"_s });
    row("inside", { { u"--t={text},{text}"_s } }, text, { u"--t=a b,a b"_s });
    row("braces", { { u"{{text}}"_s } }, text, { u"{text}"_s });
    row("brace and field", { { u"{{{text}}}"_s } }, text, { u"{a b}"_s });
    row("braces in a value", { { u"{text}"_s } }, { { u"text"_s, u"{free}"_s } }, { u"{free}"_s });
    row("left out", { { u"{text}"_s }, { u"b"_s } }, flag, { u"b"_s });
    row("left out together", { { u"-t"_s, u"{text}"_s }, { u"b"_s } }, flag, { u"b"_s });
    row("condition", { { u"{?flag}"_s, u"-f"_s } }, flag, { u"-f"_s });
    row("condition of false", { { u"{?flag}"_s, u"-f"_s } }, text, {});
    row("condition of a text", { { u"{?text}-t"_s } }, text, { u"-t"_s });
    row("boolean as text", { { u"--f={flag}"_s } }, text, { u"--f=false"_s });
}

void CommandFieldsTest::makesArguments()
{
    QFETCH(const QList<QStringList>, arguments);
    QFETCH(const FieldValues, values);
    const CommandSettings command = withArguments(arguments);
    QCOMPARE(quiesce::faultOfArguments(command), QString());
    QTEST(quiesce::expandArguments(command, values).value(), "expected");
}

void CommandFieldsTest::refusesATextThatWouldBecomeAnOption_data()
{
    QTest::addColumn<QString>("element");
    QTest::addColumn<FieldValues>("values");
    QTest::addColumn<bool>("isRefused");
    const FieldValues option{ { u"text"_s, u"-x"_s },
                              { u"free"_s, u"-x"_s },
                              { u"mode"_s, u"-fast"_s } };
    const FieldValues hidden{ { u"text"_s, u"-x"_s }, { u"free"_s, u""_s } };
    QTest::newRow("whole") << u"{text}"_s << option << true;
    QTest::newRow("beginning") << u"{text}.png"_s << option << true;
    QTest::newRow("behind an empty one") << u"{free}{text}"_s << hidden << true;
    QTest::newRow("behind a condition")
        << u"{?flag}{text}"_s << FieldValues{ { u"flag"_s, u"true"_s }, { u"text"_s, u"-"_s } }
        << true;
    QTest::newRow("behind a literal") << u"./{text}"_s << option << false;
    QTest::newRow("value of an option") << u"--t={text}"_s << option << false;
    QTest::newRow("declared") << u"{free}"_s << option << false;
    QTest::newRow("written by the operator") << u"{mode}"_s << option << false;
}

void CommandFieldsTest::refusesATextThatWouldBecomeAnOption()
{
    QFETCH(const QString, element);
    QFETCH(const FieldValues, values);
    QFETCH(const bool, isRefused);
    const auto made = quiesce::expandArguments(withArguments({ { element } }), values);
    QCOMPARE(!made.isOk(), isRefused);
    if (isRefused)
        QCOMPARE(made.error(), u"text: it must not begin with \"-\""_s);
}

void CommandFieldsTest::refusesAnArgumentLongerThanTheSystemTakes()
{
    const CommandSettings command = withArguments({ { u"{text}{text}"_s } });
    const auto made = [&](qsizetype size) {
        return quiesce::expandArguments(command, { { u"text"_s, QString(size, u'a') } }).isOk();
    };
    QVERIFY(made(65'535));
    QVERIFY(!made(65'536));
}

void CommandFieldsTest::findsFaultsOfTemplates_data()
{
    QTest::addColumn<QString>("element");
    QTest::addColumn<QString>("fault");
    QTest::newRow("unknown") << u"{x}"_s << u"\"{x}\" names no field of this command: \"x\""_s;
    QTest::newRow("empty") << u"{}"_s << u"\"{}\" names no field of this command: \"\""_s;
    QTest::newRow("open") << u"a{text"_s
                          << u"\"a{text\": a \"{\" is not closed; \"{{\" is a brace"_s;
    QTest::newRow("closed") << u"a}"_s << u"\"a}\": a \"}\" was not opened; \"}}\" is a brace"_s;
    QTest::newRow("resume") << u"{resume}"_s
                            << u"\"{resume}\" names no field of this command: \"resume\""_s;
}

void CommandFieldsTest::findsFaultsOfTemplates()
{
    QFETCH(const QString, element);
    QTEST(quiesce::faultOfArguments(withArguments({ { element } })), "fault");
}

void CommandFieldsTest::readsProgress_data()
{
    QTest::addColumn<QStringList>("patterns"); // pattern, field of the total, pattern of the total
    QTest::addColumn<double>("scale");
    QTest::addColumn<QByteArrayList>("lines");
    QTest::addColumn<QList<double>>("expected");
    const auto row = [](const char *name, const QStringList &patterns, double scale,
                        const QByteArrayList &lines, const QList<double> &expected) {
        QTest::newRow(name) << patterns << scale << lines << expected;
    };
    row("none", { {}, {}, {} }, 1, { "0.5" }, {});
    row("fraction", { u"^([\\d.]+)$"_s, {}, {} }, 1, { "0.5", "x", "2", "." }, { 0.5, 1 });
    row("percent", { u"(\\d+)%"_s, {}, {} }, 0.01, { "a 7% b" }, { 0.07 });
    row("field", { u"^t=(\\d+)"_s, u"ms"_s, {} }, 0.5, { "t=100" }, { 0.25 });
    row("ffmpeg", { u"^out_time_us=(\\d+)"_s, {}, u"Duration: (\\d+):(\\d+):([\\d.]+)"_s },
        0.000001,
        { "out_time_us=1000000", "  Duration: 00:00:02.00, start: 0", "out_time_us=N/A",
          "out_time_us=500000", "Duration: 00:00:01.00", "out_time_us=9000000" },
        { 0.25, 1 });
    row("clock", { u"(\\d+):(\\d+):(\\d+)"_s, u"ms"_s, {} }, 1, { "0:01:40" }, { 0.5 });
    row("total of zero", { u"^t=(\\d+)"_s, {}, u"of (\\d+)"_s }, 1, { "of 0", "t=1" }, {});
}

void CommandFieldsTest::readsProgress()
{
    QFETCH(const QStringList, patterns);
    QFETCH(const double, scale);
    QFETCH(const QByteArrayList, lines);
    QFETCH(const QList<double>, expected);
    CommandSettings command;
    command.fields = { CommandField{ .name = u"ms"_s, .type = Type::Integer } };
    command.progress = { .pattern = patterns[0],
                         .scale = patterns[0].isEmpty() ? 1 : scale,
                         .totalField = patterns[1],
                         .totalPattern = patterns[2] };
    QCOMPARE(quiesce::faultOfMeter(command), QString());
    CommandMeter meter(command, { { u"ms"_s, u"200"_s } });
    QList<double> found;
    for (const QByteArray &line : lines) {
        if (const auto progress = meter.read(line).progress)
            found.append(*progress);
    }
    QCOMPARE(found.size(), expected.size());
    for (qsizetype i = 0; i < found.size(); ++i)
        QVERIFY(qFuzzyCompare(found[i], expected[i]));
}

void CommandFieldsTest::readsResumePoints()
{
    CommandSettings command;
    command.resumePattern = u"^at (.*)$"_s;
    QCOMPARE(quiesce::faultOfMeter(command), QString());
    CommandMeter meter(command, {});
    QCOMPARE(meter.read("at 17").resume, u"17"_s);
    QVERIFY(!meter.read("17").resume);
    QVERIFY(!meter.read("at \x1b[1m").resume);
    QVERIFY(!meter.read("at " + QByteArray(CommandMeter::kMaxResumeChars + 1, 'a')).resume);
    QVERIFY(!CommandMeter(CommandSettings(), {}).read("at 17").resume);
}

void CommandFieldsTest::findsFaultsOfMeters_data()
{
    QTest::addColumn<QStringList>("patterns"); // pattern, field, pattern of the total, resume
    QTest::addColumn<QString>("fault");
    const auto row = [](const char *name, const QStringList &patterns, const QString &fault) {
        QTest::newRow(name) << patterns << fault;
    };
    row("no group", { u"x"_s, {}, {}, {} },
        u"progress: \"x\" must have one group, or three for hours, minutes and seconds"_s);
    row("no expression", { u"("_s, {}, {}, {} },
        u"progress: \"(\" is no regular expression: missing closing parenthesis"_s);
    row("total", { u"(x)"_s, {}, u"(a)(b)"_s, {} },
        u"progress: \"(a)(b)\" must have one group, or three for hours, minutes and seconds"_s);
    row("field", { u"(x)"_s, u"text"_s, {}, {} },
        u"total_field names no integer field of this command: \"text\""_s);
    row("alone", { {}, {}, u"(a)"_s, {} }, u"progress: its pattern is missing"_s);
    row("resume", { {}, {}, {}, u"(a)(b)"_s }, u"resume_pattern: \"(a)(b)\" must have one group"_s);
}

void CommandFieldsTest::findsFaultsOfMeters()
{
    QFETCH(const QStringList, patterns);
    CommandSettings command = withArguments({});
    command.progress = { .pattern = patterns[0],
                         .totalField = patterns[1],
                         .totalPattern = patterns[2] };
    command.resumePattern = patterns[3];
    QTEST(quiesce::faultOfMeter(command), "fault");
}

QTEST_APPLESS_MAIN(CommandFieldsTest)
#include "tst_commandfields.moc"
