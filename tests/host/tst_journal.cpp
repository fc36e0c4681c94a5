// SPDX-License-Identifier: GPL-3.0-only
// Records as they go to the journal, to a socket that plays it.
#include "service/host/logging/journal.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

LogRecord recordOf(const QString &text)
{
    return makeLogRecord(QDateTime::currentDateTimeUtc(), QtWarningMsg, u"quiesce.lifecycle"_s,
                         text);
}

/// A socket where journald has its own.
class PlayedJournal final
{
public:
    explicit PlayedJournal(const QByteArray &path)
        : m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        qstrncpy(address.sun_path, path.constData(), sizeof address.sun_path);
        m_isBound =
            ::bind(m_socket.get(), reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    }
    [[nodiscard]] bool isBound() const { return m_isBound; }
    [[nodiscard]] QByteArray take() const
    {
        QByteArray entry(64 * 1'024, Qt::Uninitialized);
        const ssize_t count =
            ::recv(m_socket.get(), entry.data(), static_cast<size_t>(entry.size()), 0);
        return entry.left(std::max<ssize_t>(count, 0));
    }

private:
    FileDescriptor m_socket;
    bool m_isBound = false;
};

QString streamOf(int fd)
{
    struct stat info
    { };
    ::fstat(fd, &info);
    return u"%1:%2"_s.arg(info.st_dev).arg(info.st_ino);
}

} // namespace

class JournalTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheFields();
    void marksALineBreakByItsLength();
    void isThereOnlyWhereTheDescriptorLeads();
    void writesToIt();
    void neverWaitsForIt();
    void findsItAgain();
};

void JournalTest::keepsTheFields()
{
    QCOMPARE(
        toJournalEntry(recordOf(u"stopped outcome=clean exitCode=75 isLate=true"_s), u"hello"_s),
        "MESSAGE=stopped outcome=clean exitCode=75 isLate=true\nPRIORITY=4\n"
        "SYSLOG_IDENTIFIER=hello\nQUIESCE_CATEGORY=quiesce.lifecycle\n"
        "QUIESCE_OUTCOME=clean\nQUIESCE_EXIT_CODE=75\nQUIESCE_IS_LATE=true\n");
}

void JournalTest::marksALineBreakByItsLength()
{
    LogRecord record = recordOf(u"x"_s);
    record.text = u"a\nb"_s;
    QVERIFY(toJournalEntry(record, u"hello"_s)
                .startsWith(QByteArray("MESSAGE\n\x03\0\0\0\0\0\0\0a\nb\nPRIORITY=4\n", 31)));
}

void JournalTest::isThereOnlyWhereTheDescriptorLeads()
{
    QFile one(QCoreApplication::applicationFilePath());
    QVERIFY(one.open(QIODevice::ReadOnly));
    QVERIFY(Journal::behind(one.handle(), streamOf(one.handle())));
    QVERIFY(!Journal::behind(one.handle(), u"1:2"_s));
    QVERIFY(!Journal::behind(one.handle(), {})); // not started by systemd
    QVERIFY(!Journal::behind(-1, u"1:2"_s));
}

void JournalTest::writesToIt()
{
    const QTemporaryDir folder;
    const QByteArray path = QFile::encodeName(folder.filePath(u"socket"_s));
    const PlayedJournal played(path);
    QVERIFY(played.isBound());
    auto journal = Journal::behind(STDERR_FILENO, streamOf(STDERR_FILENO), path.constData());
    QVERIFY(journal);
    const LogRecord record = recordOf(u"ready pid=1"_s);
    QCOMPARE(journal->tryWrite(record), Journal::Written::Taken);
    QCOMPARE(played.take(), toJournalEntry(record, QCoreApplication::applicationName()));
}

void JournalTest::neverWaitsForIt()
{
    const QTemporaryDir folder;
    const QByteArray path = QFile::encodeName(folder.filePath(u"socket"_s));
    const PlayedJournal played(path);
    auto journal = Journal::behind(STDERR_FILENO, streamOf(STDERR_FILENO), path.constData());
    const LogRecord record = recordOf(QString(4'000, u'x'));
    constexpr int kMoreThanItHolds = 100'000;
    int taken = 0;
    while (taken < kMoreThanItHolds && journal->tryWrite(record) == Journal::Written::Taken)
        ++taken;
    QVERIFY(taken < kMoreThanItHolds);
    QCOMPARE(journal->tryWrite(record), Journal::Written::Full);
    QVERIFY(!played.take().isEmpty()); // and takes more as soon as there is room
    QCOMPARE(journal->tryWrite(record), Journal::Written::Taken);
}

void JournalTest::findsItAgain()
{
    const QTemporaryDir folder;
    const QByteArray path = QFile::encodeName(folder.filePath(u"socket"_s));
    auto journal = Journal::behind(STDERR_FILENO, streamOf(STDERR_FILENO), path.constData());
    QCOMPARE(journal->tryWrite(recordOf(u"lost"_s)), Journal::Written::Gone);
    {
        const PlayedJournal played(path);
        QCOMPARE(journal->tryWrite(recordOf(u"one"_s)), Journal::Written::Taken);
    }
    QCOMPARE(journal->tryWrite(recordOf(u"lost"_s)), Journal::Written::Gone);
    QVERIFY(QFile::remove(QFile::decodeName(path)));
    const PlayedJournal again(path);
    QCOMPARE(journal->tryWrite(recordOf(u"two"_s)), Journal::Written::Taken);
    QVERIFY(again.take().startsWith("MESSAGE=two"));
}

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"
