// SPDX-License-Identifier: GPL-3.0-only
// What is a request and what is none; the same verdict however its bytes are cut.
#include "service/http/requestparser.h"
#include "tests/http/requestcases.h"

#include <QTest>

using quiesce::LimitSettings;
using quiesce::ParsedRequest;
using quiesce::RequestParser;
using quiesce::traceIdOf;
using quiesce::test::everyCutOf;
using quiesce::test::Pieces;
using State = RequestParser::State;

class RequestParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesCanonicalRequests_data();
    void makesCanonicalRequests();
    void refuses_data();
    void refuses();
    void waitsForMore_data();
    void waitsForMore();
    void tellsWhetherToKeepAlive_data();
    void tellsWhetherToKeepAlive();
    void leavesWhatFollowsTheRequest();
    void takesOnePipelinedRequestAfterTheOther();
    void knowsTheHeadBeforeTheBody();
    void tellsOfAnExpectationOnce_data();
    void tellsOfAnExpectationOnce();
    void keepsWhatTheConnectionNeedsToKnow();
    void bodiesUpToTheLimitPass_data();
    void bodiesUpToTheLimitPass();
    void readsTraceIds_data();
    void readsTraceIds();
};

namespace {

LimitSettings smallLimits()
{
    LimitSettings limits;
    limits.maxUriBytes = 64;
    limits.maxHeaderBytes = 600;
    limits.maxBodyBytes = 16;
    return limits;
}

/// A parser and the bytes it has not consumed yet, as a connection keeps them.
struct Fed
{
    explicit Fed(const LimitSettings &limits = smallLimits())
        : parser(limits)
    { }

    void feed(const Pieces &pieces)
    {
        for (const QByteArray &piece : pieces) {
            rest += piece;
            if (parser.state() != State::Complete && parser.state() != State::Refused)
                rest.remove(0, parser.feed(rest));
        }
    }

