// SPDX-License-Identifier: GPL-3.0-only
// What a head may be made of, and that the first wrong byte is where it is refused.
#include "service/http/headguard.h"
#include "tests/http/requestcases.h"

#include <QTest>

using quiesce::checkChunkLine;
using quiesce::HeadGuard;
using quiesce::isTokenByte;
using quiesce::Refusal;
using quiesce::test::everyCutOf;
using quiesce::test::Pieces;

class HeadGuardTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsHoweverItIsCut_data();
    void acceptsHoweverItIsCut();
    void refusesAtTheFirstWrongByte_data();
    void refusesAtTheFirstWrongByte();
    void takesNothingBehindTheEmptyLine();
    void limitsAreExact_data();
    void limitsAreExact();
    void aTrailerSectionBeginsWithFieldLines();
    void knowsTokenBytes();
    void acceptsChunkLinesAsFarAsTheyHaveCome_data();
    void acceptsChunkLinesAsFarAsTheyHaveCome();
    void refusesChunkLinesAtTheFirstWrongByte_data();
    void refusesChunkLinesAtTheFirstWrongByte();
};

namespace {

constexpr HeadGuard::Limits kLimits{ .uriBytes = 32, .headBytes = 64 };

/// Feeds the pieces as they come, until there is a verdict.
HeadGuard guardAfter(const Pieces &pieces, HeadGuard::Limits limits = kLimits,
                     HeadGuard::Start start = HeadGuard::Start::RequestLine)
{
    HeadGuard guard(limits, start);
    for (const QByteArray &piece : pieces) {
        if (guard.feed(piece) || guard.refusal())
            break;
    }
    return guard;
}

QByteArray withTarget(int length)
{
    return "GET /" + QByteArray(length - 1, 'a') + " HTTP/1.1\r\n\r\n";
}

QByteArray withFieldBytes(int length)
{
    return "GET / HTTP/1.1\r\nA: " + QByteArray(length - 7, 'a') + "\r\n\r\n";
}

QByteArray withFields(int count)
{
    return "GET / HTTP/1.1\r\n" + QByteArray("A:\r\n").repeated(count) + "\r\n";
}

} // namespace

void HeadGuardTest::acceptsHoweverItIsCut_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::newRow("the least") << QByteArray("GET / HTTP/1.1\r\n\r\n");
    QTest::newRow("HTTP/1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n");
    QTest::newRow("fields") << QByteArray("GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n");
    QTest::newRow("an empty value") << QByteArray("GET / HTTP/1.1\r\nHost:\r\n\r\n");
    QTest::newRow("tabs and high bytes in a value")
        << QByteArray("GET / HTTP/1.1\r\nA: \t\xff\x80 x\t\r\n\r\n");
    QTest::newRow("a method of other token bytes")
        << QByteArray("M-SEARCH!#$%&'*+.^_`|~ / HTTP/1.1\r\n\r\n");
    QTest::newRow("an asterisk") << QByteArray("OPTIONS * HTTP/1.1\r\n\r\n");
}

void HeadGuardTest::acceptsHoweverItIsCut()
{
    QFETCH(QByteArray, head);
    for (const Pieces &pieces : everyCutOf(head)) {
        const HeadGuard guard = guardAfter(pieces);
        QVERIFY(!guard.refusal());
        QCOMPARE(guard.scanned(), head.size());
    }
}

