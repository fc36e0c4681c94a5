// SPDX-License-Identifier: GPL-3.0-only
// What is read from the head QHttpServer wrote, and what goes out instead.
#include "service/http/answerhead.h"

#include <QTest>

using quiesce::AnswerHead;
using quiesce::appendAnswerHead;
using quiesce::parseAnswerHead;

class AnswerHeadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void writes_data();
    void writes();
    void appendsToWhatIsThere();
};

void AnswerHeadTest::reads_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("length"); // -1: none
    QTest::addColumn<bool>("mayHaveBody");
    QTest::newRow("a length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") << 200
                              << qint64(5) << true;
    QTest::newRow("the name in small letters")
        << QByteArray("HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n") << 404 << qint64(0)
        << true;
    QTest::newRow("no reason phrase")
        << QByteArray("HTTP/1.1 200 \r\n\r\n") << 200 << qint64(-1) << true;
    QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << 204 << qint64(-1)
                         << false;
    QTest::newRow("304") << QByteArray("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n")
                         << 304 << qint64(9) << false;
    QTest::newRow("100") << QByteArray("HTTP/1.1 100 Continue\r\n\r\n") << 100 << qint64(-1)
                         << false;
}

void AnswerHeadTest::reads()
{
    QFETCH(QByteArray, raw);
    QFETCH(int, status);
    QFETCH(qint64, length);
    QFETCH(bool, mayHaveBody);
    const std::optional<AnswerHead> head = parseAnswerHead(raw);
    QVERIFY(head);
    QCOMPARE(head->status, status);
    QCOMPARE(head->contentLength.value_or(-1), length);
    QCOMPARE(head->mayHaveBody(), mayHaveBody);
}

void AnswerHeadTest::refuses_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no status line") << QByteArray("Hello\r\n\r\n");
    QTest::newRow("no end of line") << QByteArray("HTTP/1.1 200 OK");
    QTest::newRow("no number") << QByteArray("HTTP/1.1 abc\r\n\r\n");
    QTest::newRow("a number too small") << QByteArray("HTTP/1.1 099 X\r\n\r\n");
    QTest::newRow("chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    QTest::newRow("a length that is none")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
    QTest::newRow("a negative length")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
}

void AnswerHeadTest::refuses()
{
    QFETCH(QByteArray, raw);
    QVERIFY(!parseAnswerHead(raw));
}

void AnswerHeadTest::writes_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<bool>("mustClose");
    QTest::addColumn<bool>("isHttp10");
    QTest::addColumn<QByteArray>("out");
    const auto row = [](const char *name, const QByteArray &fields, bool mustClose, bool isHttp10,
                        const QByteArray &out, const QByteArray &status = "200 OK") {
        QTest::newRow(name) << QByteArray("HTTP/1.1 " + status + "\r\n" + fields + "\r\n")
                            << mustClose << isHttp10
                            << QByteArray("HTTP/1.1 " + status + "\r\n" + out + "\r\n");
    };
    const QByteArray length = "Content-Length: 5\r\n";
    const QByteArray date = "Date: now\r\n";
    row("kept alive", length, false, false, length + date);
    row("closed", length, true, false, length + date + "Connection: close\r\n");
    row("HTTP/1.0 kept alive", length, false, true, length + date + "Connection: keep-alive\r\n");
    row("HTTP/1.0 closed", length, true, true, length + date + "Connection: close\r\n");
    row("the handler's own fields",
        "X-A: 1\r\nDate: then\r\nconnection: keep-alive\r\nKeep-Alive: 5\r\n" + length
            + "X-B:2\r\n",
        false, false, "X-A: 1\r\nX-B:2\r\n" + length + date);
    row("204 has no length", "Content-Length: 0\r\nX: y\r\n", false, false, "X: y\r\n" + date,
        "204 No Content");
    row("304 keeps what the length would be", length, false, false, length + date,
        "304 Not Modified");
    row("304 without a length", "Content-Length: 0\r\n", false, false, date, "304 Not Modified");
}

void AnswerHeadTest::writes()
{
    QFETCH(QByteArray, raw);
    QFETCH(bool, mustClose);
    QFETCH(bool, isHttp10);
    QFETCH(QByteArray, out);
    const std::optional<AnswerHead> head = parseAnswerHead(raw);
    QVERIFY(head);
    QByteArray written;
    appendAnswerHead(written, raw, *head,
                     { .date = "now", .mustClose = mustClose, .isHttp10 = isHttp10 });
    QCOMPARE(written, out);
}

void AnswerHeadTest::appendsToWhatIsThere()
{
    const QByteArray raw = "HTTP/1.1 200 OK\r\n\r\n";
    QByteArray written = "before";
    appendAnswerHead(written, raw, *parseAnswerHead(raw), { .date = "now" });
    QCOMPARE(written, "beforeHTTP/1.1 200 OK\r\nDate: now\r\n\r\n");
}

QTEST_APPLESS_MAIN(AnswerHeadTest)
#include "tst_answerhead.moc"