    RequestParser parser;
    QByteArray rest;
};

QByteArray get(const QByteArray &fields)
{
    return "GET / HTTP/1.1\r\n" + fields + "\r\n";
}

QByteArray post(const QByteArray &fields, const QByteArray &body)
{
    return "POST /p HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

QByteArray chunked(const QByteArray &body)
{
    return post("Transfer-Encoding: chunked\r\n", body);
}

} // namespace

void RequestParserTest::makesCanonicalRequests_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const QByteArray &sent, const QByteArray &head,
                        const QByteArray &body = {}) {
        QTest::newRow(name) << sent << head << body;
    };
    const QByteArray plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    row("as it is", plain, plain);
    row("empty lines before it", "\r\n\r\n" + plain, plain);
    row("Host comes first", get("X-A: 1\r\nHost: a:80\r\nX-B: 2\r\n"),
        "GET / HTTP/1.1\r\nHost: a:80\r\nX-A: 1\r\nX-B: 2\r\n\r\n");
    row("an empty Host", get("Host:\r\n"), "GET / HTTP/1.1\r\nHost: \r\n\r\n");
    row("an IPv6 Host", get("Host: [::1]:8080\r\n"), "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n");
    row("white space around a value", get("Host: \t a \t\r\nX: \t b \t\r\n"),
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n");
    row("a field twice", get("Host: a\r\nX: 1\r\nX: 2\r\n"),
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\n\r\n");
    row("what speaks of the connection goes",
        get("Host: a\r\nConnection: keep-alive, upgrade\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\n"
            "TE: trailers\r\nTrailer: D\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nCookie: c\r\n"),
        "GET / HTTP/1.1\r\nHost: a\r\nCookie: c\r\n\r\n");
    row("HEAD is seen as GET", "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    row("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: \r\n\r\n");
    row("HTTP/1.0 with an Expect",
        "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: \r\nContent-Length: 1\r\n\r\n", "x");
    row("absolute-form", "GET http://b:81/x?y HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /x?y HTTP/1.1\r\nHost: b:81\r\n\r\n");
    row("absolute-form without a path", "GET HTTPS://b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: b\r\n\r\n");
    row("absolute-form with a query only", "GET http://b?q HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /?q HTTP/1.1\r\nHost: b\r\n\r\n");
    row("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
    row("percent escapes", "GET /%2f%C3%a4 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%2f%C3%a4 HTTP/1.1\r\nHost: a\r\n\r\n");
    const QByteArray posted = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    row("a body", post("Content-Length: 5\r\n", "hello"), posted + "5\r\n\r\n", "hello");
    row("a length with zeros", post("Content-Length: 005\r\n", "hello"), posted + "5\r\n\r\n",
        "hello");
    row("an empty body", post("Content-Length: 0\r\n", {}), "POST /p HTTP/1.1\r\nHost: a\r\n\r\n");
    row("binary bytes", post("Content-Length: 4\r\n", QByteArray("\0\r\n\xff", 4)),
        posted + "4\r\n\r\n", QByteArray("\0\r\n\xff", 4));
    row("chunks", chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), posted + "5\r\n\r\n", "abcde");
    row("chunks in capitals",
        post("Transfer-Encoding: Chunked\r\n", "A\r\n0123456789\r\n000\r\n\r\n"),
        posted + "10\r\n\r\n", "0123456789");
    row("no chunk but the last", chunked("0\r\n\r\n"), posted + "0\r\n\r\n");
    row("chunk extensions", chunked("3;a\r\nabc\r\n1 ; b=c;d=\"e f\"\r\nd\r\n0;last\r\n\r\n"),
        posted + "4\r\n\r\n", "abcd");
    row("a trailer is dropped",
        chunked("1\r\na\r\n0\r\nX-Sum: 1\r\nHost: evil\r\nConnection: close\r\n\r\n"),
        posted + "1\r\n\r\n", "a");
    row("chunks that look like chunk lines", chunked("5\r\n0\r\n\r\n\r\n0\r\n\r\n"),
        posted + "5\r\n\r\n", "0\r\n\r\n");
    for (const char *method : { "PUT", "PATCH", "DELETE" }) {
        const QByteArray head = QByteArray(method) + " /p HTTP/1.1\r\nHost: a\r\n\r\n";
        row(method, head, head);
    }
}

void RequestParserTest::makesCanonicalRequests()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, body);
    for (const Pieces &pieces : everyCutOf(sent)) {
        Fed fed;
        fed.feed(pieces);
        QCOMPARE(fed.parser.state(), State::Complete);
        QCOMPARE(fed.rest, QByteArray());
        const ParsedRequest request = fed.parser.takeRequest();
        QCOMPARE(request.head, head);
        QCOMPARE(request.body, body);
        QCOMPARE(fed.parser.state(), State::Fresh);
    }
}

