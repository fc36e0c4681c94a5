// SPDX-License-Identifier: GPL-3.0-only
// Real signals to this very process: what they ask for, who sent them, when they arrived.
#include "service/core/unixsignals.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QStringList>
#include <QTest>
#include <atomic>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::SignalIntent;
using quiesce::StopCause;
using quiesce::UnixSignals;

namespace {

constexpr std::array kCaught{ SIGTERM, SIGINT, SIGHUP, SIGUSR2 };

sigset_t setOfCaught()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int number : kCaught)
        sigaddset(&set, number);
    return set;
}

bool isPending(int number)
{
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, number) == 1;
}

/// Until it is taken: the next one of its kind is then one more, not the same.
void waitUntilTaken(int number)
{
    while (isPending(number))
        std::this_thread::yield();
}

void send(int number)
{
    ::kill(::getpid(), number);
    waitUntilTaken(number);
}

class Stopwatch
{
public:
    void start() { m_start = std::chrono::steady_clock::now(); }
    [[nodiscard]] std::chrono::nanoseconds elapsed() const
    {
        return std::chrono::steady_clock::now() - m_start;
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Blocks the event loop, as a handler does that hangs.
void hangUntil(const Stopwatch &timer, std::chrono::milliseconds until)
{
    while (timer.elapsed() < until)
        std::this_thread::yield();
}

QString commandOf(qint64 pid)
{
    QFile file(u"/proc/%1/comm"_s.arg(pid));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QString();
}

/// The thread that takes the signals, by its name.
pid_t signalThread()
{
    const QStringList threads =
        QDir(u"/proc/self/task"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &thread : threads) {
        if (commandOf(thread.toLongLong()) == u"signals"_s)
            return thread.toInt();
    }
    return 0;
}

enum class Reset : bool { No, Yes };

/// `/bin/sh -c SCRIPT` with a pipe for its input and one for its output. By fork() itself, since
/// QProcess may share its memory with the child until the exec, which ThreadSanitizer cannot bear.
class Shell
{
public:
    Shell(const char *script, Reset reset)
    {
        int input[2];
        int output[2];
        if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0)
            qFatal("no pipes");
        m_pid = ::fork();
        if (m_pid == 0) {
            ::dup2(input[0], STDIN_FILENO);
            ::dup2(output[1], STDOUT_FILENO);
            if (reset == Reset::Yes)
                UnixSignals::resetInChild();
            ::execl("/bin/sh", "sh", "-c", script, nullptr);
            ::_exit(127);
        }
        ::close(input[0]);
        ::close(output[1]);
        m_input = input[1];
        m_output = output[0];
    }
    ~Shell()
    {
        closeInput();
        ::close(m_output);
        if (m_pid > 0)
            (void)wait();
    }
    Shell(const Shell &) = delete;
    Shell &operator=(const Shell &) = delete;

    [[nodiscard]] pid_t pid() const { return m_pid; }
    void closeInput()
    {
        if (m_input >= 0)
            ::close(std::exchange(m_input, -1));
    }
    [[nodiscard]] QByteArray readLine() const
    {
        QByteArray line;
        char character = 0;
        while (::read(m_output, &character, 1) == 1 && character != '\n')
            line += character;
        return line;
    }
    /// Its wait status.
    int wait()
    {
        int status = 0;
        ::waitpid(std::exchange(m_pid, -1), &status, 0);
        return status;
    }

private:
    pid_t m_pid = -1;
    int m_input = -1;
    int m_output = -1;
};

QString nameOf(SignalIntent intent)
{
    switch (intent) {
    case SignalIntent::Stop:
        return u"stop"_s;
    case SignalIntent::Force:
        return u"force"_s;
    case SignalIntent::Reload:
        return u"reload"_s;
    case SignalIntent::Replace:
        return u"replace"_s;
    }
    return {};
}

} // namespace

class UnixSignalsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void signalAsksFor_data();
    void signalAsksFor();
    void namesTheSender_data();
    void namesTheSender();
    void namesAnotherProcess();
    void namesNobodyWhenTheKernelDoesNot();
    void aSenderThatIsGoneHasNoCommand();

    void aSecondSignalTooSoonIsIgnored_data();
    void aSecondSignalTooSoonIsIgnored();
    void forcesOnceTheTimeHasPassed();
    void judgesByArrivalAfterAHungEventLoop();
    void ordersTermAndIntByArrival();
    void signalsTooSoonAreIgnoredHoweverLateTheyAreRead();
    void aStopForgottenIsAFirstAgain();

    void aFloodOfOneSignalHidesNoOther();
    void aFloodHidesNoForce();
    void reloadsWaitingAreOne();

    void interruptsNoOtherSystemCall();
    void aBrokenPipeIsAnErrorAndNoDeath();
    void restoresWhatWasThere();
    void aSignalComingTooLateDoesNotKill();
    void aChildThatIsResetDiesAsAnyOther();
    void aChildThatIsNotResetInheritsTheMask();

private:
    /// Waits for that many intents, and then for the queue to be empty.
    bool waitFor(qsizetype intents);

    std::unique_ptr<UnixSignals> m_signals;
    QStringList m_intents; ///< "stop SIGTERM"
    QList<StopCause> m_causes;
};

void UnixSignalsTest::init()
{
    m_intents.clear();
    m_causes.clear();
    m_signals = std::make_unique<UnixSignals>();
    connect(m_signals.get(), &UnixSignals::received, this,
            [this](SignalIntent intent, const StopCause &cause) {
                m_intents << nameOf(intent) + u' ' + cause.signal;
                m_causes << cause;
            });
}

void UnixSignalsTest::cleanup()
{
    m_signals.reset();
}

bool UnixSignalsTest::waitFor(qsizetype intents)
{
    const bool hasCome = QTest::qWaitFor([&] { return m_intents.size() >= intents; });
    QCoreApplication::processEvents();
    return hasCome;
}

void UnixSignalsTest::signalAsksFor_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("expected");
    QTest::newRow("SIGTERM") << SIGTERM << u"stop SIGTERM"_s;
    QTest::newRow("SIGINT") << SIGINT << u"stop SIGINT"_s;
    QTest::newRow("SIGHUP") << SIGHUP << u"reload SIGHUP"_s;
    QTest::newRow("SIGUSR2") << SIGUSR2 << u"replace SIGUSR2"_s;
}

void UnixSignalsTest::signalAsksFor()
{
    QFETCH(int, number);
    QFETCH(QString, expected);
    ::kill(::getpid(), number);
    QVERIFY(waitFor(1));
    QCOMPARE(m_intents, QStringList{ expected });
    QCOMPARE(m_causes[0].kind, StopCause::Kind::Signal);
    QCOMPARE(m_causes[0].signalNumber, number);
}

void UnixSignalsTest::namesTheSender_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("kill") << u"kill"_s;
    QTest::newRow("sigqueue") << u"sigqueue"_s;
    QTest::newRow("tgkill to the thread that takes them") << u"tgkill"_s;
}

void UnixSignalsTest::namesTheSender()
{
    QFETCH(QString, way);
    if (way == u"kill"_s)
        ::kill(::getpid(), SIGTERM);
    else if (way == u"sigqueue"_s)
        ::sigqueue(::getpid(), SIGTERM, sigval{ .sival_int = 7 });
    else
        QTRY_COMPARE(::syscall(SYS_tgkill, ::getpid(), signalThread(), SIGTERM), 0);
    QVERIFY(waitFor(1));
    QCOMPARE(m_intents, QStringList{ u"stop SIGTERM"_s });
    QCOMPARE(m_causes[0].senderPid.value_or(-1), ::getpid());
    QCOMPARE(m_causes[0].senderUid.value_or(-1), ::getuid());
    QCOMPARE(m_causes[0].senderCommand, commandOf(::getpid()));
}

