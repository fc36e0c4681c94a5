// SPDX-License-Identifier: GPL-3.0-only
// RuntimeFolder: what is found, what is passed over, and folders that come later.
#include "console/client/discovery/runtimefolder.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <sys/file.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using quiesce::InstanceSpec;
using quiesce::RuntimeFolder;
using quiesce::TokenSource;

namespace {

QJsonObject infoOf(qint64 pid, quint16 port = 9090)
{
    return { { u"pid"_s, pid },
             { u"name"_s, u"orders"_s },
             { u"instanceId"_s, u"0190-%1"_s.arg(pid) },
             { u"trafficUrl"_s, u"http://127.0.0.1:8080"_s },
             { u"adminUrl"_s, u"http://127.0.0.1:%1"_s.arg(port) },
             { u"tokenFile"_s, u"/data/admin-token"_s } };
}

/// As quiesced writes it: beside, held, then renamed.
class HeldFile final
{
public:
    HeldFile(const QString &path, const QByteArray &content)
        : m_path(path)
        , m_file(path + ".tmp"_L1)
    {
        m_isGood = m_file.open(QIODevice::WriteOnly) && m_file.write(content) == content.size()
            && m_file.flush() && m_file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
            && ::flock(m_file.handle(), LOCK_EX | LOCK_NB) == 0
            && ::rename(QFile::encodeName(m_file.fileName()).constData(),
                        QFile::encodeName(path).constData())
                == 0;
    }
    HeldFile(const QString &folder, const QJsonObject &info)
        : HeldFile(folder + u"/%1.json"_s.arg(info["pid"_L1].toInteger()),
                   QJsonDocument(info).toJson())
    { }
    ~HeldFile() { QFile::remove(m_path); }

    [[nodiscard]] bool isGood() const { return m_isGood; }
    void letGo() const { ::flock(m_file.handle(), LOCK_UN); }

private:
    QString m_path;
    QFile m_file;
    bool m_isGood = false;
};

} // namespace

class RuntimeFolderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void findsWhatIsThere();
    void tellsHowItIsReached();
    void reachesAListenerOnAllAddressesByLoopback_data();
    void reachesAListenerOnAllAddressesByLoopback();
    void noticesWhatComesAndGoes();
    void noticesAFolderThatIsMadeLater();
    void noticesAFolderThatIsMadeAgain();
    void noticesFoldersThatFitAPattern();
    void noticesAProcessThatJustDies();
    void aNewProcessAtTheSameAddressIsVanishedAndAppeared();
    void passesOverWhatIsNoRuntimeFile_data();
    void passesOverWhatIsNoRuntimeFile();
    void passesOverWhatNobodyHolds();
    void passesOverWhatOthersMayWrite();
    void doesNotFollowASymlink();
    void doesNotWaitForAFifo();
    void keepsItsBound();
    void knowsWhereToLook();

private:
    [[nodiscard]] QString folder() const { return m_folder->filePath(u"run"_s); }
    void watch(const QStringList &folders);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RuntimeFolder> m_watched;
    std::unique_ptr<QSignalSpy> m_appeared;
    std::unique_ptr<QSignalSpy> m_vanished;
};

void RuntimeFolderTest::init()
{
    m_watched.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(folder()));
}

void RuntimeFolderTest::watch(const QStringList &folders)
{
    m_watched = std::make_unique<RuntimeFolder>(folders);
    m_appeared = std::make_unique<QSignalSpy>(m_watched.get(), &RuntimeFolder::appeared);
    m_vanished = std::make_unique<QSignalSpy>(m_watched.get(), &RuntimeFolder::vanished);
    m_watched->start();
}

void RuntimeFolderTest::findsWhatIsThere()
{
    const HeldFile one(folder(), infoOf(4711, 1));
    const HeldFile two(folder(), infoOf(4712, 2));
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 2);
    QCOMPARE(m_vanished->size(), 0);
}

void RuntimeFolderTest::tellsHowItIsReached()
{
    const HeldFile held(folder(), infoOf(4711));
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 1);
    const auto spec = m_appeared->at(0).at(0).value<InstanceSpec>();
    QCOMPARE(spec.id, u"http://127.0.0.1:9090"_s);
    QCOMPARE(spec.name, u"orders"_s);
    QCOMPARE(spec.adminUrl, QUrl(u"http://127.0.0.1:9090"_s));
    QCOMPARE(spec.tokenSource, TokenSource::File);
    QCOMPARE(spec.tokenFile, u"/data/admin-token"_s);
    QCOMPARE(spec.pid, 4711);
    QVERIFY(spec.isLocal);
}

