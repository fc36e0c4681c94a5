// SPDX-License-Identifier: GPL-3.0-only
// The command line: what it means, and that everything wrong with it is named.
#include "tests/rehearse/options.h"

#include "tests/rehearse/quantity.h"
#include "tests/rehearse/target.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace quiesce::rehearse;

namespace {

QStringList line(const QString &arguments)
{
    return u"quiesce-rehearse "_s.append(arguments).split(u' ', Qt::SkipEmptyParts);
}

Options parsed(const QString &arguments)
{
    return parseOptions(line(arguments)).value().options;
}

} // namespace

class OptionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAFullLine();
    void leavesTheCommandItsOwnOptions();
    void givesPostsABody();
    void refuses_data();
    void refuses();
    void namesEveryFaultAtOnce();
    void answersHelpAndVersion();
    void readsDurations_data();
    void readsDurations();
    void readsSizes_data();
    void readsSizes();
    void namesSignals();
    void loadsLoopbackOnly_data();
    void loadsLoopbackOnly();
    void writesRequests();
    void picksPortsThatAreFree();
};

void OptionsTest::readsAFullLine()
{
    const Options options = parsed(
        u"--url http://127.0.0.1:{port}/a?b --ready-path /up --clients 128 --fresh 0 --idle 9 "
        u"--think 20ms "
        "--method post --body 4KiB --stops 100 --signal QUIT --settle 1s..2s --timeout 40s "
        "--start-timeout 3s --in-flight 8 --slow-path /work?ms=300 --max-lost 5 --expect-exit 0 "
        "--seed 7 --log l --quiet --json -- server {port}"_s);
    QCOMPARE(options.url, u"http://127.0.0.1:{port}/a?b"_s);
    QCOMPARE(options.readyPath, u"/up"_s);
    QCOMPARE(options.clients, 128);
    QCOMPARE(options.fresh, 0);
    QCOMPARE(options.idle, 9);
    QVERIFY(options.think == 20ms);
    QVERIFY(options.method == Method::Post);
    QCOMPARE(options.bodyBytes, 4096);
    QCOMPARE(options.stops, 100);
    QCOMPARE(options.signal, SIGQUIT);
    QVERIFY(options.settle.min == 1s && options.settle.max == 2s);
    QVERIFY(options.timeout == 40s && options.startTimeout == 3s);
    QCOMPARE(options.inFlight, 8);
    QCOMPARE(options.slowPath, u"/work?ms=300"_s);
    QCOMPARE(options.maxLost, 5);
    QVERIFY(options.expectedExit == 0);
    QCOMPARE(options.seed, 7U);
    QCOMPARE(options.logFile, u"l"_s);
    QVERIFY(options.progress == Progress::Quiet && options.format == ReportFormat::Json);
    QCOMPARE(options.command, QStringList({ u"server"_s, u"{port}"_s }));
}

void OptionsTest::leavesTheCommandItsOwnOptions()
{
    const QStringList expected{ u"server"_s, u"--clients"_s, u"x"_s, u"--json"_s };
    QCOMPARE(parsed(u"-- server --clients x --json"_s).command, expected);
    QCOMPARE(parsed(u"server --clients x --json"_s).command, expected);
}

void OptionsTest::givesPostsABody()
{
    QCOMPARE(parsed(u"-- s"_s).bodyBytes, 0);
    QCOMPARE(parsed(u"--method POST -- s"_s).bodyBytes, 64);
    QCOMPARE(parsed(u"--method POST --body 0 -- s"_s).bodyBytes, 0);
    QCOMPARE(parsed(u"--method POST --body-json [1] -- s"_s).jsonBody, QByteArray("[1]"));
}