void UnixSignalsTest::namesAnotherProcess()
{
    const Shell shell("kill -TERM $PPID; read end", Reset::Yes); // kill is the shell's own
    QVERIFY(waitFor(1));
    QCOMPARE(m_intents, QStringList{ u"stop SIGTERM"_s });
    QCOMPARE(m_causes[0].senderPid.value_or(-1), shell.pid());
    QVERIFY(shell.pid() != ::getpid());
    QCOMPARE(m_causes[0].senderUid.value_or(-1), ::getuid());
    QCOMPARE(m_causes[0].senderCommand, u"sh"_s);
}

void UnixSignalsTest::namesNobodyWhenTheKernelDoesNot()
{
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGTERM;
    timer_t timer{};
    QCOMPARE(::timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    const itimerspec soon{ .it_interval = {}, .it_value = { .tv_sec = 0, .tv_nsec = 1 } };
    QCOMPARE(::timer_settime(timer, 0, &soon, nullptr), 0);
    QVERIFY(waitFor(1));
    ::timer_delete(timer);
    QCOMPARE(m_intents, QStringList{ u"stop SIGTERM"_s });
    QVERIFY(!m_causes[0].senderPid);
    QVERIFY(!m_causes[0].senderUid);
    QCOMPARE(m_causes[0].senderCommand, QString());
}

void UnixSignalsTest::aSenderThatIsGoneHasNoCommand()
{
    Shell shell("kill -INT $PPID", Reset::Yes);
    const pid_t pid = shell.pid();
    (void)shell.wait(); // the event loop does not turn meanwhile
    QVERIFY(waitFor(1));
    QCOMPARE(m_intents, QStringList{ u"stop SIGINT"_s });
    QCOMPARE(m_causes[0].senderPid.value_or(-1), pid);
    QCOMPARE(m_causes[0].senderCommand, QString());
}

void UnixSignalsTest::aSecondSignalTooSoonIsIgnored_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    QTest::newRow("SIGTERM twice") << SIGTERM << SIGTERM;
    QTest::newRow("SIGINT twice") << SIGINT << SIGINT;
    QTest::newRow("SIGTERM, SIGINT") << SIGTERM << SIGINT;
    QTest::newRow("SIGINT, SIGTERM") << SIGINT << SIGTERM;
}

void UnixSignalsTest::aSecondSignalTooSoonIsIgnored()
{
    QFETCH(int, first);
    QFETCH(int, second);
    Stopwatch timer;
    do { // again when the machine was so busy that the second came late after all
        m_signals->forgetStop();
        m_intents.clear();
        timer.start();
        send(first);
        QVERIFY(waitFor(1));
        send(second);
        send(SIGHUP); // when this has come, so has the second
        QVERIFY(waitFor(2));
    } while (timer.elapsed() >= UnixSignals::kForceAfter);
    QCOMPARE(m_intents.filter(u"stop"_s).size(), 1);
    QCOMPARE(m_intents.filter(u"force"_s).size(), 0);
}

void UnixSignalsTest::forcesOnceTheTimeHasPassed()
{
    Stopwatch timer;
    timer.start();
    send(SIGTERM);
    QVERIFY(waitFor(1));
    while (m_intents.size() < 2 && timer.elapsed() < 30s) {
        send(SIGINT);
        QCoreApplication::processEvents();
    }
    QVERIFY(timer.elapsed() >= UnixSignals::kForceAfter);
    QCOMPARE(m_intents, (QStringList{ u"stop SIGTERM"_s, u"force SIGINT"_s }));
    QCOMPARE(m_causes[1].senderPid.value_or(-1), ::getpid());
}

