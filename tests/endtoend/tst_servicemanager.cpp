// SPDX-License-Identifier: GPL-3.0-only
// quiesced under a service manager that is played: what it tells, what it takes over.
#include "tests/endtoend/playedmanager.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/lastingport.h"

#include <QJsonArray>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce::test;

class ServiceManagerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsHowAStopGoes();
    void neverSaysStoppingWhileThereIsAWayBack();
    void asksForTimeOnlyForAnExtension();
    void feedsTheWatchdogUntilTheEventLoopHangs();
    void tellsOfAReload();
    void servesTheSocketsItIsPassed();
    void listensItselfWhereNoneIsPassed();
    void refusesSocketsItCannotServe_data();
    void refusesSocketsItCannotServe();
    void checksTheAddressOfAPassedSocket();
    void aRestartOnPassedSocketsRefusesNobody();
    void whoTakesItsPlaceIsTheMainProcess();
    void isActivatedByItsFirstConnection();
};

void ServiceManagerTest::tellsHowAStopGoes()
{
    PlayedManager manager;
    ServiceProcess service;
    manager.watch(service);
    QVERIFY(service.start());
    QCOMPARE(manager.takeUntil(u"STATUS="_s), QStringList({ u"READY=1"_s, u"STATUS=serving"_s }));
    LoopbackClient slow(service.trafficPort());
    QVERIFY(slow.send(get("/work?ms=600000")));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    const QStringList told = manager.takeUntil(u"STATUS=draining"_s);
    QCOMPARE(told.filter(u"STOPPING=1"_s).size(), 1);
    QCOMPARE(told.indexOf(u"STOPPING=1"_s), told.size() - 2);
    QVERIFY2(told.last().startsWith("STATUS=draining, waiting for 1 request"_L1),
             qPrintable(told.last()));
    QVERIFY2(told.last().endsWith("25s left"_L1), qPrintable(told.last()));
    slow.close();
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(manager.takeAll().filter(u"EXTEND_TIMEOUT"_s).isEmpty());
}

void ServiceManagerTest::neverSaysStoppingWhileThereIsAWayBack()
{
    PlayedManager manager;
    ServiceProcess service;
    manager.watch(service);
    QVERIFY(service.start({ u"--lame-duck"_s, u"10m"_s }));
    const AdminClient admin(service);
    QCOMPARE(admin.post("/quiesce").status, 202);
    QCOMPARE(admin.post("/resume").status, 200);
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"lame-duck"_s));
    QCOMPARE(admin.post("/resume").status, 200);
    QVERIFY(manager.takeAll().filter(u"STOPPING"_s).isEmpty());
}

