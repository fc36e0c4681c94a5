// SPDX-License-Identifier: GPL-3.0-only
// From exec to ready, or to the exit code that says why not.
#include "tests/endtoend/serviceprocess.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

QJsonObject readJson(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject();
}

QFile::Permissions privateFile()
{
    return QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
}

} // namespace

class StartupTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhenItIsReadyAndWhereItListens();
    void isHealthyOnBothListenersWhenReady_data();
    void isHealthyOnBothListenersWhenReady();
    void describesItselfInAPrivateFileWhileItRuns();
    void logsEachEventAsOneJsonObject();
    void answersQuestionsAndExits_data();
    void answersQuestionsAndExits();
    void refusesWhatItDoesNotUnderstand_data();
    void refusesWhatItDoesNotUnderstand();
    void namesEveryErrorAtOnce();
    void readsItsSettingsFromFileEnvironmentAndFlags();
    void saysThatAnAddressIsInUse_data();
    void saysThatAnAddressIsInUse();
    void saysThatADataDirectoryIsUnusable();
    void leavesADataDirectoryToTheInstanceThatHasIt();
    void startsAgainAfterItWasKilled();
};

void StartupTest::saysWhenItIsReadyAndWhereItListens()
{
    ServiceProcess service;
    QVERIFY(service.start());
    QVERIFY(service.trafficPort() != 0);
    QVERIFY(service.adminPort() != 0);
    QVERIFY(service.trafficPort() != service.adminPort());
    const Answer hello = askAfresh(service.trafficPort(), get("/hello"));
    QCOMPARE(hello.status, 200);
    QCOMPARE(hello.body, QByteArray("Hello, World!"));
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(service.output().count('\n'), 1); // the ready line and nothing else
}

void StartupTest::isHealthyOnBothListenersWhenReady_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("liveness") << QByteArray("/livez");
    QTest::newRow("readiness") << QByteArray("/readyz");
    QTest::newRow("startup") << QByteArray("/startupz");
}

void StartupTest::isHealthyOnBothListenersWhenReady()
{
    QFETCH(QByteArray, path);
    ServiceProcess service;
    QVERIFY(service.start());
    for (const quint16 port : { service.trafficPort(), service.adminPort() }) {
        const Answer answer = askAfresh(port, get(path));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, QByteArray("ok\n"));
    }
}

void StartupTest::describesItselfInAPrivateFileWhileItRuns()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const QString path = service.runtimeFile();
    const QJsonObject info = readJson(path);
    QCOMPARE(info.keys(),
             (QStringList{ u"adminUrl"_s, u"instanceId"_s, u"name"_s, u"pid"_s, u"tokenFile"_s,
                           u"trafficUrl"_s }));
    QCOMPARE(info["pid"_L1].toInteger(), service.pid());
    QCOMPARE(info["name"_L1].toString(), u"quiesced"_s);
    QVERIFY(!info["instanceId"_L1].toString().isEmpty());
    QCOMPARE(info["trafficUrl"_L1].toString(), u"http://127.0.0.1:%1"_s.arg(service.trafficPort()));
    QCOMPARE(info["adminUrl"_L1].toString(), u"http://127.0.0.1:%1"_s.arg(service.adminPort()));
    QCOMPARE(info["tokenFile"_L1].toString(), service.path(u"data/admin-token"_s));
    QCOMPARE(QFile::permissions(path), privateFile());
    QCOMPARE(QFile::permissions(info["tokenFile"_L1].toString()), privateFile());
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(!QFile::exists(path));
}

void StartupTest::logsEachEventAsOneJsonObject()
{
    ServiceProcess service;
    QVERIFY(service.start());
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    const QList<QJsonObject> log = service.log();
    QVERIFY(log.size() >= 6); // ready, the stop and its transitions
    for (const QJsonObject &record : log) {
        QCOMPARE(record.keys(),
                 (QStringList{ u"at"_s, u"category"_s, u"fields"_s, u"level"_s, u"message"_s }));
        QVERIFY(QDateTime::fromString(record["at"_L1].toString(), Qt::ISODateWithMs).isValid());
        QCOMPARE(record["level"_L1].toString(), u"info"_s); // nothing that someone must look at
    }
    QCOMPARE(service.countLog(u"ready"_s), 1);
}

