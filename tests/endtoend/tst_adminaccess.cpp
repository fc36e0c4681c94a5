// SPDX-License-Identifier: GPL-3.0-only
// The admin listener of the real process: its token files, their rotation, and guessers in numbers.
#include "tests/endtoend/eventlistener.h"
#include "tests/endtoend/serviceprocess.h"
#include "tests/endtoend/vitals.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTest>
#include <csignal>
#include <deque>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

const QByteArray kReadToken = "read-token-of-the-end-to-end-test";
const QByteArray kNewToken = "rotated-token-of-the-end-to-end-test";
const QByteArray kGuess = "guessed-token-of-the-end-to-end-test";

QByteArray request(const QByteArray &method, const QByteArray &path, const QByteArray &token = {})
{
    return method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\n"
        + (token.isEmpty() ? QByteArray() : "Authorization: Bearer " + token + "\r\n") + "\r\n";
}

void setMode(const QString &path, mode_t mode)
{
    if (::chmod(QFile::encodeName(path).constData(), mode) != 0)
        qFatal("cannot chmod %s", qUtf8Printable(path));
}

void writeToken(const ServiceProcess &service, const QString &name, const QByteArray &token)
{
    service.writeFile(name, token + '\n');
    setMode(service.path(name), 0600);
}

QByteArray ownToken(const ServiceProcess &service)
{
    QFile file(service.dataDir() + "/admin-token"_L1);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

/// 401, 403, or 404 when let in: there is nothing at this path.
int knock(const ServiceProcess &service, const QByteArray &token, const QByteArray &method = "GET")
{
    return askAfresh(service.adminPort(), request(method, "/nothing-here", token)).status;
}

/// The lines about tokens being read again, the newest last.
QStringList reloads(ServiceProcess &service)
{
    QStringList found;
    for (const QJsonObject &record : service.log()) {
        const QString message = record["message"_L1].toString();
        if (message.startsWith("admin tokens"_L1))
            found.append(message + ' '_L1 + record["fields"_L1].toObject()["error"_L1].toString());
    }
    return found;
}

} // namespace

class AdminAccessTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksForTheTokenItMade();
    void aReadTokenReadsAndDoesNotChange();
    void refusesTokenFilesThatAreNotSecret_data();
    void refusesTokenFilesThatAreNotSecret();
    void cannotStartWithoutReadingItsToken();
    void takesNewTokensBySighup();
    void endsEventStreamsOfATokenThatIsReplaced();
    void endsEventStreamsOfATokenThatIsRemoved();
    void keepsItsTokensWhenTheNewOnesAreBad();
    void takesNewRulesBySighup();
    void saysNothingOfATokenAnywhere();
    void servesWhileThousandsGuess();
};

void AdminAccessTest::asksForTheTokenItMade()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const Answer stranger = askAfresh(service.adminPort(), request("GET", "/nothing-here"));
    QCOMPARE(stranger.status, 401);
    QCOMPARE(stranger.code(), QByteArray("unauthorized"));
    QCOMPARE(stranger.fields.value("www-authenticate"), QByteArray(R"(Bearer realm="quiesce")"));
    QCOMPARE(knock(service, kGuess), 401);
    QCOMPARE(knock(service, ownToken(service)), 404);
    QCOMPARE(knock(service, ownToken(service), "DELETE"), 404);
    for (const char *path : { "/livez", "/readyz", "/startupz" })
        QCOMPARE(askAfresh(service.adminPort(), request("GET", path)).status, 200);
    QCOMPARE(askAfresh(service.trafficPort(), request("GET", "/hello", kGuess)).status, 200);
}

void AdminAccessTest::aReadTokenReadsAndDoesNotChange()
{
    ServiceProcess service;
    writeToken(service, u"read"_s, kReadToken);
    service.setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, service.path(u"read"_s));
    QVERIFY(service.start());
    QCOMPARE(knock(service, kReadToken), 404);
    for (const char *method : { "POST", "DELETE", "PUT", "PATCH", "OPTIONS" }) {
        const Answer answer =
            askAfresh(service.adminPort(), request(method, "/nothing-here", kReadToken));
        QCOMPARE(answer.status, 403);
        QCOMPARE(answer.code(), QByteArray("read-only"));
    }
    QCOMPARE(knock(service, ownToken(service), "POST"), 404);
}