void OptionsTest::refuses_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QString>("names");
    QTest::newRow("nothing at all") << u""_s << u"COMMAND"_s;
    QTest::newRow("an unknown option") << u"--clinets 3 -- s"_s << u"clinets"_s;
    QTest::newRow("a word for a number") << u"--clients many -- s"_s << u"--clients many"_s;
    QTest::newRow("no stop") << u"--stops 0 -- s"_s << u"--stops"_s;
    QTest::newRow("a duration without unit") << u"--think 2 -- s"_s << u"--think"_s;
    QTest::newRow("a range upside down") << u"--settle 2s..1s -- s"_s << u"--settle"_s;
    QTest::newRow("SIGKILL") << u"--signal KILL -- s"_s << u"--signal"_s;
    QTest::newRow("an unknown method") << u"--method PUT -- s"_s << u"--method"_s;
    QTest::newRow("a GET with a body") << u"--body 1 -- s"_s << u"--body"_s;
    QTest::newRow("a GET with JSON") << u"--body-json {} -- s"_s << u"--body-json"_s;
    QTest::newRow("JSON that is none") << u"--method POST --body-json { -- s"_s << u"--body-json"_s;
    QTest::newRow("two bodies") << u"--method POST --body 1 --body-json {} -- s"_s
                                << u"--body-json"_s;
    QTest::newRow("another machine") << u"--url http://10.0.0.1:80/ -- s"_s << u"10.0.0.1"_s;
    QTest::newRow("in flight to nowhere") << u"--in-flight 3 -- s"_s << u"--slow-path"_s;
    QTest::newRow("a path that is none") << u"--ready-path up -- s"_s << u"--ready-path"_s;
    QTest::newRow("no clients") << u"--clients 0 --fresh 0 -- s"_s << u"nothing to do"_s;
    QTest::newRow("idle clients without a stop")
        << u"--url http://127.0.0.1:80/ --requests 3 --idle 2"_s << u"--idle"_s;
    QTest::newRow("requests with a command") << u"--requests 3 -- s"_s << u"--requests"_s;
    QTest::newRow("requests to no port") << u"--requests 3"_s << u"--url"_s;
}

void OptionsTest::refuses()
{
    QFETCH(const QString, arguments);
    QFETCH(const QString, names);
    const auto result = parseOptions(line(arguments));
    QVERIFY(!result);
    QVERIFY2(result.error().contains(names), qPrintable(result.error()));
}

void OptionsTest::namesEveryFaultAtOnce()
{
    const auto result = parseOptions(line(u"--clients x --think y --stops z -- s"_s));
    QVERIFY(!result);
    QCOMPARE(result.error().count(u'\n'), 2);
}

void OptionsTest::answersHelpAndVersion()
{
    QVERIFY(parseOptions(line(u"--help"_s)).value().answer.contains(u"--max-lost"_s));
    QVERIFY(parseOptions(line(u"--version"_s)).value().answer.startsWith(u"quiesce-rehearse "_s));
    QVERIFY(parseOptions(line(u"-- s"_s)).value().answer.isEmpty());
}

void OptionsTest::readsDurations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("microseconds");
    QTest::newRow("microseconds") << u"500us"_s << qint64(500);
    QTest::newRow("milliseconds") << u"20ms"_s << qint64(20'000);
    QTest::newRow("seconds") << u"2s"_s << qint64(2'000'000);
    QTest::newRow("minutes") << u"1m"_s << qint64(60'000'000);
    QTest::newRow("none") << u"0ms"_s << qint64(0);
    QTest::newRow("no unit") << u"5"_s << qint64(-1);
    QTest::newRow("no number") << u"ms"_s << qint64(-1);
    QTest::newRow("negative") << u"-1s"_s << qint64(-1);
    QTest::newRow("a fraction") << u"1.5s"_s << qint64(-1);
    QTest::newRow("a space") << u"1 s"_s << qint64(-1);
    QTest::newRow("more than a day") << u"1441m"_s << qint64(-1);
    QTest::newRow("more than fits") << u"99999999999999999999s"_s << qint64(-1);
}

