// SPDX-License-Identifier: GPL-3.0-only
// Logging as the process's message handler: levels, formats, observers, drops, threads, the end.
#include "service/host/logging/logging.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryFile>
#include <QTest>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using quiesce::FileDescriptor;
using quiesce::Logging;
using quiesce::LogLine;
using quiesce::LogRecord;
using quiesce::LogSettings;
using Level = LogSettings::Level;
using Format = LogSettings::Format;

Q_LOGGING_CATEGORY(lcOurs, "quiesce.test")
Q_LOGGING_CATEGORY(lcForeign, "other.test")

namespace {

/// A log in a file, so that nothing is ever dropped.
class FileLog final
{
public:
    explicit FileLog(const LogSettings &settings, const QProcessEnvironment &environment = {})
    {
        if (!m_file.open())
            qFatal("no temporary file");
        m_logging.emplace(settings, environment, m_file.handle());
    }
    Logging *operator->() { return &*m_logging; }
    [[nodiscard]] QByteArray text()
    {
        m_file.seek(0);
        return m_file.readAll();
    }
    [[nodiscard]] QList<QByteArray> lines()
    {
        QList<QByteArray> lines = text().split('\n');
        lines.removeLast(); // behind the last newline is nothing
        return lines;
    }
    void close() { m_logging.reset(); }

private:
    QTemporaryFile m_file;
    std::optional<Logging> m_logging;
};

void logAtEachLevel(const QLoggingCategory &category)
{
    qCDebug(category) << "debug";
    qCInfo(category) << "info";
    qCWarning(category) << "warning";
    qCCritical(category) << "error";
}

QByteArray lastHandled;
void rememberMessage(QtMsgType, const QMessageLogContext &, const QString &text)
{
    lastHandled = text.toUtf8();
}

int dieOfAFatalMessage()
{
    const rlimit noCore{};
    ::setrlimit(RLIMIT_CORE, &noCore);
    const Logging logging({ Format::Text, Level::Error }, {}, STDERR_FILENO);
    qFatal("the end of it");
}

} // namespace

class LoggingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheFormatAskedFor();
    void writesJsonWhereThereIsNoTerminal();
    void writesTextOnATerminal_data();
    void writesTextOnATerminal();
    void passesOnlyWhatIsImportantEnough_data();
    void passesOnlyWhatIsImportantEnough();
    void changesItsLevelWhileRunning();
    void showsEachRecordToItsObservers();
    void doesNotObserveWhatAnObserverLogs();
    void countsDroppedLinesAndSaysSoOnce();
    void keepsLinesWholeFromManyThreads();
    void putsTheEarlierHandlerBack();
    void stillAbortsOnAFatalMessage();
};

void LoggingTest::writesTheFormatAskedFor()
{
    for (const Format format : { Format::Text, Format::Json }) {
        FileLog log({ format, Level::Info });
        qCInfo(lcOurs).noquote() << LogLine("listening").with("port", 80).toString();
        log.close();
        const QList<QByteArray> lines = log.lines();
        QCOMPARE(lines.size(), 1);
        if (format == Format::Text) {
            QVERIFY2(lines[0].endsWith("Z info quiesce.test listening port=80"), lines[0]);
            continue;
        }
        const QJsonObject object = QJsonDocument::fromJson(lines[0]).object();
        QCOMPARE(object.value(u"message"_s), QJsonValue(u"listening"_s));
        QCOMPARE(object.value(u"fields"_s).toObject().value(u"port"_s), QJsonValue(80));
    }
}

void LoggingTest::writesJsonWhereThereIsNoTerminal()
{
    FileLog log({ Format::Auto, Level::Info });
    qCInfo(lcOurs) << "event";
    log.close();
    QVERIFY(log.text().startsWith('{'));
}

void LoggingTest::writesTextOnATerminal_data()
{
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("isColoured");
    QTest::newRow("colour") << u"TERM"_s << u"xterm"_s << true;
    QTest::newRow("NO_COLOR") << u"NO_COLOR"_s << u"1"_s << false;
    QTest::newRow("empty NO_COLOR") << u"NO_COLOR"_s << u""_s << true;
    QTest::newRow("dumb terminal") << u"TERM"_s << u"dumb"_s << false;
}

