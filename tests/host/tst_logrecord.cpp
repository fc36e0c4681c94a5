// SPDX-License-Identifier: GPL-3.0-only
// Log records: what is taken from a message, and the exact form of each line.
#include "common/utc.h"
#include "service/host/logging/logrecord.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::LogColour;
using quiesce::LogRecord;
using quiesce::LogSettings;
using quiesce::makeLogRecord;
using Level = LogSettings::Level;

namespace {

const QDateTime kAt = quiesce::utcAt(QDate(2026, 1, 31), QTime(12, 0, 0, 123));

LogRecord record(const QString &category, const QString &text)
{
    return makeLogRecord(kAt, QtInfoMsg, category, text);
}

} // namespace

class LogRecordTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasALevelForEachKindOfMessage();
    void takesFieldsFromOurOwnCategoriesOnly_data();
    void takesFieldsFromOurOwnCategoriesOnly();
    void writesTextLines();
    void writesColourAroundTheLevelOnly();
    void writesJsonLines();
    void writesForeignMessagesAsTheyAre();
    void staysOneLineWhateverTheMessage_data();
    void staysOneLineWhateverTheMessage();
    void cutsWhatIsTooLong();
};

void LogRecordTest::hasALevelForEachKindOfMessage()
{
    const auto level = [](QtMsgType type) { return makeLogRecord(kAt, type, {}, {}).level; };
    QCOMPARE(level(QtDebugMsg), Level::Debug);
    QCOMPARE(level(QtInfoMsg), Level::Info);
    QCOMPARE(level(QtWarningMsg), Level::Warning);
    QCOMPARE(level(QtCriticalMsg), Level::Error);
    QCOMPARE(level(QtFatalMsg), Level::Error);
}

void LogRecordTest::takesFieldsFromOurOwnCategoriesOnly_data()
{
    QTest::addColumn<QString>("category");
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("fields");
    QTest::newRow("ours") << u"quiesce.http"_s << u"listening"_s << 2;
    QTest::newRow("Qt's") << u"qt.network"_s << u"listening port=80 on=\"any\""_s << 0;
    QTest::newRow("no category") << u"default"_s << u"listening port=80 on=\"any\""_s << 0;
    QTest::newRow("named alike") << u"quiesced"_s << u"listening port=80 on=\"any\""_s << 0;
}

void LogRecordTest::takesFieldsFromOurOwnCategoriesOnly()
{
    QFETCH(const QString, category);
    const LogRecord taken = record(category, u"listening port=80 on=\"any\""_s);
    QTEST(taken.message, "message");
    QTEST(int(taken.fields.size()), "fields");
    QCOMPARE(taken.text, u"listening port=80 on=\"any\""_s);
}

void LogRecordTest::writesTextLines()
{
    const LogRecord warning =
        makeLogRecord(kAt, QtWarningMsg, u"quiesce.http"_s, u"slow client ageMs=7"_s);
    QCOMPARE(toTextLine(warning, LogColour::None),
             QByteArray("2026-01-31T12:00:00.123Z warning quiesce.http slow client ageMs=7\n"));
}

void LogRecordTest::writesColourAroundTheLevelOnly()
{
    QCOMPARE(toTextLine(record(u"a"_s, u"b"_s), LogColour::Ansi),
             QByteArray("2026-01-31T12:00:00.123Z \x1b[32minfo\x1b[0m a b\n"));
}

void LogRecordTest::writesJsonLines()
{
    const QByteArray line =
        toJsonLine(record(u"quiesce.http"_s, u"listening port=80 id=\"7\" isOpen=true"_s));
    QCOMPARE(line.count('\n'), 1);
    QVERIFY(line.endsWith('\n'));
    const QJsonObject expected{
        { u"at"_s, u"2026-01-31T12:00:00.123Z"_s },
        { u"level"_s, u"info"_s },
        { u"category"_s, u"quiesce.http"_s },
        { u"message"_s, u"listening"_s },
        { u"fields"_s,
          QJsonObject{ { u"port"_s, 80 }, { u"id"_s, u"7"_s }, { u"isOpen"_s, true } } },
    };
    QCOMPARE(QJsonDocument::fromJson(line).object(), expected);
}

void LogRecordTest::writesForeignMessagesAsTheyAre()
{
    const QString text = u"QObject: a=b \"quoted\"\nsecond line\x1b[2J"_s;
    const QByteArray line = toJsonLine(record(u"qt.core"_s, text));
    QCOMPARE(line.count('\n'), 1);
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    QCOMPARE(object.value(u"message"_s).toString(), text);
    QCOMPARE(object.value(u"fields"_s).toObject().size(), 0);
}

void LogRecordTest::staysOneLineWhateverTheMessage_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("newline") << u"a\nb"_s;
    QTest::newRow("escape sequence") << u"a\x1b[31mb"_s;
    QTest::newRow("NUL") << u"a"_s + QChar(0);
    QTest::newRow("line separator") << u"a\u2028b"_s;
    QTest::newRow("lone surrogate") << QString(QChar(0xd800));
}

void LogRecordTest::staysOneLineWhateverTheMessage()
{
    QFETCH(const QString, text);
    const QByteArray line = toTextLine(record(u"a"_s, text), LogColour::None);
    QVERIFY(line.endsWith('\n'));
    for (const QChar c : QString::fromUtf8(line).chopped(1))
        QVERIFY2(c.isPrint(), line.constData());
    QCOMPARE(toJsonLine(record(u"a"_s, text)).count('\n'), 1);
}

void LogRecordTest::cutsWhatIsTooLong()
{
    const LogRecord longest = record(u"a"_s, QString(LogRecord::kLongestMessage, u'x'));
    QCOMPARE(longest.text.size(), LogRecord::kLongestMessage);
    const LogRecord cut = record(u"a"_s, QString(LogRecord::kLongestMessage + 1, u'x'));
    QCOMPARE(cut.text.size(), LogRecord::kLongestMessage + 1);
    QVERIFY(cut.text.endsWith(u"x…"_s));
}

QTEST_APPLESS_MAIN(LogRecordTest)
#include "tst_logrecord.moc"
