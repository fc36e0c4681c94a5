// SPDX-License-Identifier: GPL-3.0-only
// Each row of the contract's table of signals, with real ones.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/stopchecks.h"

#include <QFile>
#include <QTest>
#include <csignal>
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

QString ownCommand()
{
    QFile file(u"/proc/self/comm"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll().trimmed()) : QString();
}

/// Longer than it takes until a second signal forces, by the service's own clock.
bool passTime(const ServiceProcess &service)
{
    return askAfresh(service.trafficPort(), get("/work?ms=250")).isComplete;
}

/// A terminal: the end that a person types at.
class Terminal final
{
public:
    Terminal()
    {
        if (::openpty(&m_master, &m_slave, nullptr, nullptr, nullptr) != 0)
            qFatal("no pseudo terminal");
    }
    ~Terminal()
    {
        ::close(m_master);
        ::close(m_slave);
    }
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    /// In the child: makes this the terminal it is controlled by.
    void control() const
    {
        ::setsid();
        ::ioctl(m_slave, TIOCSCTTY, 0);
    }
    /// In the child: and shows its standard error.
    void show() const { ::dup2(m_slave, STDERR_FILENO); }
    void type(char key) const { [[maybe_unused]] const auto written = ::write(m_master, &key, 1); }
    /// What has been shown so far.
    [[nodiscard]] QByteArray screen() const
    {
        QByteArray text(64 * 1'024, '\0');
        const ssize_t count = ::read(m_master, text.data(), static_cast<size_t>(text.size()));
        return text.left(std::max<ssize_t>(count, 0));
    }

private:
    int m_master = -1;
    int m_slave = -1;
};

} // namespace

class SignalsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstStopsGracefullyAndItsSenderIsKnown_data();
    void theFirstStopsGracefullyAndItsSenderIsKnown();
    void saysNothingOfASenderThatIsGoneButWhatTheKernelTold();
    void knowsNoSenderOfAKeyPressedAtATerminal();
    void tellsWhoeverStoppedItAtATerminalWhatTheStopDid();
    void aSecondForces_data();
    void aSecondForces();
    void aSecondTooSoonAfterTheFirstIsIgnored();
    void hangupTakesOverWhatMayChange();
    void hangupWithABadFileChangesNothing();
    void hangupDoesNotDisturbAStop();
    void aBrokenPipeIsIgnored();
};

void SignalsTest::theFirstStopsGracefullyAndItsSenderIsKnown_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("name");
    QTest::newRow("SIGTERM") << SIGTERM << u"SIGTERM"_s;
    QTest::newRow("SIGINT") << SIGINT << u"SIGINT"_s;
}

void SignalsTest::theFirstStopsGracefullyAndItsSenderIsKnown()
{
    QFETCH(int, number);
    QFETCH(QString, name);
    ServiceProcess service;
    QVERIFY(service.start());
    StopTrial trial(service);
    trial.stop([&] { service.signal(number); });
    QUIESCE_VERIFY_CLEAN_STOP(trial);
    const QJsonObject cause = service.report()["cause"_L1].toObject();
    QCOMPARE(cause["kind"_L1].toString(), u"signal"_s);
    QCOMPARE(cause["signal"_L1].toString(), name);
    QCOMPARE(cause["senderPid"_L1].toInteger(), qint64(::getpid()));
    QCOMPARE(cause["senderUid"_L1].toInteger(-1), qint64(::getuid()));
    QCOMPARE(cause["senderCommand"_L1].toString(), ownCommand());
    for (const auto key : { "remoteAddress"_L1, "actor"_L1, "role"_L1, "reason"_L1 })
        QVERIFY2(cause.contains(key) && cause[key].isNull(), key.data());
}