void LoggingTest::writesTextOnATerminal()
{
    QFETCH(const QString, variable);
    QFETCH(const QString, value);
    QFETCH(const bool, isColoured);
    const FileDescriptor reader(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!reader.isOpen() || ::grantpt(reader.get()) != 0 || ::unlockpt(reader.get()) != 0)
        QSKIP("no pseudo terminal here");
    const FileDescriptor terminal(::open(::ptsname(reader.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    QVERIFY(terminal.isOpen());
    QProcessEnvironment environment;
    environment.insert(variable, value);
    {
        const Logging logging({ Format::Auto, Level::Info }, environment, terminal.get());
        qCInfo(lcOurs) << "event";
    }
    std::array<char, 256> buffer{};
    const ssize_t count = ::read(reader.get(), buffer.data(), buffer.size());
    const QByteArray text(buffer.data(), std::max<ssize_t>(count, 0));
    QVERIFY2(text.contains("quiesce.test event"), text);
    QCOMPARE(text.contains("\x1b[32minfo\x1b[0m"), isColoured);
}

void LoggingTest::passesOnlyWhatIsImportantEnough_data()
{
    QTest::addColumn<Level>("level");
    QTest::addColumn<int>("ours");
    QTest::addColumn<int>("foreign");
    QTest::newRow("debug") << Level::Debug << 4 << 3;
    QTest::newRow("info") << Level::Info << 3 << 3;
    QTest::newRow("warning") << Level::Warning << 2 << 2;
    QTest::newRow("error") << Level::Error << 1 << 1;
}

void LoggingTest::passesOnlyWhatIsImportantEnough()
{
    QFETCH(const Level, level);
    FileLog log({ Format::Json, level });
    logAtEachLevel(lcOurs());
    QTEST(int(log.lines().size()), "ours");
    const qsizetype before = log.lines().size();
    logAtEachLevel(lcForeign());
    log.close();
    QTEST(int(log.lines().size() - before), "foreign");
}

void LoggingTest::changesItsLevelWhileRunning()
{
    FileLog log({ Format::Json, Level::Error });
    qCInfo(lcOurs) << "not shown";
    log->setLevel(Level::Debug);
    qCDebug(lcOurs) << "shown";
    log->setLevel(Level::Warning);
    qCInfo(lcOurs) << "not shown";
    log.close();
    QCOMPARE(log.lines().size(), 1);
    QVERIFY(log.text().contains("\"message\":\"shown\""));
}

void LoggingTest::showsEachRecordToItsObservers()
{
    FileLog log({ Format::Text, Level::Info });
    QStringList first;
    QStringList second;
    const int id = log->addObserver([&](const LogRecord &record) {
        first +=
            record.category + u' ' + record.message + u' ' + QString::number(record.fields.size());
    });
    (void)log->addObserver([&](const LogRecord &record) { second += record.message; });
    qCInfo(lcOurs).noquote() << LogLine("one").with("a", 1).toString();
    log->removeObserver(id);
    qCWarning(lcForeign) << "two";
    qCDebug(lcOurs) << "filtered";
    log.close();
    QCOMPARE(first, QStringList{ u"quiesce.test one 1"_s });
    QCOMPARE(second, (QStringList{ u"one"_s, u"two"_s }));
}

void LoggingTest::doesNotObserveWhatAnObserverLogs()
{
    FileLog log({ Format::Text, Level::Error });
    int seen = 0;
    (void)log->addObserver([&](const LogRecord &) {
        ++seen;
        qCInfo(lcOurs) << "filtered";
    });
    qCCritical(lcOurs) << "one";
    log.close();
    QCOMPARE(seen, 1);
    QCOMPARE(log.lines().size(), 1);
}

void LoggingTest::countsDroppedLinesAndSaysSoOnce()
{
    std::array<int, 2> ends{};
    QCOMPARE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    const FileDescriptor reader(ends[0]);
    const FileDescriptor writer(ends[1]);
    const auto readLines = [&] {
        QByteArray all;
        std::array<char, 65'536> buffer{};
        for (ssize_t count = 0; (count = ::read(reader.get(), buffer.data(), buffer.size())) > 0;)
            all.append(buffer.data(), count);
        QList<QByteArray> lines = all.split('\n');
        lines.removeLast();
        return lines;
    };
    int observed = 0;
    constexpr int kLogged = 5'000;
    Logging logging({ Format::Text, Level::Info }, {}, writer.get());
    (void)logging.addObserver([&](const LogRecord &) { ++observed; });
    for (int i = 0; i < kLogged; ++i)
        qCInfo(lcOurs) << "event";
    QCOMPARE(observed, kLogged);
    const qsizetype kept = readLines().size();
    QVERIFY(kept > 0 && kept < kLogged);

    qCInfo(lcOurs) << "after";
    qCInfo(lcOurs) << "later";
    const QList<QByteArray> lines = readLines();
    // The line that was taken in part is completed first.
    const qsizetype begin = lines.size() == 4 ? 1 : 0;
    QCOMPARE(lines.size() - begin, 3);
    const QByteArray note =
        "warning quiesce.log log lines dropped count=" + QByteArray::number(kLogged - kept - begin);
    QVERIFY2(lines[begin].endsWith(note), lines[begin]);
    QVERIFY(lines[begin + 1].endsWith("after"));
    QVERIFY(lines[begin + 2].endsWith("later"));
}

void LoggingTest::keepsLinesWholeFromManyThreads()
{
    constexpr int kThreads = 4;
    constexpr int kEach = 200;
    FileLog log({ Format::Json, Level::Info });
    std::atomic<int> observed = 0;
    (void)log->addObserver([&](const LogRecord &) { ++observed; });
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([] {
            for (int n = 0; n < kEach; ++n)
                qCInfo(lcOurs).noquote() << LogLine("event").with("n", n).toString();
        });
    }
    for (int i = 0; i < 20; ++i)
        log->setLevel(i % 2 == 0 ? Level::Info : Level::Debug);
    threads.clear();
    log.close();
    const QList<QByteArray> lines = log.lines();
    QCOMPARE(lines.size(), kThreads * kEach);
    QCOMPARE(observed.load(), kThreads * kEach);
    for (const QByteArray &line : lines)
        QVERIFY2(QJsonDocument::fromJson(line).isObject(), line);
}

void LoggingTest::putsTheEarlierHandlerBack()
{
    const QtMessageHandler before = qInstallMessageHandler(rememberMessage);
    {
        FileLog log({ Format::Text, Level::Error });
        qCCritical(lcOurs) << "logged";
        QCOMPARE(lastHandled, QByteArray());
    }
    qCInfo(lcOurs) << "handled";
    qInstallMessageHandler(before);
    QCOMPARE(lastHandled, QByteArray("handled"));
}

void LoggingTest::stillAbortsOnAFatalMessage()
{
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(), { u"--die"_s });
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    QCOMPARE(process.exitCode(), SIGABRT);
    const QByteArray text = process.readAllStandardError();
    QVERIFY2(text.contains(" error default the end of it\n"), text);
}

int main(int argc, char *argv[])
{
    if (argc == 2 && qstrcmp(argv[1], "--die") == 0)
        return dieOfAFatalMessage();
    const QCoreApplication app(argc, argv);
    LoggingTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_logging.moc"
