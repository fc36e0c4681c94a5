// SPDX-License-Identifier: GPL-3.0-only
// The runtime file: what it says, that it goes with its owner, and which others it cleans away.
#include "service/host/runtimefile.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using quiesce::RuntimeFile;
using quiesce::RuntimeInfo;

namespace {

RuntimeInfo infoOf(qint64 pid)
{
    return { pid,
             u"quiesced"_s,
             u"0190-ab"_s,
             u"http://127.0.0.1:1"_s,
             u"http://127.0.0.1:2"_s,
             u"/data/admin-token"_s };
}

void put(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

int modeOf(const QString &path)
{
    struct stat info = {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? int(info.st_mode & 0777) : -1;
}

} // namespace

class RuntimeFileTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsWhereTheInstanceIsReached();
    void isPrivateAndAloneInItsDirectory();
    void goesWithItsOwner();
    void leavesAFileThatHasTakenItsPlace();
    void cleansAwayWhatNobodyHolds();
    void leavesWhatIsHeldOrIsNoRuntimeFile_data();
    void leavesWhatIsHeldOrIsNoRuntimeFile();
    void replacesAStaleFileOfItsOwnPid();
    void saysWhyItCannotBeWritten();

private:
    [[nodiscard]] QStringList files() const { return QDir(m_path).entryList(QDir::Files); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void RuntimeFileTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"run"_s);
}

void RuntimeFileTest::tellsWhereTheInstanceIsReached()
{
    const auto written = RuntimeFile::write(m_path, infoOf(4711));
    QVERIFY(written);
    QCOMPARE(written.value().path(), m_path + u"/4711.json"_s);
    QFile file(written.value().path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject expected{
        { u"pid"_s, 4711 },
        { u"name"_s, u"quiesced"_s },
        { u"instanceId"_s, u"0190-ab"_s },
        { u"trafficUrl"_s, u"http://127.0.0.1:1"_s },
        { u"adminUrl"_s, u"http://127.0.0.1:2"_s },
        { u"tokenFile"_s, u"/data/admin-token"_s },
    };
    QCOMPARE(QJsonDocument::fromJson(file.readAll()).object(), expected);
}

void RuntimeFileTest::isPrivateAndAloneInItsDirectory()
{
    const auto written = RuntimeFile::write(m_path, infoOf(4711));
    QVERIFY(written);
    QCOMPARE(modeOf(m_path), 0700);
    QCOMPARE(modeOf(m_path + u"/4711.json"_s), 0600);
    QCOMPARE(files(), QStringList{ u"4711.json"_s });
}

void RuntimeFileTest::goesWithItsOwner()
{
    {
        auto written = RuntimeFile::write(m_path, infoOf(4711));
        QVERIFY(written);
        const RuntimeFile moved = written.takeValue();
        QCOMPARE(files().size(), 1);
    }
    QCOMPARE(files().size(), 0);
}

void RuntimeFileTest::leavesAFileThatHasTakenItsPlace()
{
    {
        const auto written = RuntimeFile::write(m_path, infoOf(4711));
        QVERIFY(written);
        QVERIFY(QFile::remove(written.value().path()));
        put(written.value().path(), "another's");
    }
    QCOMPARE(files(), QStringList{ u"4711.json"_s });
}

void RuntimeFileTest::cleansAwayWhatNobodyHolds()
{
    QVERIFY(QDir().mkpath(m_path));
    for (int pid : { 1, 4242, 999'999'999 }) // whether or not that pid lives now
        put(m_path + u"/%1.json"_s.arg(pid),
            "{\"pid\": " + QByteArray::number(pid) + ", \"instanceId\": \"x\"}");
    const auto written = RuntimeFile::write(m_path, infoOf(4711));
    QVERIFY(written);
    QCOMPARE(files(), QStringList{ u"4711.json"_s });
}

void RuntimeFileTest::leavesWhatIsHeldOrIsNoRuntimeFile_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    const auto row = [](const char *what, const char *name, const QByteArray &content) {
        QTest::newRow(what) << QString::fromLatin1(name) << content;
    };
    row("held", "4242.json", {});
    row("other content", "4242.json", "{}");
    row("no JSON", "4242.json", "notes");
    row("empty", "4242.json", "");
    row("other pid", "4242.json", R"({"pid": 4243, "instanceId": "x"})");
    row("name is no pid", "notes.json", R"({"pid": 4242, "instanceId": "x"})");
    row("other suffix", "4242.txt", R"({"pid": 4242, "instanceId": "x"})");
    row("too large", "4242.json", R"({"pid": 4242, "instanceId": "x"})" + QByteArray(70'000, ' '));
}

void RuntimeFileTest::leavesWhatIsHeldOrIsNoRuntimeFile()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, content);
    QVERIFY(QDir().mkpath(m_path));
    std::optional<RuntimeFile> held;
    if (qstrcmp(QTest::currentDataTag(), "held") == 0)
        held.emplace(RuntimeFile::write(m_path, infoOf(4242)).takeValue());
    else
        put(m_path + u'/' + name, content);
    const auto written = RuntimeFile::write(m_path, infoOf(4711));
    QVERIFY(written);
    QCOMPARE(files().size(), 2);
    QVERIFY(files().contains(name));
}

void RuntimeFileTest::replacesAStaleFileOfItsOwnPid()
{
    QVERIFY(QDir().mkpath(m_path));
    put(m_path + u"/4711.json"_s, "half a fil");
    {
        const auto written = RuntimeFile::write(m_path, infoOf(4711));
        QVERIFY(written);
        QCOMPARE(files(), QStringList{ u"4711.json"_s });
    }
    QCOMPARE(files().size(), 0);
}

void RuntimeFileTest::saysWhyItCannotBeWritten()
{
    QVERIFY(QDir().mkpath(m_path + u"/4711.json"_s)); // a directory stands in its place
    const auto inPlace = RuntimeFile::write(m_path, infoOf(4711));
    QVERIFY(!inPlace);
    QCOMPARE(inPlace.error(), m_path + u"/4711.json: cannot be written: Is a directory"_s);
    QCOMPARE(files().size(), 0);

    const auto nowhere = RuntimeFile::write(u"/proc/run"_s, infoOf(4711));
    QVERIFY(!nowhere);
    QVERIFY(nowhere.error().startsWith(u"/proc/run: cannot be made: "_s));
}

QTEST_APPLESS_MAIN(RuntimeFileTest)
#include "tst_runtimefile.moc"