void RuntimeFolderTest::reachesAListenerOnAllAddressesByLoopback_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("reached");
    QTest::newRow("IPv4") << u"http://0.0.0.0:9090"_s << u"http://127.0.0.1:9090"_s;
    QTest::newRow("IPv6") << u"https://[::]:9090"_s << u"https://[::1]:9090"_s;
    QTest::newRow("one address") << u"http://192.0.2.7:9090"_s << u"http://192.0.2.7:9090"_s;
}

void RuntimeFolderTest::reachesAListenerOnAllAddressesByLoopback()
{
    QFETCH(QString, written);
    QFETCH(QString, reached);
    QJsonObject info = infoOf(4711);
    info["adminUrl"_L1] = written;
    const HeldFile held(folder(), info);
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 1);
    const auto spec = m_appeared->at(0).at(0).value<InstanceSpec>();
    QCOMPARE(spec.adminUrl.toString(), reached);
    QCOMPARE(spec.id, reached);
}

void RuntimeFolderTest::noticesWhatComesAndGoes()
{
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 0);
    {
        const HeldFile held(folder(), infoOf(4711));
        QVERIFY(held.isGood());
        QTRY_COMPARE(m_appeared->size(), 1);
        QCOMPARE(m_vanished->size(), 0);
    }
    QTRY_COMPARE(m_vanished->size(), 1);
    QCOMPARE(m_vanished->at(0).at(0).toString(), u"http://127.0.0.1:9090"_s);
    QCOMPARE(m_appeared->size(), 1);
}

void RuntimeFolderTest::noticesAFolderThatIsMadeLater()
{
    const QString deep = m_folder->filePath(u"a/b/c/run"_s);
    watch({ deep });
    QVERIFY(QDir().mkpath(deep));
    const HeldFile held(deep, infoOf(4711));
    QTRY_COMPARE(m_appeared->size(), 1);
}

void RuntimeFolderTest::noticesAFolderThatIsMadeAgain()
{
    watch({ folder() });
    for (int i = 1; i <= 3; ++i) {
        {
            const HeldFile held(folder(), infoOf(4711));
            QTRY_COMPARE(m_appeared->size(), i);
        }
        QVERIFY(QDir(folder()).removeRecursively());
        QTRY_COMPARE(m_vanished->size(), i);
        QVERIFY(QDir().mkpath(folder()));
    }
}

void RuntimeFolderTest::noticesFoldersThatFitAPattern()
{
    watch({ m_folder->filePath(u"quiesce*"_s) });
    const QString one = m_folder->filePath(u"quiesce-orders"_s);
    const QString other = m_folder->filePath(u"unquiet"_s);
    QVERIFY(QDir().mkpath(one) && QDir().mkpath(other));
    const HeldFile held(one, infoOf(4711, 1));
    const HeldFile stranger(other, infoOf(4712, 2));
    QTRY_COMPARE(m_appeared->size(), 1);
    const HeldFile later(one, infoOf(4713, 3));
    QTRY_COMPARE(m_appeared->size(), 2);
    QCOMPARE(m_appeared->at(1).at(0).value<InstanceSpec>().pid, 4713);
}

void RuntimeFolderTest::noticesAProcessThatJustDies()
{
    QProcess process;
    process.start(u"sleep"_s, { u"600"_s });
    QVERIFY(process.waitForStarted());
    const HeldFile held(folder(), infoOf(process.processId()));
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 1);
    held.letGo(); // as the kernel does it for one that dies; the file stays
    process.kill();
    QTRY_COMPARE(m_vanished->size(), 1);
    process.waitForFinished();
}

void RuntimeFolderTest::aNewProcessAtTheSameAddressIsVanishedAndAppeared()
{
    auto before = std::make_unique<HeldFile>(folder(), infoOf(4711));
    watch({ folder() });
    before.reset();
    const HeldFile after(folder(), infoOf(4712));
    QTRY_COMPARE(m_appeared->size(), 2);
    QCOMPARE(m_vanished->size(), 1);
    QCOMPARE(m_appeared->at(1).at(0).value<InstanceSpec>().pid, 4712);
}