void AdminAccessTest::refusesTokenFilesThatAreNotSecret_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("mode"); // -1: there is no such file
    QTest::addColumn<QByteArray>("reason");
    const QString ofOperator = u"QUIESCE_ADMIN_TOKEN_FILE"_s;
    const QString ofReader = u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s;
    const QByteArray open = "is open to others (mode ";
    QTest::newRow("all may read") << ofOperator << kNewToken << 0644 << open + "0644)";
    QTest::newRow("the group may run it") << ofOperator << kNewToken << 0710 << open + "0710)";
    QTest::newRow("the group may write") << ofReader << kNewToken << 0620 << open + "0620)";
    QTest::newRow("empty") << ofOperator << QByteArray("\n") << 0600 << QByteArray("is empty");
    QTest::newRow("short") << ofReader << QByteArray("fifteen-bytes-0") << 0600
                           << QByteArray("less than 16 bytes");
    QTest::newRow("blank inside") << ofOperator << kNewToken + ' ' + kNewToken << 0600
                                  << QByteArray("a byte that no bearer token has");
    QTest::newRow("no such file") << ofReader << QByteArray() << -1
                                  << QByteArray("No such file or directory");
}

void AdminAccessTest::refusesTokenFilesThatAreNotSecret()
{
    QFETCH(QString, variable);
    QFETCH(QByteArray, content);
    QFETCH(int, mode);
    QFETCH(QByteArray, reason);
    ServiceProcess service;
    const QString path = service.path(u"token"_s);
    service.setEnvironment(variable, path);
    if (mode >= 0) {
        service.writeFile(u"token"_s, content);
        setMode(path, mode_t(mode));
    }
    QVERIFY(!service.start());
    QCOMPARE(service.waitForExit(), 78);
    QCOMPARE(service.output(), QByteArray()); // never ready
    const auto again = service.run(service.ownDirectories());
    QCOMPARE(again.exitCode, 78);
    QVERIFY2(again.errors.contains(path.toUtf8() + ": "), again.errors.constData());
    QVERIFY2(again.errors.contains(reason), again.errors.constData());
    QVERIFY(!again.errors.contains("token-of-the-end-to-end-test"));
}

void AdminAccessTest::cannotStartWithoutReadingItsToken()
{
    ServiceProcess service;
    const QString path = service.path(u"loop"_s);
    QVERIFY(QFile::link(path, path)); // unreadable for root as well
    service.setEnvironment(u"QUIESCE_ADMIN_TOKEN_FILE"_s, path);
    const auto finished = service.run(service.ownDirectories());
    QCOMPARE(finished.exitCode, 69);
    QVERIFY2(finished.errors.contains(path.toUtf8()), finished.errors.constData());
}

void AdminAccessTest::takesNewTokensBySighup()
{
    ServiceProcess service;
    writeToken(service, u"read"_s, kReadToken);
    service.setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, service.path(u"read"_s));
    QVERIFY(service.start());
    const QByteArray old = ownToken(service);
    LoopbackClient client(service.adminPort());
    QCOMPARE(ask(client, request("GET", "/nothing-here", old)).status, 404);
    writeToken(service, u"data/admin-token"_s, kNewToken);
    QCOMPARE(ask(client, request("GET", "/nothing-here", kNewToken)).status, 401); // not yet told
    service.signal(SIGHUP);
    QVERIFY(service.waitForLog(u"admin tokens reloaded"_s));
    QCOMPARE(ask(client, request("GET", "/nothing-here", kNewToken)).status, 404);
    QCOMPARE(ask(client, request("GET", "/nothing-here", old)).status, 401);
    QCOMPARE(ask(client, request("GET", "/nothing-here", kReadToken)).status, 404);
    QCOMPARE(knock(service, kNewToken), 404);
}

void AdminAccessTest::endsEventStreamsOfATokenThatIsReplaced()
{
    ServiceProcess service;
    writeToken(service, u"read"_s, kReadToken);
    service.setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, service.path(u"read"_s));
    QVERIFY(service.start());
    const QByteArray old = ownToken(service);
    EventListener owner(service, {}, old);
    EventListener reader(service, {}, kReadToken);
    QVERIFY(owner.waitFor("stats") && reader.waitFor("stats"));
    service.signal(SIGHUP); // with the same tokens nothing happens
    QVERIFY(owner.waitFor("audit") && reader.waitFor("audit"));
    QVERIFY(owner.waitFor("stats") && reader.waitFor("stats"));
    writeToken(service, u"data/admin-token"_s, kNewToken);
    service.signal(SIGHUP);
    QCOMPARE(owner.waitForEnd(), 0); // with the last chunk
    QCOMPARE(owner.payloads("audit").size(), 1); // what came after the rotation was not for it
    QVERIFY(reader.waitFor("audit"));
    QVERIFY(reader.waitFor("stats"));
    QCOMPARE(askAfresh(service.adminPort(), request("GET", "/admin/v1/events", old)).status, 401);
    EventListener again(service, {}, kNewToken);
    QVERIFY(again.waitFor("snapshot"));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(reader.waitForEnd(), 0);
    QCOMPARE(reader.types().last(), u"report"_s); // undisturbed to the end
    QCOMPARE(service.countLog(u"admin tokens reloaded"_s), 2);
}

