// SPDX-License-Identifier: GPL-3.0-only
// The data directory: made private, held by one instance at a time, free again however that ends.
#include "service/host/datadir.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using quiesce::DataDir;

namespace {

/// A process of its own that holds a data directory until it is killed.
class Holder final
{
public:
    explicit Holder(const QString &path)
    {
        m_process.start(QCoreApplication::applicationFilePath(), { u"--hold"_s, path });
        m_isHolding = m_process.waitForReadyRead() && m_process.readAll() == "held\n";
    }
    ~Holder() { (void)kill(); }
    Holder(const Holder &) = delete;
    Holder &operator=(const Holder &) = delete;
    [[nodiscard]] bool isHolding() const { return m_isHolding; }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    [[nodiscard]] bool kill()
    {
        m_process.kill();
        return m_process.state() == QProcess::NotRunning || m_process.waitForFinished();
    }

private:
    QProcess m_process;
    bool m_isHolding = false;
};

int hold(const QString &path)
{
    const auto dataDir = DataDir::open(path);
    std::puts(dataDir ? "held" : qPrintable(dataDir.error()));
    std::fflush(stdout);
    ::pause();
    return 0;
}

int modeOf(const QString &path)
{
    struct stat info = {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? int(info.st_mode & 0777) : -1;
}

} // namespace

class DataDirTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sharesTheLockOfAPredecessor();
    void takesALockOfItsOwnForAnotherDirectory();
    void init();
    void makesEverythingThatIsMissingPrivate();
    void leavesTheModeOfADirectoryThatIsThere();
    void namesThePidOfTheInstanceThatHoldsIt();
    void isFreeAgainWhenItsHolderIsKilled();
    void isFreeAgainWhenItIsLetGo();
    void isHeldOnceWithinAProcess();
    void saysWhyItIsNotUsable_data();
    void saysWhyItIsNotUsable();
    void isNotUsableWhereNothingCanBeWritten();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void DataDirTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"a/b/data"_s);
}

void DataDirTest::makesEverythingThatIsMissingPrivate()
{
    const auto dataDir = DataDir::open(m_path);
    QVERIFY2(dataDir, dataDir ? "" : qPrintable(dataDir.error()));
    QCOMPARE(dataDir.value().path(), m_path);
    QCOMPARE(dataDir.value().reportsPath(), m_path + u"/reports"_s);
    for (const char *name : { "a", "a/b", "a/b/data", "a/b/data/reports" })
        QCOMPARE(modeOf(m_folder->filePath(QString::fromLatin1(name))), 0700);
    QCOMPARE(modeOf(m_path + u"/lock"_s), 0600);
    QCOMPARE(QDir(m_path).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
             (QStringList{ u"lock"_s, u"reports"_s }));
}

void DataDirTest::leavesTheModeOfADirectoryThatIsThere()
{
    QVERIFY(QDir().mkpath(m_path));
    QCOMPARE(::chmod(QFile::encodeName(m_path).constData(), 0750), 0);
    QVERIFY(DataDir::open(m_path));
    QCOMPARE(modeOf(m_path), 0750);
}

void DataDirTest::namesThePidOfTheInstanceThatHoldsIt()
{
    const Holder holder(m_path);
    QVERIFY(holder.isHolding());
    const auto dataDir = DataDir::open(m_path);
    QVERIFY(!dataDir);
    QCOMPARE(dataDir.error(),
             u"%1: is in use by another instance, pid %2"_s.arg(m_path).arg(holder.pid()));
}

void DataDirTest::isFreeAgainWhenItsHolderIsKilled()
{
    Holder holder(m_path);
    QVERIFY(holder.isHolding());
    QVERIFY(holder.kill());
    QVERIFY(DataDir::open(m_path));
}

void DataDirTest::isFreeAgainWhenItIsLetGo()
{
    for (int i = 0; i < 3; ++i)
        QVERIFY(DataDir::open(m_path));
}

void DataDirTest::isHeldOnceWithinAProcess()
{
    auto first = DataDir::open(m_path);
    QVERIFY(first);
    const DataDir kept = first.takeValue(); // moving it keeps the lock
    const auto second = DataDir::open(m_path);
    QVERIFY(!second);
    QCOMPARE(second.error(),
             u"%1: is in use by another instance, pid %2"_s.arg(m_path).arg(::getpid()));
}

void DataDirTest::saysWhyItIsNotUsable_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("error");
    QTest::newRow("a file") << u"file"_s << u"file: cannot be used: Not a directory"_s;
    QTest::newRow("below a file") << u"file/data"_s
                                  << u"file/data: cannot be made: Not a directory"_s;
    QTest::newRow("lock is a link") << u"linked"_s
                                    << u"linked/lock: cannot be opened: Too many levels of "
                                       "symbolic links"_s;
    QTest::newRow("reports is a file")
        << u"occupied"_s << u"occupied/reports: cannot be used: Not a directory"_s;
}

void DataDirTest::saysWhyItIsNotUsable()
{
    QFETCH(const QString, path);
    QFETCH(const QString, error);
    QFile file(m_folder->filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(QDir(m_folder->path()).mkdir(u"linked"_s)
            && QDir(m_folder->path()).mkdir(u"occupied"_s));
    QVERIFY(file.link(m_folder->filePath(u"linked/lock"_s)));
    QVERIFY(file.copy(m_folder->filePath(u"occupied/reports"_s)));
    const auto dataDir = DataDir::open(m_folder->filePath(path));
    QVERIFY(!dataDir);
    QCOMPARE(dataDir.error(), m_folder->filePath(error));
}

void DataDirTest::isNotUsableWhereNothingCanBeWritten()
{
    const auto dataDir = DataDir::open(u"/proc/quiesce"_s);
    QVERIFY(!dataDir);
    QVERIFY2(dataDir.error().startsWith(u"/proc/quiesce: cannot be made: "_s),
             qPrintable(dataDir.error()));
}

void DataDirTest::sharesTheLockOfAPredecessor()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"data"_s);
    auto first = std::make_unique<quiesce::Result<DataDir, QString>>(DataDir::open(path));
    QVERIFY(*first);
    auto second = DataDir::adopt(path, quiesce::FileDescriptor(::dup(first->value().lock())));
    QVERIFY(second);
    QVERIFY(second.value().isShared());
    QVERIFY(!first->value().isShared());
    first.reset();
    QVERIFY(!DataDir::open(path)); // the second has it still
    second.value().sign();
    const auto refused = DataDir::open(path);
    QVERIFY(refused.error().contains(QString::number(::getpid())));
}

void DataDirTest::takesALockOfItsOwnForAnotherDirectory()
{
    const QTemporaryDir folder;
    const auto first = DataDir::open(folder.filePath(u"first"_s));
    QVERIFY(first);
    const auto second = DataDir::adopt(folder.filePath(u"second"_s),
                                       quiesce::FileDescriptor(::dup(first.value().lock())));
    QVERIFY(second);
    QVERIFY(!second.value().isShared());
    QVERIFY(!DataDir::open(folder.filePath(u"second"_s)));
}

int main(int argc, char *argv[])
{
    if (argc == 3 && qstrcmp(argv[1], "--hold") == 0)
        return hold(QString::fromLocal8Bit(argv[2]));
    const QCoreApplication app(argc, argv);
    DataDirTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_datadir.moc"