void RequestParserTest::refuses_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *name, const QByteArray &sent, int status, const char *code) {
        QTest::newRow(name) << sent << status << QByteArray(code);
    };
    row("garbage", "\x16\x03\x01", 400, "bad-byte");
    row("a method in small letters", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method-unknown");
    row("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method-unknown");
    row("CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method-unknown");
    row("HTTP/2 by prior knowledge", "PRI * HTTP/2.0\r", 505, "version-not-supported");
    row("an asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad-target");
    row("a relative target", "GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad-target");
    row("another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad-target");
    row("no host in absolute-form", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad-target");
    row("user info in absolute-form", "GET http://u@a/x HTTP/1.1\r\nHost: a\r\n\r\n", 400,
        "bad-target");
    row("a broken percent escape", "GET /%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad-target");
    row("a percent escape of no digits", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "bad-target");
    row("a target too long", "GET /" + QByteArray(64, 'a'), 414, "uri-too-long");
    row("no Host", get({}), 400, "bad-host");
    row("two Hosts", get("Host: a\r\nHost: a\r\n"), 400, "bad-host");
    row("a Host with a path", get("Host: a/b\r\n"), 400, "bad-host");
    row("a Host with user info", get("Host: u@a\r\n"), 400, "bad-host");
    row("two Hosts in one", get("Host: a b\r\n"), 400, "bad-host");
    row("obs-fold", get("Host: a\r\n b\r\n"), 400, "obs-fold");
    row("a bare CR", get("Host: a\rb\r\n"), 400, "bare-cr");
    row("NUL", get(QByteArray("Host: a\0b\r\n", 11)), 400, "bad-byte");
    row("fields too long", get("Host: a\r\nX: " + QByteArray(600, 'x') + "\r\n"), 431,
        "header-too-large");
    row("too many fields", get(QByteArray("A:\r\n").repeated(129)), 431, "too-many-fields");
    row("two lengths", post("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400, "bad-length");
    row("two lengths in one", post("Content-Length: 1, 1\r\n", "a"), 400, "bad-length");
    row("a negative length", post("Content-Length: -1\r\n", {}), 400, "bad-length");
    row("a signed length", post("Content-Length: +1\r\n", "a"), 400, "bad-length");
    row("a hexadecimal length", post("Content-Length: 0x1\r\n", "a"), 400, "bad-length");
    row("no length in the length", post("Content-Length:\r\n", {}), 400, "bad-length");
    row("a length past counting", post("Content-Length: 99999999999999999999\r\n", {}), 400,
        "bad-length");
    row("a length and chunks",
        post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
        "bad-length");
    row("chunks and a length",
        post("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", "0\r\n\r\n"), 400,
        "bad-length");
    row("two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", {}),
        400, "bad-coding");
    row("a coding behind chunked", post("Transfer-Encoding: chunked, gzip\r\n", {}), 400,
        "bad-coding");
    row("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
        "bad-coding");
    row("gzip", post("Transfer-Encoding: gzip, chunked\r\n", {}), 501, "coding-unknown");
    row("identity", post("Transfer-Encoding: identity\r\n", {}), 501, "coding-unknown");
    row("no coding in the coding", post("Transfer-Encoding:\r\n", {}), 501, "coding-unknown");
    row("a coding that looks like chunked", post("Transfer-Encoding: \vchunked\r\n", {}), 400,
        "bad-byte");
    row("another expectation", post("Expect: the-best\r\nContent-Length: 1\r\n", "a"), 417,
        "expectation-unknown");
    row("a body too large", post("Content-Length: 17\r\n", {}), 413, "body-too-large");
    row("a chunk too large", chunked("11\r\n"), 413, "body-too-large");
    row("chunks too large together", chunked("9\r\n123456789\r\n8\r\n"), 413, "body-too-large");
    row("a chunk of all there is", chunked("ffffffffffffffff\r\n"), 413, "body-too-large");
    row("a chunk without a size", chunked("\r\nabc"), 400, "bad-chunk");
    row("a chunk size that is none", chunked("g\r\n"), 400, "bad-chunk");
    row("a chunk size of many zeros", chunked(QByteArray(17, '0') + "\r\n\r\n"), 400, "bad-chunk");
    row("a chunk that is longer than it says", chunked("1\r\nab\r\n"), 400, "bad-chunk");
    row("a chunk that ends with LF", chunked("1\r\na\n"), 400, "bad-chunk");
    row("a chunk line that ends with LF", chunked("1\na\r\n"), 400, "bad-chunk");
    row("a bare CR in a chunk line", chunked("1\r1\r\na\r\n"), 400, "bad-chunk");
    row("NUL in a chunk extension", chunked(QByteArray("1;a\0\r\n", 6)), 400, "bad-chunk");
    row("an extension without a name", chunked("1;\r\na\r\n"), 400, "bad-chunk");
    row("white space behind a chunk size", chunked("1 \r\na\r\n"), 400, "bad-chunk");
    row("a chunk extension whose quote is not closed", chunked("1;a=\"\r\na\r\n0\r\n\r\n"), 400,
        "bad-chunk");
    row("a chunk extension too long", chunked("1;" + QByteArray(255, 'a') + "\r\na\r\n"), 400,
        "bad-chunk");
    row("a bad extension of the last chunk", chunked("0;\r\n\r\n"), 400, "bad-chunk");
    row("a length in a trailer", chunked("0\r\nContent-Length: 9\r\n\r\n"), 400, "bad-chunk");
    row("a coding in a trailer", chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400,
        "bad-chunk");
    row("a bad byte in a trailer", chunked("0\r\nX Y: 1\r\n\r\n"), 400, "bad-byte");
    row("obs-fold in a trailer", chunked("0\r\nX: 1\r\n 2\r\n\r\n"), 400, "obs-fold");
    row("a bare CR in a trailer", chunked("0\r\nX: 1\r2\r\n\r\n"), 400, "bare-cr");
    row("a trailer too long", chunked("0\r\nX: " + QByteArray(600, 'x') + "\r\n\r\n"), 431,
        "header-too-large");
}

void RequestParserTest::refuses()
{
    QFETCH(QByteArray, sent);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    for (const Pieces &pieces : everyCutOf(sent)) {
        Fed fed;
        fed.feed(pieces);
        QCOMPARE(fed.parser.state(), State::Refused);
        QCOMPARE(fed.parser.refusal().code, code);
        QCOMPARE(fed.parser.refusal().status, status);
        QVERIFY(!fed.parser.refusal().detail.isEmpty());
        QCOMPARE(fed.parser.feed("more"), 0);
    }
}

void RequestParserTest::waitsForMore_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<State>("state");
    QTest::newRow("nothing") << QByteArray() << State::Fresh;
    QTest::newRow("empty lines") << QByteArray("\r\n\r\n") << State::Fresh;
    QTest::newRow("half an empty line") << QByteArray("\r\n\r") << State::Fresh;
    QTest::newRow("a method") << QByteArray("GE") << State::Head;
    QTest::newRow("all but the last byte") << get("Host: a\r\n").chopped(1) << State::Head;
    QTest::newRow("no body yet") << post("Content-Length: 2\r\n", {}) << State::Body;
    QTest::newRow("half a body") << post("Content-Length: 2\r\n", "a") << State::Body;
    QTest::newRow("no chunk yet") << chunked({}) << State::Body;
    QTest::newRow("half a chunk line") << chunked("1;a") << State::Body;
    QTest::newRow("half a chunk") << chunked("3\r\nab") << State::Body;
    QTest::newRow("a chunk without its end") << chunked("3\r\nabc\r") << State::Body;
    QTest::newRow("no last chunk") << chunked("3\r\nabc\r\n") << State::Body;
    QTest::newRow("half a trailer") << chunked("0\r\nX: 1\r\n") << State::Body;
}

void RequestParserTest::waitsForMore()
{
    QFETCH(QByteArray, sent);
    QFETCH(State, state);
    for (const Pieces &pieces : everyCutOf(sent)) {
        Fed fed;
        fed.feed(pieces);
        QCOMPARE(fed.parser.state(), state);
    }
}

void RequestParserTest::tellsWhetherToKeepAlive_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<bool>("keepsAlive");
    QTest::newRow("HTTP/1.1") << get("Host: a\r\n") << true;
    QTest::newRow("HTTP/1.1, close") << get("Host: a\r\nConnection: close\r\n") << false;
    QTest::newRow("HTTP/1.1, close among others")
        << get("Host: a\r\nConnection: x, Close\r\n") << false;
    QTest::newRow("HTTP/1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n") << false;
    QTest::newRow("HTTP/1.0, keep-alive")
        << QByteArray("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n") << true;
}