void OptionsTest::readsDurations()
{
    QFETCH(const QString, text);
    QTEST(qint64(durationFrom(text).value_or(std::chrono::microseconds(-1)).count()),
          "microseconds");
}

void OptionsTest::readsSizes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("plain") << u"64"_s << qint64(64);
    QTest::newRow("bytes") << u"64B"_s << qint64(64);
    QTest::newRow("KiB") << u"4KiB"_s << qint64(4096);
    QTest::newRow("MiB") << u"1MiB"_s << qint64(1'048'576);
    QTest::newRow("kilobytes") << u"4kB"_s << qint64(-1);
    QTest::newRow("empty") << u""_s << qint64(-1);
    QTest::newRow("too much") << u"2GiB"_s << qint64(-1);
}

void OptionsTest::readsSizes()
{
    QFETCH(const QString, text);
    QTEST(bytesFrom(text).value_or(-1), "bytes");
}

void OptionsTest::namesSignals()
{
    QCOMPARE(signalFrom(u"TERM").value_or(0), SIGTERM);
    QCOMPARE(signalFrom(u"SIGQUIT").value_or(0), SIGQUIT);
    QCOMPARE(signalFrom(u"15").value_or(0), SIGTERM);
    QCOMPARE(signalFrom(u"").value_or(0), 0);
    QCOMPARE(signalFrom(u"9").value_or(0), 0);
    QCOMPARE(signalName(SIGTERM), u"SIGTERM"_s);
    QCOMPARE(signalName(SIGSEGV), u"SIGSEGV"_s);
}

void OptionsTest::loadsLoopbackOnly_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("loopback") << u"http://127.0.0.1:80/a?b=c"_s << "/a?b=c"_ba;
    QTest::newRow("another of them") << u"http://127.9.8.7:80"_s << "/"_ba;
    QTest::newRow("by name") << u"http://localhost:{port}?q"_s << "/?q"_ba;
    QTest::newRow("any address") << u"http://0.0.0.0:80/"_s << ""_ba;
    QTest::newRow("a private one") << u"http://192.168.0.1:80/"_s << ""_ba;
    QTest::newRow("a name that only looks so") << u"http://127.0.0.1.example:80/"_s << ""_ba;
    QTest::newRow("IPv6") << u"http://[::1]:80/"_s << ""_ba;
    QTest::newRow("https") << u"https://127.0.0.1:80/"_s << ""_ba;
    QTest::newRow("no port") << u"http://127.0.0.1/"_s << ""_ba;
    QTest::newRow("no address") << u"/hello"_s << ""_ba;
}

void OptionsTest::loadsLoopbackOnly()
{
    QFETCH(const QString, url);
    QFETCH(const QByteArray, path);
    auto target = Target::fromUrl(url, 4711);
    QCOMPARE(target.isOk(), !path.isEmpty());
    if (target)
        QCOMPARE(target.value().path, path);
}

void OptionsTest::writesRequests()
{
    const Target target = Target::fromUrl(u"http://127.0.0.1:{port}/echo"_s, 4711).takeValue();
    const std::string get = getRequest(target, "/up", Connection::Close);
    QVERIFY(get.starts_with("GET /up HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n"));
    QVERIFY(get.ends_with("Connection: close\r\n\r\n"));
    const std::string post = postRequest(target, 3, Connection::KeepAlive);
    QVERIFY(post.starts_with("POST /echo HTTP/1.1\r\n"));
    QVERIFY(post.ends_with("Content-Length: 3\r\n\r\nqqq"));
    QVERIFY(post.find("Connection:") == std::string::npos);
    const std::string json = jsonRequest(target, "{}", Connection::KeepAlive);
    QVERIFY(json.ends_with("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"));
}

void OptionsTest::picksPortsThatAreFree()
{
    const auto port = pickFreePort();
    QVERIFY(port.isOk());
    QVERIFY(port.value() >= 1'024);
}

QTEST_GUILESS_MAIN(OptionsTest)
#include "tst_options.moc"
