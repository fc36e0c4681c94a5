// SPDX-License-Identifier: GPL-3.0-only
// LineWriter: never waits, never tears a line, and leaves the descriptor's flags alone.
#include "service/host/logging/linewriter.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using quiesce::FileDescriptor;
using quiesce::LineWriter;

namespace {

/// The two ends of what a log may be written to, in each way in which a writer treats it.
struct Ends
{
    FileDescriptor reader;
    FileDescriptor writer;
};

void makeNonBlocking(const FileDescriptor &fd)
{
    ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

Ends makePipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        qFatal("no pipe");
    Ends pipe{ FileDescriptor(ends[0]), FileDescriptor(ends[1]) };
    makeNonBlocking(pipe.reader);
    return pipe;
}

Ends makeSockets()
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        qFatal("no socket pair");
    Ends sockets{ FileDescriptor(ends[0]), FileDescriptor(ends[1]) };
    makeNonBlocking(sockets.reader);
    return sockets;
}

/// A named pipe, which cannot be opened for writing while it has no reader: so the writer made now
/// does not get a second, non-blocking way to it.
LineWriter makePolledWriter(Ends &ends, const QString &path)
{
    if (::mkfifo(QFile::encodeName(path).constData(), S_IRUSR | S_IWUSR) != 0)
        qFatal("no named pipe");
    ends.reader = quiesce::openFile(path, O_RDONLY | O_NONBLOCK);
    ends.writer = quiesce::openFile(path, O_WRONLY);
    ends.reader = FileDescriptor();
    LineWriter writer(ends.writer.get());
    ends.reader = quiesce::openFile(path, O_RDONLY | O_NONBLOCK);
    return writer;
}

QByteArray readAll(const FileDescriptor &fd)
{
    QByteArray all;
    std::array<char, 65'536> buffer{};
    for (ssize_t count = 0; (count = ::read(fd.get(), buffer.data(), buffer.size())) > 0;)
        all.append(buffer.data(), count);
    return all;
}

QByteArray lineOf(int number, qsizetype size)
{
    QByteArray line = QByteArray::number(number).leftJustified(size - 1, '.');
    return line + '\n';
}

/// Writes until a line is refused, which must come; gives back how many were taken.
int fill(LineWriter &writer, qsizetype size)
{
    int taken = 0;
    while (taken < 100'000 && writer.tryWrite(lineOf(taken, size)))
        ++taken;
    return taken;
}

} // namespace

class LineWriterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }
    void writesLines_data() { addWays(); }
    void writesLines();
    void refusesAtOnceWhenNobodyReads_data() { addWays(); }
    void refusesAtOnceWhenNobodyReads();
    void goesOnWithWholeLinesWhenItIsReadAgain_data() { addWays(); }
    void goesOnWithWholeLinesWhenItIsReadAgain();
    void refusesWhenTheReaderIsGone_data() { addWays(); }
    void refusesWhenTheReaderIsGone();
    void leavesTheFlagsOfTheDescriptorAlone();
    void appendsToAFile();

private:
    void addWays();
    [[nodiscard]] LineWriter makeWriter();

    std::unique_ptr<QTemporaryDir> m_folder;
    Ends m_ends;
};

void LineWriterTest::addWays()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("pipe") << u"pipe"_s;
    QTest::newRow("socket") << u"socket"_s;
    QTest::newRow("polled") << u"polled"_s;
}

LineWriter LineWriterTest::makeWriter()
{
    const QByteArray way = QTest::currentDataTag();
    m_folder = std::make_unique<QTemporaryDir>();
    if (way == "polled")
        return makePolledWriter(m_ends, m_folder->filePath(u"log"_s));
    m_ends = way == "socket" ? makeSockets() : makePipe();
    return LineWriter(m_ends.writer.get());
}

void LineWriterTest::writesLines()
{
    LineWriter writer = makeWriter();
    QVERIFY(writer.tryWrite("first\n"));
    QVERIFY(writer.tryWrite("second\n"));
    QCOMPARE(readAll(m_ends.reader), QByteArray("first\nsecond\n"));
}

void LineWriterTest::refusesAtOnceWhenNobodyReads()
{
    LineWriter writer = makeWriter();
    const int taken = fill(writer, 100);
    QVERIFY(taken > 0);
    QVERIFY(taken < 100'000);
    QVERIFY(!writer.tryWrite(lineOf(taken, 100)));
}

void LineWriterTest::goesOnWithWholeLinesWhenItIsReadAgain()
{
    constexpr qsizetype kSize = 9'001; // more than a pipe takes whole
    LineWriter writer = makeWriter();
    const int taken = fill(writer, kSize);
    QByteArray read = readAll(m_ends.reader);
    QVERIFY(writer.tryWrite("last\n"));
    read += readAll(m_ends.reader);

    QByteArray expected;
    for (int i = 0; i < taken; ++i)
        expected += lineOf(i, kSize);
    QVERIFY(read == expected + "last\n");
}

void LineWriterTest::refusesWhenTheReaderIsGone()
{
    LineWriter writer = makeWriter();
    m_ends.reader = FileDescriptor();
    QVERIFY(!writer.tryWrite("nobody\n"));
    QVERIFY(!writer.tryWrite("nobody\n"));
}

void LineWriterTest::leavesTheFlagsOfTheDescriptorAlone()
{
    const Ends pipe = makePipe();
    const int before = ::fcntl(pipe.writer.get(), F_GETFL);
    LineWriter writer(pipe.writer.get());
    QVERIFY(writer.tryWrite("line\n"));
    QCOMPARE(::fcntl(pipe.writer.get(), F_GETFL), before);
    QCOMPARE(before & O_NONBLOCK, 0);
}

void LineWriterTest::appendsToAFile()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    QCOMPARE(file.write("before\n"), 7);
    QVERIFY(file.flush());
    LineWriter writer(file.handle());
    QVERIFY(writer.tryWrite("line\n"));
    QVERIFY(file.seek(0));
    QCOMPARE(file.readAll(), QByteArray("before\nline\n"));
}

QTEST_APPLESS_MAIN(LineWriterTest)
#include "tst_linewriter.moc"