void RequestParserTest::tellsWhetherToKeepAlive()
{
    QFETCH(QByteArray, sent);
    QFETCH(bool, keepsAlive);
    Fed fed;
    fed.feed({ sent });
    QCOMPARE(fed.parser.state(), State::Complete);
    QCOMPARE(fed.parser.request().wantsKeepAlive, keepsAlive);
}

void RequestParserTest::leavesWhatFollowsTheRequest()
{
    const QByteArray next = "GET /next HTTP/1.1\r\nHost: b\r\n\r\n";
    for (const QByteArray &first :
         { get("Host: a\r\n"), post("Content-Length: 2\r\n", "ab"), chunked("2\r\nab\r\n0\r\n\r\n"),
           chunked("0\r\nX: 1\r\n\r\n") }) {
        Fed fed;
        fed.feed({ first + next });
        QCOMPARE(fed.parser.state(), State::Complete);
        QCOMPARE(fed.rest, next);
    }
}

void RequestParserTest::takesOnePipelinedRequestAfterTheOther()
{
    QByteArray sent;
    for (int i = 0; i < 3; ++i) {
        sent += "GET /" + QByteArray::number(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        sent += chunked("1\r\n" + QByteArray::number(i) + "\r\n0\r\n\r\n");
    }
    QByteArrayList seen;
    Fed fed;
    fed.feed({ sent });
    while (fed.parser.state() == State::Complete) {
        const ParsedRequest request = fed.parser.takeRequest();
        seen << request.target + request.body;
        fed.feed({ {} });
    }
    QCOMPARE(seen, QByteArrayList({ "/0", "/p0", "/1", "/p1", "/2", "/p2" }));
    QCOMPARE(fed.rest, QByteArray());
}

void RequestParserTest::knowsTheHeadBeforeTheBody()
{
    Fed fed;
    fed.feed({ post("Content-Length: 2\r\nOrigin: http://o\r\n", {}) });
    QCOMPARE(fed.parser.state(), State::Body);
    QCOMPARE(fed.parser.request().method, "POST");
    QCOMPARE(fed.parser.request().path().toByteArray(), "/p");
    QCOMPARE(fed.parser.request().origin, "http://o");
}

void RequestParserTest::tellsOfAnExpectationOnce_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<bool>("isExpected");
    QTest::newRow("a length") << post("Expect: 100-continue\r\nContent-Length: 2\r\n", {}) << true;
    QTest::newRow("chunks") << post("Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n", {})
                            << true;
    QTest::newRow("no expectation") << post("Content-Length: 2\r\n", {}) << false;
    QTest::newRow("no body") << post("Expect: 100-continue\r\n", {}) << false;
    QTest::newRow("the body is there")
        << post("Expect: 100-continue\r\nContent-Length: 2\r\n", "ab") << false;
}

