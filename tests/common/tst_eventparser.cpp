// SPDX-License-Identifier: GPL-3.0-only
// The event stream parser: every rule of the specification, cut in every place.
#include "common/eventstream/eventparser.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace quiesce;

namespace {

/// `type id data` of each event, in a line each.
QByteArray told(const QList<ServerEvent> &events)
{
    QByteArrayList lines;
    for (const ServerEvent &event : events)
        lines << event.type + '|' + event.id + '|' + QByteArray(event.data).replace('\n', "\\n");
    return lines.join('\n');
}

QList<ServerEvent> fedByteByByte(EventParser &parser, const QByteArray &stream)
{
    QList<ServerEvent> events;
    for (const char c : stream)
        events << parser.feed(QByteArrayView(&c, 1));
    return events;
}

} // namespace

class EventParserTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesAStreamApart_data();
    void takesAStreamApart();
    void takesItApartTheSameWayCutAnywhere_data() { takesAStreamApart_data(); }
    void takesItApartTheSameWayCutAnywhere();
    void tellsAnEventAsSoonAsItsEmptyLineBegins();
    void keepsTheLastIdOfWhatIsComplete();
    void takesRetryInDigitsOnly_data();
    void takesRetryInDigitsOnly();
    void isFaultyAboveTheLongestLine();
    void isFaultyAboveTheLargestEvent();
    void passesOverAnyNumberOfComments();
};

void EventParserTest::takesAStreamApart_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("events");
    const auto row = [](const char *name, const QByteArray &stream, const QByteArray &events) {
        QTest::newRow(name) << stream << events;
    };
    row("nothing", "", "");
    row("data", "data: x\n\n", "message||x");
    row("type and id", "id: 7\nevent: state\ndata: {}\n\n", "state|7|{}");
    row("several lines of data", "data: a\ndata: b\ndata\ndata:c\n\n", "message||a\\nb\\n\\nc");
    row("two events", "data: 1\n\ndata: 2\n\n", "message||1\nmessage||2");
    row("CR", "data: 1\rdata: 2\r\rdata: 3\r\r", "message||1\\n2\nmessage||3");
    row("CR LF", "data: 1\r\ndata: 2\r\n\r\ndata: 3\r\n\r\n", "message||1\\n2\nmessage||3");
    row("LF CR", "data: 1\n\rdata: 2\n\r", "message||1\nmessage||2");
    row("CR CR LF", "data: 1\r\r\ndata: 2\r\r\n", "message||1\nmessage||2");
    row("one blank is taken off", "data:  x \n\n", "message|| x ");
    row("no blank", "data:x\n\n", "message||x");
    row("a tab stays", "data:\tx\n\n", "message||\tx");
    row("colons in the value", "data: a:b: c\n\n", "message||a:b: c");
    row("empty data", "data\n\n", "message||");
    row("empty data twice", "data\n\ndata\ndata\n\ndata:\n", "message||\nmessage||\\n");
    row("no data", "event: state\nid: 3\n\ndata: x\n\n", "message|3|x");
    row("comments", ": hello\n:\n:data: no\ndata: x\n: y\n\n:\n\n", "message||x");
    row("unknown fields", "foo: 1\nData: no\n data: no\ndata : no\ndata: x\n\n", "message||x");
    row("the last type", "event: a\nevent: b\ndata: x\n\n", "b||x");
    row("an empty type", "event: a\nevent\ndata: x\n\n", "message||x");
    row("ids stay", "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
        "message|1|a\nmessage|1|b\nmessage||c");
    row("an id with NUL", QByteArray("id: 1\nid: 2\0003\ndata: a\n\n", 23), "message|1|a");
    row("NUL elsewhere", QByteArray("data: a\0b\n\n", 11), QByteArray("message||a\0b", 12));
    row("byte order mark",
        "\xef\xbb\xbf"
        "data: x\n\n",
        "message||x");
    row("one byte order mark only",
        "\xef\xbb\xbf\xef\xbb\xbf"
        "data: x\ndata: y\n\n",
        "message||y");
    row("byte order mark later",
        "\n\xef\xbb\xbf"
        "data: x\ndata: y\n\n",
        "message||y");
    row("half a byte order mark",
        "\xef\xbb"
        "data: x\ndata: y\n\n",
        "message||y");
    row("incomplete at the end", "data: x\n\ndata: y\n", "message||x");
    row("UTF-8", "data: h\xc3\xa9\n\n", "message||h\xc3\xa9");
}

void EventParserTest::takesAStreamApart()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, events);
    EventParser parser;
    QCOMPARE(told(parser.feed(stream)), events);
    QVERIFY(!parser.isFaulty());
}