void SignalsTest::saysNothingOfASenderThatIsGoneButWhatTheKernelTold()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const auto pid = static_cast<pid_t>(service.pid());
    service.freeze(); // so that the sender has gone before the signal is looked at
    const pid_t sender = ::fork();
    if (sender == 0) {
        ::kill(pid, SIGTERM);
        ::_exit(0);
    }
    QCOMPARE(::waitpid(sender, nullptr, 0), sender);
    service.thaw();
    QCOMPARE(service.waitForExit(), 0);
    const QJsonObject cause = service.report()["cause"_L1].toObject();
    QCOMPARE(cause["senderPid"_L1].toInteger(), qint64(sender));
    QCOMPARE(cause["senderUid"_L1].toInteger(-1), qint64(::getuid()));
    QVERIFY(cause["senderCommand"_L1].isNull());
}

void SignalsTest::knowsNoSenderOfAKeyPressedAtATerminal()
{
    const Terminal terminal;
    ServiceProcess service;
    service.setBeforeExec([&terminal] { terminal.control(); });
    QVERIFY(service.start());
    terminal.type('\x03');
    QCOMPARE(service.waitForExit(), 0);
    const QJsonObject cause = service.report()["cause"_L1].toObject();
    QCOMPARE(cause["signal"_L1].toString(), u"SIGINT"_s);
    for (const auto key : { "senderPid"_L1, "senderUid"_L1, "senderCommand"_L1 })
        QVERIFY2(cause.contains(key) && cause[key].isNull(), key.data());
}

void SignalsTest::tellsWhoeverStoppedItAtATerminalWhatTheStopDid()
{
    const Terminal terminal;
    ServiceProcess service;
    service.setBeforeExec([&terminal] {
        terminal.control();
        terminal.show();
    });
    QVERIFY(service.start());
    terminal.type('\x03');
    QCOMPARE(service.waitForExit(), 0);
    const QByteArray screen = terminal.screen();
    QVERIFY2(screen.contains("quiesced stopped cleanly"), screen.constData());
    QVERIFY2(screen.contains("SIGINT from an unknown sender"), screen.constData());
    QVERIFY2(!screen.contains("{\"at\""), screen.constData()); // its log is text there
}

void SignalsTest::aSecondForces_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("SIGTERM twice") << SIGTERM << SIGTERM << 128 + 15;
    QTest::newRow("SIGINT twice") << SIGINT << SIGINT << 128 + 2;
    QTest::newRow("SIGTERM, then SIGINT") << SIGTERM << SIGINT << 128 + 2;
    QTest::newRow("SIGINT, then SIGTERM") << SIGINT << SIGTERM << 128 + 15;
}

void SignalsTest::aSecondForces()
{
    QFETCH(int, first);
    QFETCH(int, second);
    QFETCH(int, exitCode);
    ServiceProcess service;
    QVERIFY(service.start({ u"--lame-duck"_s, u"10m"_s, u"--grace"_s, u"10m"_s }));
    StopTrial trial(service);
    QVERIFY(trial.put(Moment::InHandler, get("/work?ms=600000"), Fate::Cut));
    trial.stop([&] { service.signal(first); });
    QVERIFY(service.waitForLog(u"stop requested"_s));
    QVERIFY(passTime(service));
    QVERIFY(service.isRunning());
    service.signal(second);
    QUIESCE_VERIFY_STOP(
        trial,
        { .outcome = quiesce::StopOutcome::Forced,
          .exitCode = exitCode,
          .states = { u"serving"_s, u"lame-duck"_s, u"stopping"_s, u"stopped"_s } });
    QCOMPARE(service.tally(), u"1+1 = 1+0+1"_s); // what passed the time was accepted and answered
    QCOMPARE(service.transitions(),
             (QStringList{ u"starting serving"_s, u"serving lame-duck"_s, u"lame-duck stopping"_s,
                           u"stopping stopped"_s }));
    QVERIFY(!QFile::exists(service.runtimeFile()));
}

