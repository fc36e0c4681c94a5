// SPDX-License-Identifier: GPL-3.0-only
// Configured commands with real programs: arguments, environment, limits, output, outcomes.
#include "service/jobs/kinds/commandkind.h"
#include "tests/jobs/kinds/jobstage.h"
#include "tests/jobs/kinds/markedprocesses.h"

#include <QTemporaryDir>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::CommandField;
using quiesce::commandKind;
using quiesce::CommandSettings;
using quiesce::test::JobStage;

namespace {

/// A small script stands for a program that misbehaves. Its braces are doubled by the caller.
CommandSettings script(const QString &text)
{
    CommandSettings command;
    command.name = u"script"_s;
    command.program = u"/bin/sh"_s;
    command.arguments = { { u"-c"_s }, { text } };
    command.environment = { { u"PATH"_s, u"/usr/bin:/bin"_s } };
    return command;
}

CommandSettings program(const QString &path, const QStringList &arguments)
{
    CommandSettings command = script({});
    command.program = path;
    command.arguments.clear();
    for (const QString &argument : arguments)
        command.arguments.append(QStringList{ argument });
    return command;
}

JobStage stageOf(const CommandSettings &command, const QJsonObject &payload = {},
                 const std::optional<QJsonObject> &checkpoint = {})
{
    QProcessEnvironment environment;
    environment.insert(u"SECRET"_s, u"token"_s);
    environment.insert(u"LANG"_s, u"C.UTF-8"_s);
    return { commandKind(command, environment), payload, checkpoint };
}

} // namespace

class CommandKindTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesItsBoundsFromTheSettings();
    void tellsWhatItCost();
    void failsAsTheProgramDoes_data();
    void failsAsTheProgramDoes();
    void saysWhyAProgramCannotRun_data();
    void saysWhyAProgramCannotRun();
    void passesHostileTextAsOneArgument();
    void judgesPayloadsBeforeTheyAreKept();
    void refusesPathsThatLeadOut();
    void givesOnlyTheEnvironmentItWasAllowed();
    void startsWithCleanSignalsAndDescriptors();
    void setsEveryLimit();
    void endsWhatExceedsALimit_data();
    void endsWhatExceedsALimit();
    void endsAProgramThatWritesTooMuch();
    void readsBothStreamsToTheirEnds();
    void waitsForAProgramThatHasClosedItsOutput();
    void readsProgress();
    void resumesFromWhatTheProgramSaid();
    void endsTogetherWithItsLastCheckpoint();
    void startsAnewWithoutAResumePattern();
    void isToldAtTheNoticeWhenItAsksForThat();
    void goesOnAfterTheNoticeOtherwise();
};

void CommandKindTest::takesItsBoundsFromTheSettings()
{
    CommandSettings command = script({});
    command.maxRunning = 2;
    command.maxAttempts = 5;
    command.timeout = 3h;
    const quiesce::JobKind kind = commandKind(command, {});
    QCOMPARE(kind.name, u"script"_s);
    QCOMPARE(kind.maxRunning, 2);
    QCOMPARE(kind.maxAttempts, 5);
    QCOMPARE(kind.timeout, 3h);
}

void CommandKindTest::tellsWhatItCost()
{
    JobStage stage = stageOf(script(u"echo out; echo err >&2"_s));
    QVERIFY(stage.finish());
    QVERIFY2(stage.isSuccess(), qPrintable(stage.error()));
    QCOMPARE(stage.result()["exitCode"_L1].toInt(), 0);
    QCOMPARE(stage.result()["outputBytes"_L1].toInt(), 8);
    QVERIFY(stage.result()["cpuMs"_L1].isDouble());
    QVERIFY(stage.result()["peakMemoryBytes"_L1].toInteger() > 100'000);
    QVERIFY(stage.attempt->output().contains("out\n"));
    QVERIFY(stage.attempt->output().contains("err\n"));
    QCOMPARE(quiesce::test::supervisorsOf(::getpid()), QList<pid_t>());
}

void CommandKindTest::failsAsTheProgramDoes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    QTest::newRow("code") << u"exit 3"_s << u"it exited with 3"_s;
    QTest::newRow("last line") << u"echo a >&2; echo b >&2; echo c; exit 3"_s
                               << u"it exited with 3: b"_s;
    QTest::newRow("open line") << u"printf 'a\\nb' >&2; exit 3"_s << u"it exited with 3: b"_s;
    QTest::newRow("line that does not print")
        << u"printf 'a\\033[2Jb\\n' >&2; exit 1"_s << u"it exited with 1: a\\u001b[2Jb"_s;
    QTest::newRow("final") << u"exit 64"_s << u"final: it exited with 64"_s;
    QTest::newRow("signal") << u"kill -ABRT $$"_s << u"it was killed by SIGABRT"_s;
    QTest::newRow("SIGKILL") << u"kill -9 $$"_s << u"it was killed by SIGKILL"_s;
}