void AdminAccessTest::endsEventStreamsOfATokenThatIsRemoved()
{
    ServiceProcess service;
    writeToken(service, u"read"_s, kReadToken);
    service.writeFile(u"config.toml"_s,
                      "[admin]\nread_token_file = \"" + service.path(u"read"_s).toUtf8() + "\"\n");
    QVERIFY(service.start({ u"--config"_s, service.path(u"config.toml"_s) }));
    EventListener owner(service);
    EventListener reader(service, {}, kReadToken);
    QVERIFY(owner.waitFor("stats") && reader.waitFor("stats"));
    service.writeFile(u"config.toml"_s, "");
    service.signal(SIGHUP);
    QCOMPARE(reader.waitForEnd(), 0);
    QCOMPARE(knock(service, kReadToken), 401);
    QVERIFY(owner.waitFor("audit"));
    QVERIFY(owner.waitFor("stats"));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(owner.waitForEnd(), 0);
    QCOMPARE(owner.types().last(), u"report"_s);
}

void AdminAccessTest::keepsItsTokensWhenTheNewOnesAreBad()
{
    ServiceProcess service;
    writeToken(service, u"read"_s, kReadToken);
    service.setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, service.path(u"read"_s));
    QVERIFY(service.start());
    const QByteArray old = ownToken(service);
    const auto reloadsTo = [&](const QString &outcome) {
        const qsizetype before = reloads(service).size();
        service.signal(SIGHUP);
        return QTest::qWaitFor([&] { return reloads(service).size() > before; },
                               int(kLongestWait.count()))
            && reloads(service).last() == outcome;
    };
    const QString operatorFile = service.dataDir() + "/admin-token"_L1;
    writeToken(service, u"data/admin-token"_s, kNewToken);
    setMode(operatorFile, 0644);
    QVERIFY(reloadsTo(
        u"admin tokens not reloaded %1: is open to others (mode 0644); chmod it to 0600, or to 0640 when it is root's"_s
            .arg(operatorFile)));
    QCOMPARE(knock(service, old), 404);
    QCOMPARE(knock(service, kNewToken), 401);

    setMode(operatorFile, 0600);
    writeToken(service, u"read"_s, kNewToken);
    QVERIFY(reloadsTo(u"admin tokens not reloaded %1: holds the same token as %2"_s.arg(
        service.path(u"read"_s), operatorFile)));
    QCOMPARE(knock(service, old), 404); // of neither file
    QCOMPARE(knock(service, kReadToken), 404);

    QVERIFY(QFile::remove(service.path(u"read"_s)));
    QVERIFY(
        reloadsTo(u"admin tokens not reloaded %1: cannot be read: No such file or directory"_s.arg(
            service.path(u"read"_s))));
    writeToken(service, u"read"_s, kReadToken);
    QVERIFY(reloadsTo(u"admin tokens reloaded "_s));
    QCOMPARE(knock(service, old), 401);
    QCOMPARE(knock(service, kNewToken, "POST"), 404);
}