void HeadGuardTest::refusesAtTheFirstWrongByte_data()
{
    QTest::addColumn<QByteArray>("prefix"); // its last byte is the wrong one
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *name, const QByteArray &prefix, int status, const char *code) {
        QTest::newRow(name) << prefix << status << QByteArray(code);
    };
    row("a space first", " ", 400, "bad-byte");
    row("a TLS hello", "\x16", 400, "bad-byte");
    row("a bare LF first", "\n", 400, "bad-byte");
    row("a method with a slash", "GE/", 400, "bad-byte");
    row("a method that ends the line", "GET\r", 400, "bad-byte");
    row("a method that never ends", QByteArray(33, 'A'), 501, "method-unknown");
    row("two spaces", "GET  ", 400, "bad-byte");
    row("a tab for a space", "GET\t", 400, "bad-byte");
    row("a request line of HTTP/0.9", "GET /\r", 400, "bad-byte");
    row("NUL in the target", QByteArray("GET /\0", 6), 400, "bad-byte");
    row("a high byte in the target", "GET /\xc3", 400, "bad-byte");
    row("DEL in the target", "GET /\x7f", 400, "bad-byte");
    row("a target too long", "GET /" + QByteArray(32, 'a'), 414, "uri-too-long");
    row("no version", "GET / \r", 400, "bad-byte");
    row("a version in small letters", "GET / h", 400, "bad-byte");
    row("another protocol", "GET / HTTPS", 400, "bad-byte");
    row("HTTP/2.0", "GET / HTTP/2.0\r", 505, "version-not-supported");
    row("HTTP/1.2", "GET / HTTP/1.2\r", 505, "version-not-supported");
    row("HTTP/0.9", "GET / HTTP/0.9\r", 505, "version-not-supported");
    row("a version with more digits", "GET / HTTP/1.11", 400, "bad-byte");
    row("a space behind the version", "GET / HTTP/1.1 ", 400, "bad-byte");
    row("a bare LF behind the version", "GET / HTTP/1.1\n", 400, "bad-byte");
    row("a bare CR behind the version", "GET / HTTP/1.1\rH", 400, "bare-cr");
    row("obs-fold", "GET / HTTP/1.1\r\nA: b\r\n ", 400, "obs-fold");
    row("obs-fold with a tab", "GET / HTTP/1.1\r\nA: b\r\n\t", 400, "obs-fold");
    row("white space before the first field", "GET / HTTP/1.1\r\n ", 400, "obs-fold");
    row("a field without a name", "GET / HTTP/1.1\r\n:", 400, "bad-byte");
    row("a space before the colon", "GET / HTTP/1.1\r\nHost ", 400, "bad-byte");
    row("a field without a colon", "GET / HTTP/1.1\r\nHost\r", 400, "bad-byte");
    row("a bare LF for an empty line", "GET / HTTP/1.1\r\n\n", 400, "bad-byte");
    row("NUL in a value", QByteArray("GET / HTTP/1.1\r\nA: \0", 20), 400, "bad-byte");
    row("ESC in a value", "GET / HTTP/1.1\r\nA: \x1b", 400, "bad-byte");
    row("DEL in a value", "GET / HTTP/1.1\r\nA: \x7f", 400, "bad-byte");
    row("a bare LF in a value", "GET / HTTP/1.1\r\nA: b\n", 400, "bad-byte");
    row("a bare CR in a value", "GET / HTTP/1.1\r\nA: b\rc", 400, "bare-cr");
    row("CR CR LF", "GET / HTTP/1.1\r\nA: b\r\r", 400, "bare-cr");
    row("a bare CR for an empty line", "GET / HTTP/1.1\r\n\rx", 400, "bare-cr");
    row("fields too long", withFieldBytes(65).first(16 + 65), 431, "header-too-large");
}

void HeadGuardTest::refusesAtTheFirstWrongByte()
{
    QFETCH(QByteArray, prefix);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    QVERIFY(!guardAfter({ prefix.chopped(1) }).refusal()); // so far nothing was wrong
    const std::optional<Refusal> whole = guardAfter({ prefix }).refusal();
    QVERIFY(whole);
    QCOMPARE(whole->status, status);
    QCOMPARE(whole->code, code);
    for (const Pieces &pieces : everyCutOf(prefix + "\r\n\r\n"))
        QCOMPARE(guardAfter(pieces).refusal(), whole);
}

void HeadGuardTest::takesNothingBehindTheEmptyLine()
{
    HeadGuard guard(kLimits, HeadGuard::Start::RequestLine);
    QVERIFY(guard.feed("GET / HTTP/1.1\r\n\r\n\x01 anything"));
    QCOMPARE(guard.scanned(), 18);
    QVERIFY(!guard.refusal());
}

void HeadGuardTest::limitsAreExact_data()
{
    QTest::addColumn<QByteArray>("fits");
    QTest::addColumn<QByteArray>("tooMuch");
    QTest::addColumn<int>("status");
    QTest::newRow("method") << QByteArray(QByteArray(32, 'A') + " / HTTP/1.1\r\n\r\n")
                            << QByteArray(QByteArray(33, 'A') + " / HTTP/1.1\r\n\r\n") << 501;
    QTest::newRow("target") << withTarget(32) << withTarget(33) << 414;
    QTest::newRow("field bytes") << withFieldBytes(64) << withFieldBytes(65) << 431;
}