void CommandKindTest::failsAsTheProgramDoes()
{
    QFETCH(const QString, text);
    CommandSettings command = script(text);
    command.finalExitCodes = { 64, 65 };
    JobStage stage = stageOf(command);
    QVERIFY(stage.finish());
    QTEST(stage.error(), "error");
}

void CommandKindTest::saysWhyAProgramCannotRun_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("workingDir");
    QTest::addColumn<QString>("reason");
    QTest::newRow("missing") << u"/nowhere/program"_s << u"/"_s
                             << u"it cannot be executed: No such file or directory"_s;
    QTest::newRow("no permission")
        << u"/etc/passwd"_s << u"/"_s << u"it cannot be executed: Permission denied"_s;
    QTest::newRow("folder") << u"/etc"_s << u"/"_s << u"it cannot be executed: Permission denied"_s;
    QTest::newRow("folder missing")
        << u"/bin/true"_s << u"/nowhere"_s
        << u"its working folder cannot be entered: No such file or directory"_s;
}

void CommandKindTest::saysWhyAProgramCannotRun()
{
    QFETCH(const QString, path);
    QFETCH(const QString, workingDir);
    QFETCH(const QString, reason);
    CommandSettings command = program(path, {});
    command.workingDir = workingDir;
    JobStage stage = stageOf(command);
    QVERIFY(stage.finish());
    QCOMPARE(stage.error(), u"final: %1: %2"_s.arg(path, reason));
}

void CommandKindTest::passesHostileTextAsOneArgument()
{
    const QString hostile = u"$(touch /tmp/x); `id` 'a' \"b\" * ~ \\ | > & {x} ü 😀"_s;
    CommandSettings command =
        program(u"/usr/bin/printf"_s, { u"<%s>"_s, u"{text}"_s, u"-x={text}"_s });
    command.fields = { CommandField{ .name = u"text"_s } };
    JobStage stage = stageOf(command, { { u"text"_s, hostile } });
    QVERIFY(stage.finish());
    QCOMPARE(stage.attempt->output(), u"<%1><-x=%1>"_s.arg(hostile).toUtf8());
}