void SignalsTest::aSecondTooSoonAfterTheFirstIsIgnored()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--grace"_s, u"10m"_s }));
    LoopbackClient client(service.trafficPort());
    QVERIFY(client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nha"));
    QVERIFY(service.hasCaughtUp());
    service.freeze(); // both wait in the kernel, and arrive together
    service.signal(SIGTERM);
    service.signal(SIGINT);
    service.thaw();
    QVERIFY(service.waitForState(u"draining"_s));
    const Answer answer = ask(client, "lf");
    QCOMPARE(answer.body, QByteArray("half"));
    QCOMPARE(service.waitForExit(), 0);
    QCOMPARE(service.countLog(u"stop forced"_s), 0);
    QCOMPARE(service.tally(), u"1+0 = 1+0+0"_s);
}

void SignalsTest::hangupTakesOverWhatMayChange()
{
    ServiceProcess service;
    service.writeFile(u"config.toml"_s, "[log]\nlevel = \"warning\"\n");
    QVERIFY(service.start({ u"--config"_s, service.path(u"config.toml"_s) }));
    QCOMPARE(service.countLog(u"ready"_s), 0);
    service.writeFile(u"config.toml"_s,
                      "[log]\nlevel = \"info\"\n[limits]\nmax_in_flight = 1\n"
                      "[stop]\ngrace = \"9s\"\n");
    service.signal(SIGHUP);
    QVERIFY(service.waitForLog(u"configuration reloaded"_s,
                               { { u"changed"_s, u"log.level,limits.max_in_flight"_s },
                                 { u"needRestart"_s, u"stop.grace"_s } }));
    LoopbackClient first(service.trafficPort());
    QVERIFY(first.send(get("/work?ms=600000")));
    QVERIFY(service.hasCaughtUp());
    const Answer refused = askAfresh(service.trafficPort(), get("/hello"));
    QCOMPARE(refused.status, 503);
    QCOMPARE(refused.code(), QByteArray("overloaded"));
    QVERIFY(refused.fields.contains("retry-after"));
    first.reset();
    QTRY_COMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(service.countLog(u"stop requested"_s) == 1); // at level info
}

void SignalsTest::hangupWithABadFileChangesNothing()
{
    ServiceProcess service;
    service.writeFile(u"config.toml"_s, "[limits]\nmax_body_bytes = \"1KiB\"\n");
    QVERIFY(service.start({ u"--config"_s, service.path(u"config.toml"_s) }));
    service.writeFile(u"config.toml"_s, "[limits]\nmax_body_bytes = \"2KiB\"\n[log]\nlevel = 3\n");
    service.signal(SIGHUP);
    QVERIFY(service.waitForLog(u"configuration not reloaded"_s));
    bool isNamed = false;
    for (const QJsonObject &record : service.log()) {
        const QString error = record["fields"_L1].toObject()["error"_L1].toString();
        isNamed =
            isNamed || (error.contains(u"config.toml:4"_s) && record["level"_L1] == "warning"_L1);
    }
    QVERIFY(isNamed);
    QCOMPARE(askAfresh(service.trafficPort(), post("/echo", QByteArray(1'025, 'x'))).status, 413);
    QCOMPARE(askAfresh(service.trafficPort(), post("/echo", QByteArray(1'024, 'x'))).status, 200);
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
}

void SignalsTest::hangupDoesNotDisturbAStop()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--lame-duck"_s, u"10m"_s }));
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"lame-duck"_s));
    service.signal(SIGHUP);
    QVERIFY(service.waitForLog(u"configuration reloaded"_s));
    QCOMPARE(askAfresh(service.adminPort(), get("/readyz")).status, 503);
    QVERIFY(passTime(service));
    service.signal(SIGHUP);
    QVERIFY(service.hasCaughtUp());
    QVERIFY(service.isRunning()); // it is no second stop signal either
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 128 + 15);
}

void SignalsTest::aBrokenPipeIsIgnored()
{
    ServiceProcess service;
    QVERIFY(service.start());
    service.signal(SIGPIPE);
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
    QVERIFY(service.isRunning());
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
}

QTEST_GUILESS_MAIN(SignalsTest)
#include "tst_signals.moc"