void UnixSignalsTest::judgesByArrivalAfterAHungEventLoop()
{
    Stopwatch timer;
    send(SIGTERM);
    timer.start();
    hangUntil(timer, UnixSignals::kForceAfter * 2);
    send(SIGTERM);
    QCOMPARE(m_intents.size(), 0);
    QVERIFY(waitFor(2));
    QCOMPARE(m_intents, (QStringList{ u"stop SIGTERM"_s, u"force SIGTERM"_s }));
}

void UnixSignalsTest::ordersTermAndIntByArrival()
{
    Stopwatch timer;
    send(SIGINT);
    timer.start();
    hangUntil(timer, UnixSignals::kForceAfter * 2);
    send(SIGTERM); // its socket is looked at first
    QVERIFY(waitFor(2));
    QCOMPARE(m_intents, (QStringList{ u"stop SIGINT"_s, u"force SIGTERM"_s }));
}

void UnixSignalsTest::signalsTooSoonAreIgnoredHoweverLateTheyAreRead()
{
    Stopwatch timer;
    std::chrono::nanoseconds sending{};
    do {
        m_signals->forgetStop();
        m_intents.clear();
        timer.start();
        send(SIGTERM);
        send(SIGTERM);
        sending = timer.elapsed();
        hangUntil(timer, UnixSignals::kForceAfter * 2);
        QVERIFY(waitFor(1));
    } while (sending >= UnixSignals::kForceAfter / 2);
    QCOMPARE(m_intents, QStringList{ u"stop SIGTERM"_s });
}

void UnixSignalsTest::aStopForgottenIsAFirstAgain()
{
    Stopwatch timer;
    send(SIGTERM);
    timer.start();
    QVERIFY(waitFor(1));
    m_signals->forgetStop();
    hangUntil(timer, UnixSignals::kForceAfter * 2);
    send(SIGTERM);
    QVERIFY(waitFor(2));
    QCOMPARE(m_intents, (QStringList{ u"stop SIGTERM"_s, u"stop SIGTERM"_s }));
}