void CommandKindTest::judgesPayloadsBeforeTheyAreKept()
{
    CommandSettings command = program(u"/usr/bin/printf"_s, { u"%s"_s, u"{text}"_s });
    command.fields = { CommandField{ .name = u"text"_s } };
    const auto check = [&](const QJsonValue &text) {
        return commandKind(command, {}).check({ { u"text"_s, text } });
    };
    QCOMPARE(check(u"fine"_s), QString());
    QCOMPARE(check(u"--help"_s), u"text: it must not begin with \"-\""_s);
    QCOMPARE(check(u"-"_s), u"text: it must not begin with \"-\""_s);
    QCOMPARE(check(u"a\nb"_s), u"text: it holds a control character"_s);
    QCOMPARE(check(u"a\0b"_s), u"text: it holds a control character"_s);
    QCOMPARE(check(QString(1'025, u'a')), u"text: it is longer than 1024"_s);
    QCOMPARE(check(7), u"text: expected a string, found 7"_s);
    command.fields[0].mayBeOption = true;
    QCOMPARE(check(u"--help"_s), QString());
}

void CommandKindTest::refusesPathsThatLeadOut()
{
    const QTemporaryDir folder;
    const QString root = QFileInfo(folder.path()).canonicalFilePath();
    QCOMPARE(::symlink("/etc/passwd", qPrintable(root + "/link"_L1)), 0);
    CommandSettings command = program(u"/bin/cat"_s, { u"{path}"_s });
    command.fields = { CommandField{
        .name = u"path"_s, .type = CommandField::Type::Path, .roots = { root } } };
    JobStage stage = stageOf(command, { { u"path"_s, root + "/link"_L1 } });
    QVERIFY(stage.finish());
    QCOMPARE(stage.error(),
             u"final: path: \"%1/link\": it leads out of the folder that is allowed"_s.arg(root));
    JobStage outside = stageOf(command, { { u"path"_s, u"/etc/passwd"_s } });
    QVERIFY(outside.finish());
    QCOMPARE(outside.error(), u"final: path: it is not below a folder that is allowed"_s);
    QCOMPARE(outside.attempt->output(), QByteArray());
}

void CommandKindTest::givesOnlyTheEnvironmentItWasAllowed()
{
    CommandSettings command = program(u"/usr/bin/env"_s, {});
    command.inheritEnvironment = { u"LANG"_s, u"NOT_THERE"_s };
    command.environment = { { u"FIXED"_s, u"1 2=3"_s } };
    JobStage stage = stageOf(command);
    QVERIFY(stage.finish());
    QByteArrayList lines = stage.attempt->output().trimmed().split('\n');
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, (QByteArrayList{ "FIXED=1 2=3", "LANG=C.UTF-8" }));
}

void CommandKindTest::startsWithCleanSignalsAndDescriptors()
{
    sigset_t blocked; // as in a service, whose threads block them
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    const int open = ::open("/dev/null", O_RDONLY); // without O_CLOEXEC, as a careless library does
    JobStage stage = stageOf(
        script(u"grep -E '^(Sig(Blk|Ign)|NoNewPrivs)' /proc/self/status; ls /proc/$$/fd; cat"_s));
    QVERIFY(stage.finish());
    ::close(open);
    ::signal(SIGPIPE, SIG_DFL);
    ::pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
    QCOMPARE(stage.attempt->output(),
             QByteArray("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nNoNewPrivs:\t1\n"
                        "0\n1\n2\n"));
}

void CommandKindTest::setsEveryLimit()
{
    CommandSettings command =
        script(u"ulimit -v; ulimit -t; ulimit -Ht; ulimit -f; ulimit -c; ulimit -n; pwd"_s);
    command.memory = qint64{ 512 } * 1'024 * 1'024;
    command.cpu = 1'500ms;
    command.maxFileBytes = qint64{ 1'024 } * 1'024;
    command.workingDir = u"/usr"_s;
    JobStage stage = stageOf(command);
    QVERIFY(stage.finish());
    // In KiB, s, s, blocks of 512 bytes, blocks, and a number.
    QCOMPARE(stage.attempt->output(), QByteArray("524288\n2\n4\n2048\n0\n1024\n/usr\n"));
}

void CommandKindTest::endsWhatExceedsALimit_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    QTest::newRow("memory") << u"exec tail /dev/zero"_s
                            << u"it exited with 1: tail: memory exhausted"_s;
    QTest::newRow("CPU time") << u"while :; do :; done"_s
                              << u"it used more than 1s of CPU time (SIGXCPU)"_s;
    QTest::newRow("file") << u"exec head -c 99999 /dev/zero >file"_s
                          << u"it wrote a file of more than 8KiB (SIGXFSZ)"_s;
}

void CommandKindTest::endsWhatExceedsALimit()
{
    QFETCH(const QString, text);
    const QTemporaryDir folder;
    CommandSettings command = script(text);
    command.workingDir = folder.path();
    command.memory = qint64{ 64 } * 1'024 * 1'024;
    command.cpu = 1s;
    command.maxFileBytes = 8'192;
    JobStage stage = stageOf(command);
    QVERIFY(stage.finish());
    QTEST(stage.error(), "error");
}

void CommandKindTest::endsAProgramThatWritesTooMuch()
{
    CommandSettings command = program(u"/usr/bin/yes"_s, {});
    command.maxOutputBytes = qint64{ 1'024 } * 1'024;
    JobStage stage = stageOf(command);
    QVERIFY(stage.finish());
    QCOMPARE(stage.error(), u"final: it wrote more than the 1MiB of output that it may"_s);
    QVERIFY(stage.attempt->output().size() > 1'024 * 1'024);
    QVERIFY(stage.attempt->output().size() <= 1'024 * 1'024 + 64 * 1'024);
}

void CommandKindTest::readsBothStreamsToTheirEnds()
{
    JobStage stage =
        stageOf(script(u"head -c 300000 /dev/zero & head -c 300000 /dev/zero >&2; wait"_s));
    QVERIFY(stage.finish());
    QVERIFY2(stage.isSuccess(), qPrintable(stage.error()));
    QCOMPARE(stage.attempt->output().size(), 600'000);
}

void CommandKindTest::waitsForAProgramThatHasClosedItsOutput()
{
    const QTemporaryDir folder;
    const QByteArray fifo = QFile::encodeName(folder.filePath(u"fifo"_s));
    QCOMPARE(::mkfifo(fifo.constData(), 0600), 0);
    CommandSettings command = script(u"echo ready; exec >&- 2>&-; read x <fifo; exit 7"_s);
    command.workingDir = folder.path();
    JobStage stage = stageOf(command);
    stage.begin();
    QVERIFY(stage.hasWritten("ready"));
    int end = -1;
    QTRY_VERIFY((end = ::open(fifo.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)) >= 0);
    QVERIFY(!stage.future.isFinished());
    QCOMPARE(::write(end, "\n", 1), 1);
    QVERIFY(stage.hasEnded());
    ::close(end);
    QCOMPARE(stage.error(), u"it exited with 7"_s);
}

void CommandKindTest::readsProgress()
{
    CommandSettings command = script(u"echo t=1; echo total 00:01:40.00; echo t=25; "
                                     "printf 't=50\\rt=x\\rt=200\\r'"_s);
    command.progress = { .pattern = u"^t=(\\d+)$"_s,
                         .scale = 1,
                         .totalPattern = u"^total (\\d+):(\\d+):([\\d.]+)"_s };
    JobStage stage = stageOf(command);
    QVERIFY(stage.finish());
    QCOMPARE(stage.attempt->progress(), (QList<double>{ 0.25, 0.5, 1 }));
}

void CommandKindTest::resumesFromWhatTheProgramSaid()
{
    CommandSettings command = script(u"echo \"$#:$*\"; echo at 17; echo at 18; exit 1"_s);
    command.arguments.append(QStringList{ u"name"_s });
    command.arguments.append(QStringList{ u"--from"_s, u"{resume}"_s });
    command.resumePattern = u"^at (\\d+)$"_s;
    JobStage first = stageOf(command);
    QVERIFY(first.finish());
    QVERIFY(first.attempt->output().startsWith("0:\n"));
    QCOMPARE(first.attempt->kept().last(), (QJsonObject{ { u"resume"_s, u"18"_s } }));
    JobStage second = stageOf(command, {}, first.attempt->kept().last());
    QVERIFY(second.finish());
    QVERIFY(second.attempt->output().startsWith("2:--from 18\n"));
    // What the program itself has said may no more become an option than a client's text.
    JobStage hostile = stageOf(command, {}, QJsonObject{ { u"resume"_s, u"-rf"_s } });
    QVERIFY(hostile.finish());
    QCOMPARE(hostile.error(), u"final: resume: it must not begin with \"-\""_s);
}

void CommandKindTest::endsTogetherWithItsLastCheckpoint()
{
    CommandSettings command = script(u"echo at 1; echo at 2; echo at 3"_s);
    command.resumePattern = u"^at (\\d+)$"_s;
    JobStage stage = stageOf(command);
    stage.attempt->hold();
    stage.begin();
    QTRY_COMPARE(stage.attempt->kept().size(), 1);
    QTRY_COMPARE(quiesce::test::supervisorsOf(::getpid()), QList<pid_t>());
    QCoreApplication::processEvents();
    QVERIFY(!stage.future.isFinished());
    stage.attempt->release();
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.isSuccess());
    QCOMPARE(stage.attempt->kept().last(), (QJsonObject{ { u"resume"_s, u"3"_s } }));
}

void CommandKindTest::startsAnewWithoutAResumePattern()
{
    JobStage stage = stageOf(script(u"echo \"$#\""_s), {}, QJsonObject{ { u"resume"_s, u"18"_s } });
    QVERIFY(stage.finish());
    QCOMPARE(stage.attempt->output(), QByteArray("0\n"));
}

void CommandKindTest::isToldAtTheNoticeWhenItAsksForThat()
{
    CommandSettings command =
        script(u"trap 'echo told; exit 0' TERM; echo ready; while :; do :; done"_s);
    command.onStop = CommandSettings::OnStop::Terminate;
    JobStage stage = stageOf(command);
    stage.begin();
    QVERIFY(stage.hasWritten("ready"));
    stage.announceStop(1h);
    QVERIFY(stage.hasEnded());
    QVERIFY(stage.isInterrupted());
    QVERIFY2(stage.attempt->output().contains("told\n"), stage.attempt->output().constData());
}

void CommandKindTest::goesOnAfterTheNoticeOtherwise()
{
    JobStage stage = stageOf(script(u"echo ready"_s));
    stage.announceStop(1h);
    QVERIFY(stage.finish());
    QVERIFY(stage.isSuccess());
}

QTEST_GUILESS_MAIN(CommandKindTest)
#include "tst_commandkind.moc"
