// SPDX-License-Identifier: GPL-3.0-only
// The kind digest, the hash it resumes with, and the files it may open.
#include "service/jobs/kinds/digestkind.h"
#include "service/jobs/kinds/resumablesha256.h"
#include "service/jobs/kinds/rootedfile.h"
#include "tests/jobs/kinds/jobstage.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QThreadPool>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::digestKind;
using quiesce::openBelow;
using quiesce::Presence;
using quiesce::resolveBelow;
using quiesce::ResumableSha256;
using quiesce::test::JobStage;

namespace {

constexpr qint64 kChunk = 4'096;

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

QByteArray content(qsizetype size)
{
    QByteArray bytes(size, '\0');
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = static_cast<char>((i * 31 + i / 251) & 0xff);
    return bytes;
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("the test's file could not be written");
}

struct Expected
{
    QByteArray list;
    QJsonArray chunks;
};

Expected expect(const QByteArray &bytes, qint64 chunk)
{
    QByteArray all;
    QJsonArray chunks;
    for (qsizetype at = 0; at < bytes.size(); at += chunk) {
        all += sha256(bytes.mid(at, chunk));
        chunks.append(QString::fromLatin1(sha256(bytes.mid(at, chunk)).toHex()));
    }
    return { sha256(all).toHex(), chunks };
}

} // namespace

class DigestKindTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void hashesLikeEverybodyElse_data();
    void hashesLikeEverybodyElse();
    void refusesWhatIsNoState();
    void judgesPayloads_data();
    void judgesPayloads();
    void digestsAFile_data();
    void digestsAFile();
    void keepsCheckpointsSmallForManyChunks();
    void resumesAtEveryChunk();
    void failsWhenTheFileHasChanged_data();
    void failsWhenTheFileHasChanged();
    void beginsAnewWithAStrangeCheckpoint();
    void givesUpAtTheStopToken();
    void isInterruptedWhenItCannotBeDoneInTime();
    void refusesWhatIsNoPlainFileBelowTheRoots_data();
    void refusesWhatIsNoPlainFileBelowTheRoots();
    void followsALinkThatStaysInside();
    void findsWhereANewFileWouldBe();

private:
    [[nodiscard]] quiesce::JobKind kind() { return digestKind({ m_root }, &m_pool); }
    [[nodiscard]] QJsonObject payload(const QString &name, qint64 chunk = kChunk) const
    {
        return { { u"path"_s, m_root + u'/' + name }, { u"chunkBytes"_s, chunk } };
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_root;
    QThreadPool m_pool;
};

void DigestKindTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = QFileInfo(m_folder->path()).canonicalFilePath() + "/in"_L1;
    QVERIFY(QDir().mkpath(m_root + "/sub"_L1));
    write(m_folder->filePath(u"outside"_s), "secret");
}

void DigestKindTest::hashesLikeEverybodyElse_data()
{
    QTest::addColumn<int>("size");
    for (const int size : { 0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1'000, 100'003 })
        QTest::addRow("%d bytes", size) << size;
}

void DigestKindTest::hashesLikeEverybodyElse()
{
    QFETCH(const int, size);
    const QByteArray bytes = content(size);
    ResumableSha256 whole;
    whole.add(bytes);
    QCOMPARE(whole.result(), sha256(bytes));
    std::optional<ResumableSha256> pieces = ResumableSha256();
    for (qsizetype at = 0; at < bytes.size(); at += 37) { // put down and taken up each time
        pieces->add(bytes.mid(at, 37));
        QVERIFY(pieces->state().size() <= ResumableSha256::kMaxStateBytes);
        pieces = ResumableSha256::fromState(pieces->state());
        QVERIFY(pieces);
    }
    QCOMPARE(pieces->result(), sha256(bytes));
}

void DigestKindTest::refusesWhatIsNoState()
{
    ResumableSha256 hash;
    hash.add("abc");
    const QByteArray state = hash.state();
    QVERIFY(!ResumableSha256::fromState({}));
    QVERIFY(!ResumableSha256::fromState(state.left(39)));
    QVERIFY(!ResumableSha256::fromState(state + 'x'));
    QVERIFY(!ResumableSha256::fromState(state.chopped(1)));
}