void StartupTest::answersQuestionsAndExits_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("help") << QStringList{ u"--help"_s } << QByteArray("--lame-duck");
    QTest::newRow("version") << QStringList{ u"--version"_s } << QByteArray("quiesced 0.");
    QTest::newRow("effective settings") << QStringList{ u"--print-config"_s, u"--grace"_s, u"7s"_s }
                                        << QByteArray("grace = \"7s\" # --grace");
    QTest::newRow("check") << QStringList{ u"--check-config"_s } << QByteArray("valid");
}

void StartupTest::answersQuestionsAndExits()
{
    QFETCH(QStringList, flags);
    QFETCH(QByteArray, expected);
    ServiceProcess service;
    const auto finished = service.run(service.ownDirectories() + flags);
    QCOMPARE(finished.exitCode, 0);
    QVERIFY2(finished.output.contains(expected), finished.output.constData());
    QCOMPARE(finished.errors, QByteArray());
    QVERIFY(!QFile::exists(service.dataDir()));
}

void StartupTest::refusesWhatItDoesNotUnderstand_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("source"); // what the message begins with or points at
    const QStringList none;
    QTest::newRow("unknown flag") << QStringList{ u"--lissten"_s, u"x"_s } << QByteArray() << 64
                                  << QByteArray("--listen");
    QTest::newRow("flag without value")
        << QStringList{ u"--grace"_s } << QByteArray() << 64 << QByteArray("grace");
    QTest::newRow("stray argument")
        << QStringList{ u"stray"_s } << QByteArray() << 64 << QByteArray("stray");
    QTest::newRow("duration without unit")
        << QStringList{ u"--grace"_s, u"25"_s } << QByteArray() << 78 << QByteArray("--grace");
    QTest::newRow("unreadable file") << QStringList{ u"--config"_s, u"/nonexistent/q.toml"_s }
                                     << QByteArray() << 78 << QByteArray("/nonexistent/q.toml");
    QTest::newRow("contradiction") << QStringList{ u"--budget"_s, u"10s"_s, u"--grace"_s, u"20s"_s }
                                   << QByteArray() << 78 << QByteArray("20s");
    QTest::newRow("admin beyond loopback") << QStringList{ u"--admin-listen"_s, u"0.0.0.0:0"_s }
                                           << QByteArray() << 78 << QByteArray("insecure");
    QTest::newRow("no TOML") << none << QByteArray("[stop]\ngrace = = 1\n") << 78
                             << QByteArray("config.toml:2");
    QTest::newRow("unknown key") << none << QByteArray("[stop]\n\ngrase = \"1s\"\n") << 78
                                 << QByteArray("config.toml:3");
    QTest::newRow("wrong value") << none << QByteArray("[limits]\nmax_in_flight = 0\n") << 78
                                 << QByteArray("config.toml:2");
}

void StartupTest::refusesWhatItDoesNotUnderstand()
{
    QFETCH(QStringList, flags);
    QFETCH(QByteArray, file);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, source);
    ServiceProcess service;
    if (!file.isEmpty()) {
        service.writeFile(u"config.toml"_s, file);
        flags << u"--config"_s << service.path(u"config.toml"_s);
    }
    for (const QStringList &also : { QStringList(), QStringList{ u"--check-config"_s } }) {
        const auto finished = service.run(service.ownDirectories() + also + flags);
        QCOMPARE(finished.exitCode, exitCode);
        QVERIFY2(finished.errors.contains(source), finished.errors.constData());
        QCOMPARE(finished.output, QByteArray());
        QVERIFY(!QFile::exists(service.dataDir())); // nothing was opened
    }
}

void StartupTest::namesEveryErrorAtOnce()
{
    ServiceProcess service;
    service.writeFile(u"config.toml"_s, "[stop]\ngrace = 1\n[limits]\nmax_uri_bytes = \"x\"\n");
    service.setEnvironment(u"QUIESCE_STOP_LINGER"_s, u"long"_s);
    const auto finished = service.run(service.ownDirectories()
                                      + QStringList{ u"--config"_s, service.path(u"config.toml"_s),
                                                     u"--listen"_s, u"nowhere"_s });
    QCOMPARE(finished.exitCode, 78);
    for (const char *source :
         { "config.toml:2", "config.toml:4", "QUIESCE_STOP_LINGER", "--listen" })
        QVERIFY2(finished.errors.contains(source), finished.errors.constData());
}

