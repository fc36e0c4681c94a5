// SPDX-License-Identifier: GPL-3.0-only
// Where an answer ends, whole and in pieces, and what is no answer.
#include "tests/rehearse/responsereader.h"

#include <QTest>

using quiesce::rehearse::ResponseReader;
using Progress = ResponseReader::Progress;

Q_DECLARE_METATYPE(Progress)

namespace {

std::string_view view(const QByteArray &bytes)
{
    return { bytes.constData(), static_cast<std::size_t>(bytes.size()) };
}

} // namespace

class ResponseReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheEnd_data();
    void findsTheEnd();
    void findsTheSameEndByteByByte_data() { findsTheEnd_data(); }
    void findsTheSameEndByteByByte();
    void refuses_data();
    void refuses();
    void stopsAtTheEndOfTheFirstAnswer();
    void tellsNothingYetFromBegun();
    void needsTheEndOfTheStreamOnlyWithoutALength();
    void knowsTheLastAnswerOnAConnection_data();
    void knowsTheLastAnswerOnAConnection();
    void boundsTheHead();
    void isReadyAgainAfterReset();
};

void ResponseReaderTest::findsTheEnd_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("status");
    QTest::newRow("with a length")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") << 200;
    QTest::newRow("empty") << QByteArray("HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n") << 200;
    QTest::newRow("without reason")
        << QByteArray("HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n") << 404;
    QTest::newRow("no content") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << 204;
    QTest::newRow("not modified, with the length it would have")
        << QByteArray("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n") << 304;
    QTest::newRow("after two interim ones")
        << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                      "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok")
        << 201;
    QTest::newRow("chunked") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
                                           "5\r\nhello\r\nA;ext=1\r\n0123456789\r\n0\r\n\r\n")
                             << 200;
    QTest::newRow("chunked with trailers")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
                      "1\r\nx\r\n0\r\nDigest: y\r\nOther: z\r\n\r\n")
        << 200;
    QTest::newRow("the same length twice")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok") << 200;
}

void ResponseReaderTest::findsTheEnd()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const int, status);
    ResponseReader reader;
    QCOMPARE(reader.feed(view(answer)), std::size_t(answer.size()));
    QVERIFY(reader.isComplete());
    QCOMPARE(reader.status(), status);
}

void ResponseReaderTest::findsTheSameEndByteByByte()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const int, status);
    ResponseReader reader;
    for (const char &byte : answer) {
        QVERIFY(!reader.isComplete());
        QCOMPARE(reader.feed({ &byte, 1 }), std::size_t(1));
    }
    QVERIFY(reader.isComplete());
    QCOMPARE(reader.status(), status);
}

void ResponseReaderTest::refuses_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("no HTTP") << QByteArray("hello there, this is it\r\n\r\n");
    QTest::newRow("HTTP/2") << QByteArray("HTTP/2.0 200 OK\r\n\r\n");
    QTest::newRow("a status of two digits") << QByteArray("HTTP/1.1 20 OK\r\n\r\n");
    QTest::newRow("a status that runs on") << QByteArray("HTTP/1.1 2000 OK\r\n\r\n");
    QTest::newRow("a field without colon") << QByteArray("HTTP/1.1 200 OK\r\nBroken\r\n\r\n");
    QTest::newRow("a negative length")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
    QTest::newRow("two lengths") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
    QTest::newRow("a length beside chunked")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
    QTest::newRow("a chunk size that is none")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
    QTest::newRow("a chunk longer than said")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n");
}

void ResponseReaderTest::refuses()
{
    QFETCH(const QByteArray, answer);
    ResponseReader reader;
    reader.feed(view(answer));
    QCOMPARE(reader.progress(), Progress::Malformed);
    QVERIFY(!reader.isComplete());
    reader.feedEnd();
    QCOMPARE(reader.progress(), Progress::Malformed);
}

void ResponseReaderTest::stopsAtTheEndOfTheFirstAnswer()
{
    const std::string first = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    ResponseReader reader;
    QCOMPARE(reader.feed(first + "HTTP/1.1 200 OK"), first.size());
    QVERIFY(reader.isComplete());
    QCOMPARE(reader.feed("more"), std::size_t(0));
}

void ResponseReaderTest::tellsNothingYetFromBegun()
{
    ResponseReader reader;
    QCOMPARE(reader.progress(), Progress::NothingYet);
    reader.feed("HTTP/1.1 100 Continue\r\n\r\n");
    QCOMPARE(reader.progress(), Progress::NothingYet);
    reader.feed("H");
    QCOMPARE(reader.progress(), Progress::Begun);
    reader.feedEnd();
    QCOMPARE(reader.progress(), Progress::Begun);
}

void ResponseReaderTest::needsTheEndOfTheStreamOnlyWithoutALength()
{
    ResponseReader endless;
    endless.feed("HTTP/1.1 200 OK\r\n\r\nas long as it takes");
    QCOMPARE(endless.progress(), Progress::Begun);
    endless.feedEnd();
    QVERIFY(endless.isComplete());
    QVERIFY(endless.isLastOnConnection());

    ResponseReader cut;
    cut.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    cut.feedEnd();
    QCOMPARE(cut.progress(), Progress::Begun);
}

void ResponseReaderTest::knowsTheLastAnswerOnAConnection_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<bool>("isLast");
    QTest::newRow("1.1") << QByteArray("HTTP/1.1 200 OK\r\n") << false;
    QTest::newRow("1.1 close") << QByteArray("HTTP/1.1 200 OK\r\nConnection: close\r\n") << true;
    QTest::newRow("close among others")
        << QByteArray("HTTP/1.1 200 OK\r\nCONNECTION: x-y , Close\r\n") << true;
    QTest::newRow("1.0") << QByteArray("HTTP/1.0 200 OK\r\n") << true;
    QTest::newRow("1.0 keep-alive")
        << QByteArray("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n") << false;
}

void ResponseReaderTest::knowsTheLastAnswerOnAConnection()
{
    QFETCH(const QByteArray, head);
    QFETCH(const bool, isLast);
    ResponseReader reader;
    reader.feed(view(head + "Content-Length: 0\r\n\r\n"));
    QVERIFY(reader.isComplete());
    QCOMPARE(reader.isLastOnConnection(), isLast);
}

void ResponseReaderTest::boundsTheHead()
{
    ResponseReader reader;
    reader.feed("HTTP/1.1 200 OK\r\nX: ");
    reader.feed(std::string(64 * 1024, 'x'));
    QCOMPARE(reader.progress(), Progress::Malformed);
}

void ResponseReaderTest::isReadyAgainAfterReset()
{
    ResponseReader reader;
    reader.feed("HTTP/1.0 500 No\r\n\r\nhalf");
    reader.reset();
    QCOMPARE(reader.progress(), Progress::NothingYet);
    reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    QVERIFY(reader.isComplete());
    QCOMPARE(reader.status(), 200);
    QVERIFY(!reader.isLastOnConnection());
}

QTEST_GUILESS_MAIN(ResponseReaderTest)
#include "tst_responsereader.moc"