void RuntimeFolderTest::passesOverWhatIsNoRuntimeFile_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    const QByteArray good = QJsonDocument(infoOf(4711)).toJson();
    const auto without = [](QLatin1StringView key, const QJsonValue &value = {}) {
        QJsonObject info = infoOf(4711);
        info[key] = value;
        return QJsonDocument(info).toJson();
    };
    QTest::newRow("empty") << u"4711.json"_s << QByteArray();
    QTest::newRow("half written") << u"4711.json"_s << good.left(good.size() / 2);
    QTest::newRow("garbage") << u"4711.json"_s << QByteArray(1'000, '\xff');
    QTest::newRow("a list") << u"4711.json"_s << QByteArray("[1, 2, 3]");
    QTest::newRow("huge") << u"4711.json"_s << good + QByteArray(64 * 1'024, ' ');
    QTest::newRow("of another pid") << u"4712.json"_s << good;
    QTest::newRow("another suffix") << u"4711.txt"_s << good;
    QTest::newRow("no instance") << u"4711.json"_s << without("instanceId"_L1);
    QTest::newRow("no address") << u"4711.json"_s << without("adminUrl"_L1);
    QTest::newRow("no http") << u"4711.json"_s << without("adminUrl"_L1, u"file:///etc"_s);
    QTest::newRow("a password") << u"4711.json"_s << without("adminUrl"_L1, u"http://a:b@c:1"_s);
}

void RuntimeFolderTest::passesOverWhatIsNoRuntimeFile()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    const HeldFile odd(folder() + u'/' + name, content);
    const HeldFile good(folder(), infoOf(99, 99));
    QVERIFY(odd.isGood() && good.isGood());
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 1);
    QCOMPARE(m_appeared->at(0).at(0).value<InstanceSpec>().pid, 99);
}

void RuntimeFolderTest::passesOverWhatNobodyHolds()
{
    const HeldFile stale(folder(), infoOf(4711));
    stale.letGo();
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 0);
}

void RuntimeFolderTest::passesOverWhatOthersMayWrite()
{
    const HeldFile held(folder(), infoOf(4711));
    QVERIFY(QFile::setPermissions(folder() + "/4711.json"_L1,
                                  QFile::ReadOwner | QFile::WriteOwner | QFile::WriteOther));
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 0);
}

void RuntimeFolderTest::doesNotFollowASymlink()
{
    const QString elsewhere = m_folder->filePath(u"elsewhere"_s);
    QVERIFY(QDir().mkpath(elsewhere));
    const HeldFile held(elsewhere, infoOf(4711));
    QVERIFY(QFile::link(elsewhere + "/4711.json"_L1, folder() + "/4711.json"_L1));
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 0);
}

void RuntimeFolderTest::doesNotWaitForAFifo()
{
    QCOMPARE(::mkfifo(QFile::encodeName(folder() + "/4711.json"_L1).constData(), 0600), 0);
    watch({ folder() });
    QCOMPARE(m_appeared->size(), 0);
}

void RuntimeFolderTest::keepsItsBound()
{
    std::vector<std::unique_ptr<HeldFile>> files;
    for (int i = 1; i <= int(RuntimeFolder::kMaxLocal) + 10; ++i)
        files.push_back(
            std::make_unique<HeldFile>(folder(), infoOf(1'000'000'000 + i, quint16(i))));
    watch({ folder() });
    QCOMPARE(m_appeared->size(), qsizetype(RuntimeFolder::kMaxLocal));
    QCOMPARE(m_vanished->size(), 0);
}

void RuntimeFolderTest::knowsWhereToLook()
{
    QProcessEnvironment environment;
    environment.insert(u"RUNTIME_DIRECTORY"_s, u"/run/a:/run/b"_s);
    environment.insert(u"XDG_RUNTIME_DIR"_s, u"/run/user/7"_s);
    environment.insert(u"XDG_STATE_HOME"_s, u"/home/o/state"_s);
    QCOMPARE(RuntimeFolder::standardFolders(environment),
             QStringList({ u"/run/a"_s, u"/run/b"_s, u"/run/user/7/quiesce"_s,
                           u"/home/o/state/quiesce/run"_s, u"/run/quiesce*"_s }));
    QCOMPARE(
        RuntimeFolder::standardFolders({}),
        QStringList({ QDir::homePath() + "/.local/state/quiesce/run"_L1, u"/run/quiesce*"_s }));
}

QTEST_GUILESS_MAIN(RuntimeFolderTest)
#include "tst_runtimefolder.moc"