void EventParserTest::takesItApartTheSameWayCutAnywhere()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, events);
    EventParser bytes;
    QCOMPARE(told(fedByteByByte(bytes, stream)), events);
    for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
        EventParser parser;
        const QList<ServerEvent> first = parser.feed(stream.first(cut));
        QCOMPARE(told(first + parser.feed(stream.sliced(cut))), events);
        QCOMPARE(parser.lastEventId(), bytes.lastEventId());
    }
}

void EventParserTest::tellsAnEventAsSoonAsItsEmptyLineBegins()
{
    EventParser parser;
    QCOMPARE(parser.feed("data: x\r\n").size(), 0);
    QCOMPARE(parser.feed("\r").size(), 1); // whether LF follows changes nothing
    QCOMPARE(parser.feed("\n").size(), 0);
    QCOMPARE(told(parser.feed("data: y\n\n")), "message||y");
}

void EventParserTest::keepsTheLastIdOfWhatIsComplete()
{
    EventParser parser;
    QCOMPARE(parser.lastEventId(), "");
    QCOMPARE(parser.feed("id: 1\n\nid: 2\ndata: x\n").size(), 0);
    QCOMPARE(parser.lastEventId(), "1"); // an id alone counts; that of half an event does not
    QCOMPARE(parser.feed("\n").size(), 1);
    QCOMPARE(parser.lastEventId(), "2");
}

void EventParserTest::takesRetryInDigitsOnly_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<qint64>("ms");
    QTest::newRow("number") << QByteArray("1500") << qint64(1500);
    QTest::newRow("zero") << QByteArray("0") << qint64(0);
    QTest::newRow("too long") << QByteArray("99999999999") << qint64(86'400'000);
    QTest::newRow("far too long") << QByteArray(40, '9') << qint64(86'400'000);
    for (const char *bad : { "", "-1", "+1", "1.5", "1s", "0x10", " 1" })
        QTest::addRow("'%s'", bad) << QByteArray(bad) << qint64(-1);
}

void EventParserTest::takesRetryInDigitsOnly()
{
    QFETCH(QByteArray, value);
    QFETCH(qint64, ms);
    EventParser parser;
    QCOMPARE(parser.feed("retry: " + value + "\n\n").size(), 0);
    QCOMPARE(parser.retry().value_or(-1ms).count(), ms);
}

void EventParserTest::isFaultyAboveTheLongestLine()
{
    const QByteArray longest = "data:" + QByteArray(EventParser::kMaxLineBytes - 5, 'x');
    EventParser parser;
    QCOMPARE(parser.feed(longest + "\n\n").size(), 1);
    QVERIFY(!parser.isFaulty());
    QCOMPARE(told(parser.feed("data: y\n\n" + longest + "x")), "message||y");
    QVERIFY(parser.isFaulty());
    QCOMPARE(parser.feed("\n\ndata: z\n\n").size(), 0);
    EventParser pieces;
    QCOMPARE(pieces.feed(longest).size(), 0);
    QVERIFY(!pieces.isFaulty());
    QCOMPARE(pieces.feed("x").size(), 0);
    QVERIFY(pieces.isFaulty());
}

void EventParserTest::isFaultyAboveTheLargestEvent()
{
    constexpr qsizetype kLine = 1024 * 1024 - 6;
    const QByteArray line = "data:" + QByteArray(kLine, 'x') + '\n';
    EventParser parser;
    for (int i = 0; i < 4; ++i)
        QCOMPARE(parser.feed(line).size(), 0);
    const qsizetype rest = EventParser::kMaxEventBytes - 4 * (kLine + 1);
    QCOMPARE(parser.feed("data:" + QByteArray(rest - 1, 'x') + "\n\n").size(), 1);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(parser.feed(line).size(), 0);
    QVERIFY(!parser.isFaulty());
    QCOMPARE(parser.feed("data:" + QByteArray(rest, 'x') + "\n\n").size(), 0);
    QVERIFY(parser.isFaulty());
}

void EventParserTest::passesOverAnyNumberOfComments()
{
    EventParser parser;
    const QByteArray comments = QByteArray(": " + QByteArray(1022, '.') + '\n').repeated(1024);
    for (int i = 0; i < 8; ++i)
        QCOMPARE(parser.feed(comments).size(), 0);
    QVERIFY(!parser.isFaulty());
    QCOMPARE(told(parser.feed("data: x\n\n")), "message||x");
}

QTEST_GUILESS_MAIN(EventParserTest)
#include "tst_eventparser.moc"