void AdminAccessTest::takesNewRulesBySighup()
{
    ServiceProcess service;
    const auto configure = [&](const QByteArray &admin) {
        service.writeFile(u"config.toml"_s, "[admin]\n" + admin);
    };
    const auto hosted = [&](const QByteArray &host) {
        return askAfresh(service.adminPort(), "GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    };
    writeToken(service, u"read"_s, kReadToken);
    configure("allowed_hosts = \"one.example\"\n");
    QVERIFY(service.start({ u"--config"_s, service.path(u"config.toml"_s) }));
    QCOMPARE(hosted("one.example:443").status, 200);
    QCOMPARE(hosted("two.example").code(), QByteArray("host-not-allowed"));
    QCOMPARE(knock(service, kReadToken), 401);
    QCOMPARE(askAfresh(service.adminPort(), request("GET", "/metrics")).status, 200);
    configure("allowed_hosts = \"two.example\"\nmetrics_token = true\nread_token_file = \""
              + service.path(u"read"_s).toUtf8() + "\"\n");
    service.signal(SIGHUP);
    QVERIFY(service.waitForLog(u"admin tokens reloaded"_s));
    QCOMPARE(hosted("one.example:443").code(), QByteArray("host-not-allowed"));
    QCOMPARE(hosted("two.example").status, 200);
    QCOMPARE(knock(service, kReadToken), 404);
    QCOMPARE(askAfresh(service.adminPort(), request("GET", "/metrics")).status, 401);
}

void AdminAccessTest::saysNothingOfATokenAnywhere()
{
    ServiceProcess service;
    writeToken(service, u"operator"_s, kNewToken);
    writeToken(service, u"read"_s, kReadToken);
    service.setEnvironment(u"QUIESCE_ADMIN_TOKEN_FILE"_s, service.path(u"operator"_s));
    service.setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, service.path(u"read"_s));
    const auto printed = service.run(service.ownDirectories() + QStringList{ u"--print-config"_s });
    QVERIFY(printed.output.contains(service.path(u"read"_s).toUtf8()));
    QByteArray said = printed.output + printed.errors;

    QVERIFY(service.start({ u"--log-level"_s, u"debug"_s }));
    LoopbackClient client(service.adminPort());
    for (const QByteArray &token : { kNewToken, kReadToken }) {
        said += ask(client, request("GET", "/nothing-here", token)).body;
        said += ask(client, request("POST", "/" + token, token)).body;
    }
    for (int i = 0; i < 8; ++i)
        said += ask(client, request("GET", "/nothing-here", kGuess)).body;
    said += askAfresh(service.adminPort(),
                      "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + kNewToken
                          + "\r\nAuthorization: Bearer " + kGuess + "\r\n\r\n")
                .body;
    said += askAfresh(service.adminPort(), "Bearer " + kNewToken + "\r\n\r\n").body;
    writeToken(service, u"operator"_s, kReadToken); // no more: the same as the other
    service.signal(SIGHUP);
    QVERIFY(service.waitForLog(u"admin tokens not reloaded"_s));
    QVERIFY(service.waitForLog(u"wrong tokens, answers held back"_s, { { u"failures"_s, 6 } }));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    for (const QJsonObject &record : service.log())
        said += QJsonDocument(record).toJson(QJsonDocument::Compact);
    said += service.output() + QJsonDocument(service.report()).toJson();
    QVERIFY(said.contains("wrong tokens"));
    QVERIFY2(!said.contains("token-of-the-end-to-end-test"), said.constData());
}

void AdminAccessTest::servesWhileThousandsGuess()
{
    constexpr int kGuessers = 10'000;
    constexpr int kAtOnce = 400; // that this test keeps open itself
    constexpr int kRoom = 256;
    ServiceProcess service;
    service.setEnvironment(u"QUIESCE_LIMITS_MAX_ADMIN_CONNECTIONS"_s, QString::number(kRoom));
    QVERIFY(service.start({ u"--grace"_s, u"5s"_s }));
    const QByteArray token = ownToken(service);
    LoopbackClient known(service.adminPort());
    QCOMPARE(ask(known, request("GET", "/nothing-here", token)).status, 404);
    const qsizetype sockets = service.openSockets();
    qint64 warm = 0;
    QElapsedTimer timer;
    qint64 slowest = 0;
    std::deque<LoopbackClient> guessers;
    for (int i = 0; i < kGuessers; ++i) {
        guessers.emplace_back(service.adminPort());
        QVERIFY(guessers.back().isConnected());
        guessers.back().sendSome(request("POST", "/nothing-here", kGuess));
        if (guessers.size() > kAtOnce)
            guessers.pop_front();
        if (i % 500 != 0)
            continue;
        timer.start();
        QCOMPARE(knock(service, token), 404); // a fresh connection behind all of them
        slowest = std::max(slowest, timer.elapsed());
        QCOMPARE(ask(known, request("GET", "/nothing-here", token)).status, 404);
        QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
        QVERIFY2(service.openSockets() <= sockets + kRoom + 2,
                 qPrintable(QString::number(service.openSockets())));
        warm = i == kGuessers / 5 ? vitalsOf(service.pid()).residentKiB : warm;
    }
    QVERIFY(warm > 0);
    const qint64 grown = vitalsOf(service.pid()).residentKiB - warm;
    qInfo().noquote()
        << u"slowest operator %1 ms, %2 KiB more than after a fifth"_s.arg(slowest).arg(grown);
    QVERIFY2(grown < boundKiB(2'048), qPrintable(QString::number(grown)));
    QVERIFY2(slowest < 2'000, qPrintable(QString::number(slowest)));
    timer.start();
    service.signal(SIGTERM); // many are still held back
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(service.countLog(u"wrong tokens, answers held back"_s) >= 1);
    QVERIFY(service.countLog(u"wrong tokens, answers held back"_s) <= 3); // one a minute
}

QTEST_GUILESS_MAIN(AdminAccessTest)
#include "tst_adminaccess.moc"