void HeadGuardTest::limitsAreExact()
{
    QFETCH(QByteArray, fits);
    QFETCH(QByteArray, tooMuch);
    QFETCH(int, status);
    QVERIFY(HeadGuard(kLimits, HeadGuard::Start::RequestLine).feed(fits));
    QCOMPARE(guardAfter({ tooMuch }).refusal().value_or(Refusal{}).status, status);
    constexpr HeadGuard::Limits kWide{ .uriBytes = 32, .headBytes = 16 * 1024 };
    QVERIFY(
        HeadGuard(kWide, HeadGuard::Start::RequestLine).feed(withFields(HeadGuard::kMaxFields)));
    const std::optional<Refusal> tooMany =
        guardAfter({ withFields(HeadGuard::kMaxFields + 1) }, kWide).refusal();
    QVERIFY(tooMany);
    QCOMPARE(tooMany->code, "too-many-fields");
}

void HeadGuardTest::aTrailerSectionBeginsWithFieldLines()
{
    using Start = HeadGuard::Start;
    QVERIFY(HeadGuard(kLimits, Start::FieldLines).feed("\r\n"));
    QVERIFY(HeadGuard(kLimits, Start::FieldLines).feed("Digest: x\r\n\r\n"));
    QVERIFY(guardAfter({ "GET / " }, kLimits, Start::FieldLines).refusal());
}

void HeadGuardTest::knowsTokenBytes()
{
    int tokens = 0;
    for (int byte = 0; byte < 256; ++byte)
        tokens += isTokenByte(static_cast<unsigned char>(byte)) ? 1 : 0;
    QCOMPARE(tokens, 10 + 26 + 26 + 15);
    QVERIFY(!isTokenByte(':') && !isTokenByte(' ') && !isTokenByte('"') && isTokenByte('~'));
}

void HeadGuardTest::acceptsChunkLinesAsFarAsTheyHaveCome_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("a digit") << QByteArray("5\r\n");
    QTest::newRow("sixteen digits") << QByteArray("00000000000000fF\r\n");
    QTest::newRow("an extension") << QByteArray("5;name=value\r\n");
    QTest::newRow("a quoted extension") << QByteArray("5 ; name=\"a b\"\r\n");
    QTest::newRow("white space") << QByteArray("5 \t\r\n");
    QTest::newRow("what follows the line") << QByteArray("1\r\n\x01\r\n");
}

void HeadGuardTest::acceptsChunkLinesAsFarAsTheyHaveCome()
{
    QFETCH(QByteArray, line);
    for (qsizetype size = 0; size <= line.size(); ++size)
        QVERIFY(!checkChunkLine(line.first(size)));
}

void HeadGuardTest::refusesChunkLinesAtTheFirstWrongByte_data()
{
    QTest::addColumn<QByteArray>("prefix");
    QTest::newRow("no size") << QByteArray("\r");
    QTest::newRow("an extension without a size") << QByteArray(";");
    QTest::newRow("a sign") << QByteArray("+");
    QTest::newRow("a hexadecimal prefix") << QByteArray("0x");
    QTest::newRow("no digit") << QByteArray("5g");
    QTest::newRow("seventeen digits") << QByteArray("00000000000000000");
    QTest::newRow("a bare LF") << QByteArray("5\n");
    QTest::newRow("a bare CR") << QByteArray("5\rx");
    QTest::newRow("NUL in an extension") << QByteArray("5;a\0", 4);
    QTest::newRow("a quote that is not closed") << QByteArray("5;a=\"b\\\"\r");
    QTest::newRow("an endless extension") << QByteArray(QByteArray("5;") + QByteArray(255, 'a'));
}

void HeadGuardTest::refusesChunkLinesAtTheFirstWrongByte()
{
    QFETCH(QByteArray, prefix);
    QVERIFY(!checkChunkLine(prefix.chopped(1)));
    const std::optional<Refusal> wrong = checkChunkLine(prefix);
    QVERIFY(wrong);
    QCOMPARE(wrong->status, 400);
    QCOMPARE(wrong->code, "bad-chunk");
    QCOMPARE(checkChunkLine(prefix + "\r\n")->code, "bad-chunk");
}

QTEST_GUILESS_MAIN(HeadGuardTest)
#include "tst_headguard.moc"