void ServiceManagerTest::asksForTimeOnlyForAnExtension()
{
    PlayedManager manager;
    ServiceProcess service;
    manager.watch(service);
    QVERIFY(service.start());
    const AdminClient admin(service);
    LoopbackClient slow(service.trafficPort());
    QVERIFY(slow.send(get("/work?ms=600000")));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"draining"_s));
    QVERIFY(manager.takeUntil(u"STATUS=draining"_s).filter(u"EXTEND"_s).isEmpty());
    QCOMPARE(admin.post("/extend", { { u"byMs"_s, 600'000 } }).status, 200);
    QCOMPARE(manager.takeUntil(u"EXTEND_TIMEOUT_USEC="_s).last(),
             u"EXTEND_TIMEOUT_USEC=30000000"_s);
}

void ServiceManagerTest::feedsTheWatchdogUntilTheEventLoopHangs()
{
    PlayedManager manager;
    ServiceProcess service(QStringLiteral(SUBJECT_PROGRAM));
    manager.watch(service);
    service.setEnvironment(u"WATCHDOG_USEC"_s, u"400000"_s);
    QVERIFY(service.start());
    for (int i = 0; i < 3; ++i)
        QCOMPARE(manager.takeUntil(u"WATCHDOG=1"_s).last(), u"WATCHDOG=1"_s);
    LoopbackClient fatal(service.trafficPort());
    QVERIFY(fatal.send(get("/hang")));
    // From the moment it hangs it is silent; what it had said before is read first.
    QTRY_VERIFY_WITH_TIMEOUT(manager.isSilentFor(1'000ms), 30'000);
}

void ServiceManagerTest::tellsOfAReload()
{
    PlayedManager manager;
    ServiceProcess service;
    manager.watch(service);
    QVERIFY(service.start());
    (void)manager.takeUntil(u"STATUS=serving"_s);
    service.signal(SIGHUP);
    QVERIFY(manager.next().startsWith("RELOADING=1\nMONOTONIC_USEC="_L1));
    QCOMPARE(manager.next(), u"READY=1"_s);
}

void ServiceManagerTest::servesTheSocketsItIsPassed()
{
    PlayedManager manager;
    ServiceProcess service(manager.activatable());
    manager.pass(service, { u"traffic"_s, u"admin"_s });
    QVERIFY(service.start());
    QCOMPARE(service.trafficPort(), manager.port(0));
    QCOMPARE(service.adminPort(), manager.port(1));
    QCOMPARE(askAfresh(manager.port(0), get("/hello")).status, 200);
    QCOMPARE(askAfresh(manager.port(1), get("/readyz")).status, 200);
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
}

void ServiceManagerTest::listensItselfWhereNoneIsPassed()
{
    PlayedManager manager;
    ServiceProcess service(manager.activatable());
    manager.pass(service, { u"unknown"_s }); // what systemd calls one without a name
    QVERIFY(service.start());
    QCOMPARE(service.trafficPort(), manager.port(0));
    QVERIFY(service.adminPort() != manager.port(1));
    QCOMPARE(askAfresh(service.adminPort(), get("/readyz")).status, 200);
}

void ServiceManagerTest::refusesSocketsItCannotServe_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("a name that is neither")
        << QStringList{ u"metrics"_s } << QByteArray("\"metrics\": FileDescriptorName= is neither");
    QTest::newRow("two of one") << QStringList{ u"admin"_s, u"admin"_s }
                                << QByteArray("there is one for that listener already");
}

void ServiceManagerTest::refusesSocketsItCannotServe()
{
    QFETCH(const QStringList, names);
    QFETCH(const QByteArray, reason);
    PlayedManager manager;
    ServiceProcess service(manager.activatable());
    manager.pass(service, names);
    const ServiceProcess::Finished finished = service.run(service.ownDirectories());
    QCOMPARE(finished.exitCode, 69);
    QVERIFY2(finished.errors.contains(reason), finished.errors.constData());
}

void ServiceManagerTest::checksTheAddressOfAPassedSocket()
{
    PlayedManager manager;
    ServiceProcess service(manager.activatable());
    manager.pass(service, { u"traffic"_s, u"admin"_s });
    const ServiceProcess::Finished shown = service.run({ u"--print-config"_s });
    QCOMPARE(shown.exitCode, 0);
    const QByteArray line =
        "traffic = \"127.0.0.1:" + QByteArray::number(manager.port(0)) + "\" # inherited socket";
    QVERIFY2(shown.output.simplified().contains(line), shown.output.constData());
}

/// The listening socket is the manager's: who comes between two processes waits for the second.
void ServiceManagerTest::aRestartOnPassedSocketsRefusesNobody()
{
    PlayedManager manager;
    ServiceProcess service(manager.activatable());
    manager.pass(service, { u"traffic"_s, u"admin"_s });
    QVERIFY(service.start());
    LoopbackClient early(manager.port(0));
    QVERIFY(early.send(get("/work?ms=300")));
    QVERIFY(service.hasCaughtUp());
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"draining"_s));
    QCOMPARE(early.readAnswer().status, 200);
    QCOMPARE(service.waitForExit(), 0);
    LoopbackClient between(manager.port(0));
    QVERIFY(between.isConnected());
    QVERIFY(between.send(get("/hello")));
    QVERIFY(service.start());
    QCOMPARE(between.readAnswer().status, 200);
}

/// A manager hears the main process alone, so it must know it before that one speaks.
void ServiceManagerTest::whoTakesItsPlaceIsTheMainProcess()
{
    PlayedManager manager;
    ServiceProcess service;
    manager.watch(service);
    QVERIFY(service.start());
    (void)manager.takeUntil(u"STATUS=serving"_s);
    service.signal(SIGUSR2);
    const QStringList before = manager.takeUntil(u"MAINPID="_s);
    const pid_t heir = before.last().section(u'=', 1).toInt();
    QVERIFY(heir > 0);
    QCOMPARE(before.size(), 1); // the new one has not spoken yet
    QCOMPARE(manager.next(), u"READY=1"_s);
    QCOMPARE(manager.next(), u"STATUS=serving"_s);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(manager.takeAll().isEmpty()); // and the old one not any more
    ::kill(heir, SIGKILL);
}

void ServiceManagerTest::isActivatedByItsFirstConnection()
{
    const QString activate = QStandardPaths::findExecutable(u"systemd-socket-activate"_s);
    if (activate.isEmpty())
        QSKIP("systemd-socket-activate is not there");
    const quint16 port = lastingPort();
    const ServiceProcess directories; // its own; never started
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    QStringList arguments{ u"--listen=127.0.0.1:%1"_s.arg(port), u"--fdname=traffic"_s };
    for (const char *sanitizer : { "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS" }) {
        if (qEnvironmentVariableIsSet(sanitizer)) // it passes on nothing by itself
            arguments << u"--setenv=%1"_s.arg(QLatin1StringView(sanitizer));
    }
    arguments << QStringLiteral(QUIESCED_PROGRAM) << u"--admin-listen"_s << u"127.0.0.1:0"_s;
    process.start(activate, arguments + directories.ownDirectories());
    QVERIFY(process.waitForStarted());
    QProcess curl;
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                 curl.start(u"curl"_s,
                                            { u"-sS"_s, u"--max-time"_s, u"20"_s,
                                              u"http://127.0.0.1:%1/hello"_s.arg(port) });
                                 return curl.waitForFinished() && curl.exitCode() == 0;
                             }()),
                             30'000);
    QCOMPARE(curl.readAllStandardOutput().trimmed(), QByteArray("Hello, World!"));
    process.terminate(); // it has become the service
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitCode() == 0, process.readAll());
}

QTEST_GUILESS_MAIN(ServiceManagerTest)
#include "tst_servicemanager.moc"