void RequestParserTest::tellsOfAnExpectationOnce()
{
    QFETCH(QByteArray, sent);
    QFETCH(bool, isExpected);
    Fed fed;
    fed.feed({ sent });
    QCOMPARE(fed.parser.takeExpectation(), isExpected);
    QCOMPARE(fed.parser.takeExpectation(), false);
}

void RequestParserTest::keepsWhatTheConnectionNeedsToKnow()
{
    Fed fed;
    fed.feed({ "HEAD /a?b HTTP/1.0\r\nHost: h:1\r\nOrigin: http://o\r\nTraceParent: t\r\n\r\n" });
    const ParsedRequest request = fed.parser.takeRequest();
    QCOMPARE(request.method, "HEAD");
    QCOMPARE(request.target, "/a?b");
    QCOMPARE(request.path().toByteArray(), "/a");
    QCOMPARE(request.host, "h:1");
    QCOMPARE(request.origin, "http://o");
    QCOMPARE(request.traceParent, "t");
    QVERIFY(request.isHead && request.isHttp10 && !request.hasUpload);
    QVERIFY(request.head.contains("TraceParent: t\r\n"));
}

void RequestParserTest::bodiesUpToTheLimitPass_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("a length") << post("Content-Length: 16\r\n", "0123456789abcdef");
    QTest::newRow("chunks") << chunked("8\r\n01234567\r\n8\r\n89abcdef\r\n0\r\n\r\n");
}

void RequestParserTest::bodiesUpToTheLimitPass()
{
    QFETCH(QByteArray, sent);
    Fed fed;
    fed.feed({ sent });
    QCOMPARE(fed.parser.state(), State::Complete);
    QCOMPARE(fed.parser.takeRequest().body, "0123456789abcdef");
}

void RequestParserTest::readsTraceIds_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("id");
    const QByteArray id = "0af7651916cd43dd8448eb211c80319c";
    QTest::newRow("valid") << QByteArray("00-" + id + "-b7ad6b7169203331-01") << id;
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("all zero") << QByteArray("00-" + QByteArray(32, '0') + "-b7ad6b7169203331-01")
                              << QByteArray();
    QTest::newRow("capitals") << QByteArray("00-" + id.toUpper() + "-b7ad6b7169203331-01")
                              << QByteArray();
    QTest::newRow("another version")
        << QByteArray("01-" + id + "-b7ad6b7169203331-01") << QByteArray();
    QTest::newRow("too short") << QByteArray("00-" + id) << QByteArray();
    QTest::newRow("no dash") << QByteArray("00-" + id + "xb7ad6b7169203331-01") << QByteArray();
}

void RequestParserTest::readsTraceIds()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, id);
    QCOMPARE(traceIdOf(field), id);
}

QTEST_GUILESS_MAIN(RequestParserTest)
#include "tst_requestparser.moc"