void DigestKindTest::judgesPayloads_data()
{
    QTest::addColumn<QJsonObject>("payload");
    QTest::addColumn<QString>("fault");
    const auto row = [](const char *name, const QJsonObject &payload, const QString &fault) {
        QTest::newRow(name) << payload << fault;
    };
    const QString out = u"path: it is not below a folder that is allowed"_s;
    const QString dots = u"path: it has an empty part, \".\" or \"..\""_s;
    row("fine", { { u"path"_s, u"/in/a"_s } }, {});
    row("nothing", {}, u"path: expected the path of a file"_s);
    row("number", { { u"path"_s, 1 } }, u"path: expected the path of a file"_s);
    row("outside", { { u"path"_s, u"/etc/passwd"_s } }, out);
    row("beside", { { u"path"_s, u"/inside"_s } }, out);
    row("the root", { { u"path"_s, u"/in"_s } }, out);
    row("up", { { u"path"_s, u"/in/../etc/passwd"_s } }, dots);
    row("twice", { { u"path"_s, u"/in//a"_s } }, dots);
    row("relative", { { u"path"_s, u"a"_s } }, u"path: it is not an absolute path"_s);
    row("NUL", { { u"path"_s, u"/in/a\0b"_s } }, u"path: it holds a control character"_s);
    row("long", { { u"path"_s, "/in/"_L1 + QString(4'092, u'a') } },
        u"path: it is longer than a path can be"_s);
    row("small chunk", { { u"path"_s, u"/in/a"_s }, { u"chunkBytes"_s, 4'095 } },
        u"chunkBytes: expected an integer from 4096 to 1073741824, found 4095"_s);
    row("unknown", { { u"path"_s, u"/in/a"_s }, { u"x"_s, 1 } }, u"\"x\": unknown field"_s);
}

void DigestKindTest::judgesPayloads()
{
    QFETCH(const QJsonObject, payload);
    QTEST(digestKind({ u"/in"_s }, &m_pool).check(payload), "fault");
}

void DigestKindTest::digestsAFile_data()
{
    QTest::addColumn<int>("size");
    for (const int size : { 0, 1, 4'095, 4'096, 4'097, 12'288, 600'000, 2'000'000 })
        QTest::addRow("%d bytes", size) << size;
}

void DigestKindTest::digestsAFile()
{
    QFETCH(const int, size);
    const QByteArray bytes = content(size);
    write(m_root + "/a"_L1, bytes);
    JobStage stage(kind(), payload(u"a"_s));
    QVERIFY(stage.finish());
    QVERIFY2(stage.isSuccess(), qPrintable(stage.error()));
    const Expected expected = expect(bytes, kChunk);
    const QJsonObject result = stage.result();
    QCOMPARE(result["listSha256"_L1].toString().toLatin1(), expected.list);
    QCOMPARE(result["chunks"_L1].toInteger(), expected.chunks.size());
    QCOMPARE(result["size"_L1].toInteger(), size);
    if (expected.chunks.size() <= quiesce::kMaxListedChunks)
        QCOMPARE(result["chunkSha256"_L1].toArray(), expected.chunks);
    else
        QVERIFY(result["chunkSha256"_L1].isNull());
    QCOMPARE(stage.attempt->kept().size(), expected.chunks.size());
    QCOMPARE(stage.attempt->output().count('\n'), expected.chunks.size());
}

void DigestKindTest::keepsCheckpointsSmallForManyChunks()
{
    write(m_root + "/a"_L1, content(300 * kChunk));
    JobStage stage(kind(), payload(u"a"_s));
    QVERIFY(stage.finish());
    qsizetype largest = 0;
    for (const QJsonObject &kept : stage.attempt->kept())
        largest = std::max(largest, QJsonDocument(kept).toJson(QJsonDocument::Compact).size());
    QVERIFY2(largest < 20'480, qPrintable(QString::number(largest)));
}

void DigestKindTest::resumesAtEveryChunk()
{
    const QByteArray bytes = content(5 * kChunk + 10);
    write(m_root + "/a"_L1, bytes);
    JobStage first(kind(), payload(u"a"_s));
    QVERIFY(first.finish());
    QCOMPARE(first.attempt->kept().size(), 6);
    for (qsizetype i = 0; i < 6; ++i) {
        JobStage again(kind(), payload(u"a"_s), first.attempt->kept()[i]);
        QVERIFY(again.finish());
        QCOMPARE(again.result(), first.result());
        QCOMPARE(again.attempt->kept().size(), 5 - i); // only what was left
    }
}

void DigestKindTest::failsWhenTheFileHasChanged_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isReplaced");
    QTest::addColumn<QString>("how");
    QTest::newRow("longer") << content(3 * kChunk) << false << u"now inode"_s;
    QTest::newRow("other") << QByteArray(2 * kChunk, 'x') << false << u", modified)"_s;
    QTest::newRow("replaced") << content(2 * kChunk) << true << u"now inode"_s;
}

void DigestKindTest::failsWhenTheFileHasChanged()
{
    QFETCH(const QByteArray, content);
    QFETCH(const bool, isReplaced);
    QFETCH(const QString, how);
    const QString path = m_root + "/a"_L1;
    write(path, ::content(2 * kChunk));
    JobStage first(kind(), payload(u"a"_s));
    QVERIFY(first.finish());
    if (isReplaced)
        QVERIFY(QFile::rename(path, path + ".old"_L1));
    write(path, content);
    const timespec times[2] = { { 1'000, 0 }, { 1'000, isReplaced ? 0 : 7 } };
    QCOMPARE(::utimensat(AT_FDCWD, qPrintable(path), times, 0), 0);
    JobStage again(kind(), payload(u"a"_s), first.attempt->kept().first());
    QVERIFY(again.finish());
    const QString begin =
        u"final: \"%1\": it has changed since the digest began (was inode "_s.arg(path);
    QVERIFY2(again.error().startsWith(begin), qPrintable(again.error()));
    QVERIFY2(again.error().contains(how), qPrintable(again.error()));
}

void DigestKindTest::beginsAnewWithAStrangeCheckpoint()
{
    write(m_root + "/a"_L1, content(2 * kChunk));
    JobStage first(kind(), payload(u"a"_s));
    QVERIFY(first.finish());
    for (const auto &[key, value] : std::initializer_list<std::pair<QString, QJsonValue>>{
             { u"list"_s, u"00"_s }, { u"chunksDone"_s, 99 }, { u"chunksDone"_s, -1 } }) {
        QJsonObject strange = first.attempt->kept().first();
        strange[key] = value;
        JobStage again(kind(), payload(u"a"_s), strange);
        QVERIFY(again.finish());
        QCOMPARE(again.result(), first.result());
    }
}

void DigestKindTest::givesUpAtTheStopToken()
{
    write(m_root + "/a"_L1, content(2 * kChunk));
    JobStage stage(kind(), payload(u"a"_s));
    stage.stop();
    QVERIFY(stage.finish());
    QVERIFY(stage.isInterrupted());
}

void DigestKindTest::isInterruptedWhenItCannotBeDoneInTime()
{
    write(m_root + "/a"_L1, content(2 * kChunk));
    JobStage stage(kind(), payload(u"a"_s));
    stage.announceStop(0s);
    QVERIFY(stage.finish());
    QVERIFY(stage.isInterrupted());
    JobStage patient(kind(), payload(u"a"_s));
    patient.announceStop(1h);
    QVERIFY(patient.finish());
    QVERIFY(patient.isSuccess());
}

void DigestKindTest::refusesWhatIsNoPlainFileBelowTheRoots_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::newRow("missing") << u"none"_s << u"No such file or directory"_s;
    QTest::newRow("folder") << u"sub"_s << u"it is not a regular file"_s;
    QTest::newRow("pipe") << u"fifo"_s << u"it is not a regular file"_s;
    QTest::newRow("link out") << u"absolute"_s << u"it leads out of the folder that is allowed"_s;
    QTest::newRow("link up") << u"up"_s << u"it leads out of the folder that is allowed"_s;
    QTest::newRow("folder linked out")
        << u"far/outside"_s << u"it leads out of the folder that is allowed"_s;
    QTest::newRow("magic link") << u"magic"_s << u"it leads out of the folder that is allowed"_s;
    QTest::newRow("loop") << u"loop"_s << u"Too many levels of symbolic links"_s;
}

void DigestKindTest::refusesWhatIsNoPlainFileBelowTheRoots()
{
    QFETCH(const QString, name);
    QFETCH(const QString, reason);
    const auto link = [this](const char *target, const char *as) {
        QCOMPARE(::symlink(target, (m_root.toLocal8Bit() + "/" + as).constData()), 0);
    };
    link(qPrintable(m_folder->filePath(u"outside"_s)), "absolute");
    link("../outside", "up");
    link("..", "far");
    link("/proc/self/exe", "magic");
    link("loop", "loop");
    QCOMPARE(::mkfifo(qPrintable(m_root + "/fifo"_L1), 0600), 0);
    JobStage stage(kind(), payload(name));
    QVERIFY(stage.finish());
    QCOMPARE(stage.error(), u"final: \"%1/%2\": %3"_s.arg(m_root, name, reason));
}

void DigestKindTest::followsALinkThatStaysInside()
{
    write(m_root + "/a"_L1, "abc");
    QCOMPARE(::symlink("../a", qPrintable(m_root + "/sub/link"_L1)), 0);
    QVERIFY(openBelow({ m_root }, m_root + "/sub/link"_L1).isOk());
    const auto name = resolveBelow({ m_root }, m_root + "/sub/link"_L1, Presence::Required);
    QCOMPARE(name.value(), m_root + "/a"_L1);
}

void DigestKindTest::findsWhereANewFileWouldBe()
{
    const auto resolve = [this](const char *name) {
        return resolveBelow({ m_root }, m_root + u'/' + QString::fromLatin1(name),
                            Presence::Optional);
    };
    QCOMPARE(::symlink("sub", qPrintable(m_root + "/door"_L1)), 0);
    QCOMPARE(::symlink("nowhere", qPrintable(m_root + "/dangling"_L1)), 0);
    QCOMPARE(::symlink("..", qPrintable(m_root + "/far"_L1)), 0);
    QCOMPARE(resolve("new").value(), m_root + "/new"_L1);
    QCOMPARE(resolve("door/new").value(), m_root + "/sub/new"_L1);
    QVERIFY(resolve("dangling").error().endsWith("it is a link that leads nowhere"_L1));
    QVERIFY(resolve("far/new").error().endsWith("it leads out of the folder that is allowed"_L1));
    QVERIFY(resolve("none/new").error().endsWith("No such file or directory"_L1));
    QVERIFY(resolve("sub").error().endsWith("it is not a regular file"_L1));
}

QTEST_GUILESS_MAIN(DigestKindTest)
#include "tst_digestkind.moc"