void StartupTest::readsItsSettingsFromFileEnvironmentAndFlags()
{
    ServiceProcess service;
    service.writeFile(u"config.toml"_s,
                      "[service]\nname = \"from-file\"\n[limits]\nmax_body_bytes = \"1KiB\"\n");
    service.setEnvironment(u"QUIESCE_LIMITS_MAX_BODY_BYTES"_s, u"2KiB"_s);
    QVERIFY(service.start({ u"--config"_s, service.path(u"config.toml"_s) }));
    QCOMPARE(readJson(service.runtimeFile())["name"_L1].toString(), u"from-file"_s);
    QCOMPARE(askAfresh(service.trafficPort(), post("/echo", QByteArray(2'048, 'x'))).status, 200);
    QCOMPARE(askAfresh(service.trafficPort(), post("/echo", QByteArray(2'049, 'x'))).status, 413);
}

void StartupTest::saysThatAnAddressIsInUse_data()
{
    QTest::addColumn<QString>("taken");
    QTest::addColumn<QString>("free");
    QTest::newRow("traffic") << u"--listen"_s << u"--admin-listen"_s;
    QTest::newRow("admin") << u"--admin-listen"_s << u"--listen"_s;
}

void StartupTest::saysThatAnAddressIsInUse()
{
    QFETCH(QString, taken);
    QFETCH(QString, free);
    QTcpServer occupant;
    QVERIFY(occupant.listen(QHostAddress::LocalHost));
    const QString port = QString::number(occupant.serverPort());
    ServiceProcess service;
    const auto finished =
        service.run(service.ownDirectories()
                    + QStringList{ taken, u"127.0.0.1:"_s + port, free, u"127.0.0.1:0"_s });
    QCOMPARE(finished.exitCode, 69);
    QCOMPARE(finished.output, QByteArray()); // never ready
    QVERIFY2(finished.errors.contains(port.toUtf8()), finished.errors.constData());
    QVERIFY(QDir(service.path(u"run"_s)).isEmpty());
    QCOMPARE(service.reportFiles(), QStringList());
}

void StartupTest::saysThatADataDirectoryIsUnusable()
{
    ServiceProcess service;
    service.writeFile(u"data"_s, "a file where the directory should be");
    QVERIFY(!service.start());
    QCOMPARE(service.waitForExit(), 69);
    QCOMPARE(service.output(), QByteArray());
}

void StartupTest::leavesADataDirectoryToTheInstanceThatHasIt()
{
    ServiceProcess first;
    ServiceProcess second;
    QVERIFY(first.start());
    const QStringList sameData{ u"--data-dir"_s, first.dataDir() };
    const auto finished =
        second.run({ u"--listen"_s, u"127.0.0.1:0"_s, u"--admin-listen"_s, u"127.0.0.1:0"_s,
                     u"--runtime-dir"_s, second.path(u"run"_s), u"--data-dir"_s, first.dataDir() });
    QCOMPARE(finished.exitCode, 69);
    QVERIFY2(finished.errors.contains("pid " + QByteArray::number(first.pid())),
             finished.errors.constData());
    QCOMPARE(askAfresh(first.trafficPort(), get("/hello")).status, 200);
    first.signal(SIGTERM);
    QCOMPARE(first.waitForExit(), 0);
    QVERIFY(second.start(sameData));
}

void StartupTest::startsAgainAfterItWasKilled()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const QString stale = service.runtimeFile();
    LoopbackClient busy(service.trafficPort());
    QVERIFY(busy.send(get("/work?ms=600000")));
    service.signal(SIGKILL);
    QCOMPARE(service.waitForExit(), -1);
    QVERIFY(QFile::exists(stale));
    QCOMPARE(service.reportFiles(), QStringList());

    QVERIFY(service.start()); // the same directories
    QVERIFY(!QFile::exists(stale) || stale == service.runtimeFile());
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(service.reportFiles().size(), 1);
}

QTEST_GUILESS_MAIN(StartupTest)
#include "tst_startup.moc"
