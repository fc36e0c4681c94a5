// SPDX-License-Identifier: GPL-3.0-only
// LogLine: what is written is read back with its types, and stays one harmless line.
#include "common/logline.h"

#include <QTest>
#include <limits>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::LogField;
using quiesce::LogLine;
using quiesce::LogValue;

class LogLineTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAMessageAlone();
    void writesFieldsInTheOrderGiven();
    void writesEachKindOfValue_data();
    void writesEachKindOfValue();
    void readsBackWhatItWrote();
    void readsNumbersAndBoolsAsSuch();
    void keepsTextThatLooksLikeANumberText_data();
    void keepsTextThatLooksLikeANumberText();
    void staysOneHarmlessLineWhateverAClientSends_data();
    void staysOneHarmlessLineWhateverAClientSends();
    void takesALineOfAnotherFormAsMessage_data();
    void takesALineOfAnotherFormAsMessage();
};

void LogLineTest::writesAMessageAlone()
{
    QCOMPARE(LogLine("service manager told").toString(), u"service manager told"_s);
    QCOMPARE(LogLine::parse(u"service manager told").message, u"service manager told"_s);
    QCOMPARE(LogLine::parse(u"service manager told").fields.size(), 0);
}

void LogLineTest::writesFieldsInTheOrderGiven()
{
    LogLine line("listening");
    line.with("port", 8080).with("address", u"127.0.0.1"_s);
    QCOMPARE(line.toString(), u"listening port=8080 address=127.0.0.1"_s);
    QCOMPARE(LogLine("a").with("b", 1).with("c", 2).toString(), u"a b=1 c=2"_s);
}

void LogLineTest::writesEachKindOfValue_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const LogValue &value, const QString &expected) {
        QTest::newRow(name) << value.text() << expected;
    };
    row("true", true, u"true"_s);
    row("false", false, u"false"_s);
    row("int", -7, u"-7"_s);
    row("quint16", quint16(65535), u"65535"_s);
    row("qint64", std::numeric_limits<qint64>::min(), u"-9223372036854775808"_s);
    row("quint64", std::numeric_limits<quint64>::max(), u"18446744073709551615"_s);
    row("double", 0.25, u"0.25"_s);
    row("whole double", 3.0, u"3.0"_s);
    row("milliseconds", 250ms, u"250ms"_s);
    row("seconds", 25s, u"25s"_s);
    row("nanoseconds", std::chrono::nanoseconds(2'500'000), u"2ms"_s);
    row("literal", "plain", u"plain"_s);
    row("latin1", "plain"_L1, u"plain"_s);
    row("bytes", QByteArray("gr\xc3\xbc\xc3\x9f"), u"grüß"_s);
    row("bytes that are no UTF-8", QByteArray("a\xff"), u"a\uFFFD"_s);
    row("empty", "", u"\"\""_s);
    row("with space", "two words", u"\"two words\""_s);
    row("with quote", "say \"hi\"", u"\"say \\\"hi\\\"\""_s);
    row("with equals sign", "a=b", u"\"a=b\""_s);
    row("with backslash", "a\\b", u"\"a\\\\b\""_s);
    row("with newline", "a\nb", u"\"a\\nb\""_s);
}

void LogLineTest::writesEachKindOfValue()
{
    QFETCH(const QString, written);
    QTEST(written, "expected");
}

void LogLineTest::readsBackWhatItWrote()
{
    const QString wild = u"tab\there, \"quotes\", a=b, \\ and 😀 or \u202E"_s;
    const auto parsed = LogLine::parse(
        LogLine("request refused").with("uri", wild).with("peer", u"[::1]:1"_s).toString());
    QCOMPARE(parsed.message, u"request refused"_s);
    const QList<LogField> expected{ { u"uri"_s, wild }, { u"peer"_s, u"[::1]:1"_s } };
    QCOMPARE(parsed.fields, expected);
}

void LogLineTest::readsNumbersAndBoolsAsSuch()
{
    const auto parsed = LogLine::parse(LogLine("x")
                                           .with("n", std::numeric_limits<qint64>::max())
                                           .with("d", 0.5)
                                           .with("w", 2.0)
                                           .with("b", true)
                                           .toString());
    QCOMPARE(parsed.fields.size(), 4);
    QCOMPARE(parsed.fields[0].value.toInteger(), std::numeric_limits<qint64>::max());
    QCOMPARE(parsed.fields[1].value, QJsonValue(0.5));
    QCOMPARE(parsed.fields[2].value, QJsonValue(2.0));
    QCOMPARE(parsed.fields[3].value, QJsonValue(true));
}

void LogLineTest::keepsTextThatLooksLikeANumberText_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : { "42", "-1", "007", "1.5", "1e3", "true", "false" })
        QTest::newRow(text) << QString::fromLatin1(text);
}

void LogLineTest::keepsTextThatLooksLikeANumberText()
{
    QFETCH(const QString, text);
    const auto parsed = LogLine::parse(LogLine("x").with("id", text).toString());
    QCOMPARE(parsed.fields.size(), 1);
    QCOMPARE(parsed.fields[0].value, QJsonValue(text));
}

void LogLineTest::staysOneHarmlessLineWhateverAClientSends_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("newline") << u"a\nquiesced ready"_s;
    QTest::newRow("carriage return") << u"a\rb"_s;
    QTest::newRow("escape sequence") << u"\u001b[2J"_s;
    QTest::newRow("C1 control") << u"\u009b2J"_s;
    QTest::newRow("NUL") << QString(QChar(0));
    QTest::newRow("line separator") << u"a\u2028b"_s;
    QTest::newRow("right-to-left override") << u"a\u202Eb"_s;
    QTest::newRow("lone surrogate") << QString(QChar(0xd800));
}

void LogLineTest::staysOneHarmlessLineWhateverAClientSends()
{
    QFETCH(const QString, text);
    const QString line = LogLine("x").with("v", text).toString();
    for (const QChar c : line)
        QVERIFY2(c.isPrint(), qPrintable(line));
    QCOMPARE(LogLine::parse(line).fields.size(), 1);
}

void LogLineTest::takesALineOfAnotherFormAsMessage_data()
{
    QTest::addColumn<QString>("line");
    QTest::newRow("empty") << u""_s;
    QTest::newRow("words behind a field") << u"message a=b and more"_s;
    QTest::newRow("open quote") << u"message a=\"b"_s;
    QTest::newRow("text behind a quote") << u"message a=\"b\"c"_s;
    QTest::newRow("bad escape") << u"message a=\"\\u12\""_s;
}

void LogLineTest::takesALineOfAnotherFormAsMessage()
{
    QFETCH(const QString, line);
    const auto parsed = LogLine::parse(line);
    QCOMPARE(parsed.message, line);
    QCOMPARE(parsed.fields.size(), 0);
}

QTEST_APPLESS_MAIN(LogLineTest)
#include "tst_logline.moc"