void UnixSignalsTest::aFloodOfOneSignalHidesNoOther()
{
    for (int i = 0; i < 10'000; ++i) { // the event loop hangs meanwhile: the socket fills
        send(SIGHUP);
        if (i == 5'000)
            send(SIGTERM);
    }
    QVERIFY(waitFor(2));
    QCOMPARE(m_intents.filter(u"stop SIGTERM"_s).size(), 1);
    const qsizetype reloads = m_intents.filter(u"reload"_s).size();
    QVERIFY(reloads == 1 || reloads == 2); // the last may come while the others are read
    QCOMPARE(m_intents.filter(u"force"_s).size(), 0);
}

void UnixSignalsTest::aFloodHidesNoForce()
{
    Stopwatch timer;
    send(SIGTERM);
    timer.start();
    for (int i = 0; i < 1'000; ++i) // more than the socket holds
        send(SIGTERM);
    hangUntil(timer, UnixSignals::kForceAfter * 2);
    send(SIGTERM);
    QVERIFY(waitFor(2));
    QCOMPARE(m_intents, (QStringList{ u"stop SIGTERM"_s, u"force SIGTERM"_s }));
}

void UnixSignalsTest::reloadsWaitingAreOne()
{
    for (int i = 0; i < 5; ++i)
        send(SIGHUP);
    send(SIGTERM); // one thread takes them in turn: when it has this one, the others are in
    QVERIFY(waitFor(2));
    QCOMPARE(m_intents.filter(u"reload SIGHUP"_s).size(), 1);
    send(SIGHUP);
    QVERIFY(waitFor(3));
    QCOMPARE(m_intents.filter(u"reload SIGHUP"_s).size(), 2);
}

void UnixSignalsTest::interruptsNoOtherSystemCall()
{
    std::atomic<bool> isOver = false;
    std::atomic<int> sent = 0;
    std::thread sender([&] {
        while (!isOver) {
            ::kill(::getpid(), SIGHUP);
            ++sent;
        }
    });
    const int ready = ::poll(nullptr, 0, 100); // poll() is not restarted after a signal
    isOver = true;
    sender.join();
    QCOMPARE(ready, 0);
    QVERIFY(sent > 0);
    QVERIFY(waitFor(1));
}

void UnixSignalsTest::aBrokenPipeIsAnErrorAndNoDeath()
{
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    ::close(ends[0]);
    QCOMPARE(::write(ends[1], "x", 1), ssize_t(-1));
    QCOMPARE(errno, EPIPE);
    ::close(ends[1]);
    QCOMPARE(m_intents.size(), 0);
}

void UnixSignalsTest::restoresWhatWasThere()
{
    m_signals.reset();
    QList<int> watched(kCaught.begin(), kCaught.end());
    watched << SIGPIPE << SIGXFSZ;
    const auto handlers = [&] {
        QList<void *> found;
        for (const int number : watched) {
            struct sigaction action
            { };
            ::sigaction(number, nullptr, &action);
            found << reinterpret_cast<void *>(action.sa_handler);
        }
        return found;
    };
    const auto mask = [&] {
        sigset_t blocked;
        ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
        QList<bool> found;
        for (const int number : watched)
            found << (sigismember(&blocked, number) == 1);
        return found;
    };
    const sigset_t caught = setOfCaught();
    ::pthread_sigmask(SIG_UNBLOCK, &caught, nullptr);
    const QList<void *> handlersBefore = handlers();
    m_signals = std::make_unique<UnixSignals>();
    QVERIFY(handlers() != handlersBefore);
    QCOMPARE(mask(), (QList<bool>{ true, true, true, true, false, false }));
    m_signals.reset();
    QCOMPARE(handlers(), handlersBefore);
    QCOMPARE(mask(), (QList<bool>{ false, false, false, false, false, false }));
    ::pthread_sigmask(SIG_BLOCK, &caught, nullptr);
}

void UnixSignalsTest::aSignalComingTooLateDoesNotKill()
{
    m_signals.reset();
    for (const int number : kCaught)
        ::signal(number, SIG_DFL);
    const sigset_t caught = setOfCaught();
    for (int i = 0; i < 50; ++i) {
        ::pthread_sigmask(SIG_UNBLOCK, &caught, nullptr);
        m_signals = std::make_unique<UnixSignals>();
        ::raise(SIGTERM); // stays with this thread
        ::kill(::getpid(), SIGINT); // taken by the other, or not yet
        m_signals.reset();
        QVERIFY(!isPending(SIGTERM));
        QVERIFY(!isPending(SIGINT));
    }
    ::pthread_sigmask(SIG_BLOCK, &caught, nullptr);
}

void UnixSignalsTest::aChildThatIsResetDiesAsAnyOther()
{
    Shell shell("echo ready; read end", Reset::Yes);
    QCOMPARE(shell.readLine(), QByteArray("ready"));
    ::kill(shell.pid(), SIGTERM);
    int status = shell.wait();
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(WTERMSIG(status), SIGTERM);

    Shell other("kill -PIPE $$", Reset::Yes);
    status = other.wait();
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(WTERMSIG(status), SIGPIPE);
    QCOMPARE(m_intents.size(), 0);
}

void UnixSignalsTest::aChildThatIsNotResetInheritsTheMask()
{
    Shell shell("kill -TERM $$; kill -PIPE $$; echo still here", Reset::No);
    QCOMPARE(shell.readLine(), QByteArray("still here"));
    const int status = shell.wait();
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
    QCOMPARE(m_intents.size(), 0);
}

/// Qt Test starts a thread of its own before the first test; it is to have the signals blocked, as
/// every thread has in a program that makes its UnixSignals first.
int main(int argc, char **argv)
{
    const sigset_t caught = setOfCaught();
    ::pthread_sigmask(SIG_BLOCK, &caught, nullptr);
    const QCoreApplication application(argc, argv);
    UnixSignalsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_unixsignals.moc"
