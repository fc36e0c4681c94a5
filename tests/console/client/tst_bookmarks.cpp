// SPDX-License-Identifier: GPL-3.0-only
// Bookmarks: kept in a real file, never lost to a damaged one, never with a secret.
#include "console/client/discovery/bookmarks.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

InstanceSpec specOf(const QString &name, int port = 9090)
{
    InstanceSpec spec;
    spec.name = name;
    spec.adminUrl = QUrl(u"https://orders.example.org:%1"_s.arg(port));
    spec.group = u"shop"_s;
    spec.environment = Environment::Production;
    spec.tokenSource = TokenSource::Keyring;
    spec.caFile = u"/etc/ca.pem"_s;
    spec.pinnedSha256 = QByteArray(32, '\x7f');
    spec.isReadOnly = true;
    return spec;
}

void put(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class BookmarksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void beginsWithoutAFile();
    void keepsWhatItIsGiven();
    void givesEachAnIdOfItsOwn();
    void writesAPrivateFileInAPrivateFolder();
    void changesAndRemoves();
    void refusesWhatIsWrong();
    void keepsNothingThatCannotBeWritten();
    void setsADamagedFileAside_data();
    void setsADamagedFileAside();
    void keepsTheGoodOnesOfADamagedFile();
    void keepsUnknownKeysOut();
    void setsAFolderOfThatNameAside();
    void exportsAndImports();
    void importsNoWayToAToken();
    void importsNothingFromADamagedFile();
    void keepsItsBound();

private:
    [[nodiscard]] QString folder() const { return m_folder->filePath(u"config"_s); }
    [[nodiscard]] QString path() const { return folder() + "/connections.json"_L1; }
    [[nodiscard]] QStringList files() const { return QDir(folder()).entryList(QDir::Files); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void BookmarksTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void BookmarksTest::beginsWithoutAFile()
{
    Bookmarks bookmarks(path());
    QVERIFY(bookmarks.load());
    QVERIFY(bookmarks.all().isEmpty());
    QVERIFY(!QFile::exists(path()));
}

void BookmarksTest::keepsWhatItIsGiven()
{
    Bookmarks bookmarks(path());
    QSignalSpy added(&bookmarks, &Bookmarks::added);
    const auto id = bookmarks.add(specOf(u"订单"_s));
    QVERIFY(id);
    QCOMPARE(added.size(), 1);
    InstanceSpec expected = specOf(u"订单"_s);
    expected.id = id.value();
    Bookmarks again(path());
    QVERIFY(again.load());
    QCOMPARE(again.all(), QList<InstanceSpec>{ expected });
    QCOMPARE(again.find(id.value()), std::optional(expected));
    QVERIFY(!again.find(u"another"_s));
}

void BookmarksTest::givesEachAnIdOfItsOwn()
{
    Bookmarks bookmarks(path());
    InstanceSpec spec = specOf(u"a"_s);
    spec.id = u"http://127.0.0.1:9090"_s; // of a local one that is kept
    spec.isLocal = true;
    spec.pid = 7;
    QVERIFY(bookmarks.add(spec));
    QVERIFY(bookmarks.all().first().id != spec.id);
    QVERIFY(!bookmarks.all().first().isLocal);
    QCOMPARE(bookmarks.all().first().pid, 0);
}

void BookmarksTest::writesAPrivateFileInAPrivateFolder()
{
    QVERIFY(Bookmarks(path()).add(specOf(u"a"_s)));
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(path()).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777, 0600U);
    QCOMPARE(::stat(QFile::encodeName(folder()).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777, 0700U);
    QVERIFY(QFile::setPermissions(path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    Bookmarks again(path());
    QVERIFY(again.load());
    QVERIFY(again.add(specOf(u"b"_s, 2)));
    QCOMPARE(::stat(QFile::encodeName(path()).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777, 0600U);
    QCOMPARE(files(), QStringList{ u"connections.json"_s });
}

void BookmarksTest::changesAndRemoves()
{
    Bookmarks bookmarks(path());
    const QString one = bookmarks.add(specOf(u"one"_s, 1)).takeValue();
    const QString two = bookmarks.add(specOf(u"two"_s, 2)).takeValue();
    QSignalSpy changed(&bookmarks, &Bookmarks::changed);
    QSignalSpy removed(&bookmarks, &Bookmarks::removed);
    InstanceSpec spec = *bookmarks.find(one);
    spec.name = u"uno"_s;
    QVERIFY(bookmarks.replace(spec));
    QVERIFY(bookmarks.remove(two));
    QVERIFY(bookmarks.remove(two)); // twice does no harm
    QCOMPARE(changed.size(), 1);
    QCOMPARE(removed.size(), 1);
    Bookmarks again(path());
    QVERIFY(again.load());
    QCOMPARE(again.all(), QList<InstanceSpec>{ spec });
}

void BookmarksTest::refusesWhatIsWrong()
{
    Bookmarks bookmarks(path());
    QVERIFY(bookmarks.add(specOf(u"a"_s)));
    QSignalSpy added(&bookmarks, &Bookmarks::added);
    const auto twice = bookmarks.add(specOf(u"b"_s));
    QVERIFY(!twice && twice.error().contains("orders.example.org"_L1));
    QVERIFY(!bookmarks.add(specOf(QString(65, u'x'), 2)));
    QVERIFY(!bookmarks.replace(specOf(u"unknown"_s)));
    QCOMPARE(bookmarks.all().size(), 1);
    QCOMPARE(added.size(), 0);
}

void BookmarksTest::keepsNothingThatCannotBeWritten()
{
    put(folder(), "a file where the folder should be");
    Bookmarks bookmarks(path());
    QSignalSpy added(&bookmarks, &Bookmarks::added);
    const auto kept = bookmarks.add(specOf(u"a"_s));
    QVERIFY(!kept && kept.error().contains(path()));
    QVERIFY(bookmarks.all().isEmpty());
    QCOMPARE(added.size(), 0);
}

void BookmarksTest::setsADamagedFileAside_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("place");
    QTest::newRow("half a file") << QByteArray("{\n  \"version\": 1,\n  \"conn") << u"line 3"_s;
    QTest::newRow("garbage") << QByteArray(4'096, '\xfe') << u"line 1"_s;
    QTest::newRow("a list") << QByteArray("[]") << u"version"_s;
    QTest::newRow("no list") << QByteArray(R"({"version": 1})") << u"connections"_s;
    QTest::newRow("of later") << QByteArray(R"({"version": 2, "connections": []})") << u"2"_s;
    QTest::newRow("huge") << QByteArray(Bookmarks::kMaxFileBytes + 1, ' ') << u"larger"_s;
    QTest::newRow("no url") << QByteArray(R"({"version": 1, "connections": [{"id": "a"}]})")
                            << u"connections[0].url"_s;
}

void BookmarksTest::setsADamagedFileAside()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, place);
    QVERIFY(QDir().mkpath(folder()));
    put(path(), content);
    Bookmarks bookmarks(path());
    const auto loaded = bookmarks.load();
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().contains(path()), qPrintable(loaded.error()));
    QVERIFY2(loaded.error().contains(place), qPrintable(loaded.error()));
    QCOMPARE(files().size(), 1);
    QVERIFY(files().first().startsWith("connections.json.damaged-"_L1));
    QVERIFY(loaded.error().contains(files().first()));
    QCOMPARE(contentOf(folder() + u'/' + files().first()), content);
    QVERIFY(bookmarks.add(specOf(u"a"_s))); // and it goes on
    QVERIFY(Bookmarks(path()).load());
}

void BookmarksTest::keepsTheGoodOnesOfADamagedFile()
{
    QVERIFY(QDir().mkpath(folder()));
    put(path(), R"({"version": 1, "connections": [
        {"id": "a", "url": "http://a:1", "token": "ask"},
        {"id": "b", "url": "http://b:1", "token": "shout"},
        {"id": "a", "url": "http://c:1", "token": "ask"}, 7 ]})");
    Bookmarks bookmarks(path());
    const auto loaded = bookmarks.load();
    QVERIFY(!loaded && loaded.error().contains("connections[1].token"_L1));
    QCOMPARE(bookmarks.all().size(), 1);
    QCOMPARE(files().size(), 2);
    Bookmarks again(path());
    QVERIFY(again.load());
    QCOMPARE(again.all(), bookmarks.all());
}

void BookmarksTest::keepsUnknownKeysOut()
{
    QVERIFY(QDir().mkpath(folder()));
    put(path(), R"({"version": 1, "note": "x", "connections": [
        {"id": "a", "url": "http://a:1", "token": "ask", "bearer": "hunter2"}]})");
    Bookmarks bookmarks(path());
    QVERIFY(bookmarks.load());
    QVERIFY(bookmarks.add(specOf(u"b"_s)));
    QVERIFY(!contentOf(path()).contains("hunter2"));
    QVERIFY(!contentOf(path()).contains("note"));
}

void BookmarksTest::setsAFolderOfThatNameAside()
{
    QVERIFY(QDir().mkpath(path()));
    put(path() + "/inside"_L1, "x");
    Bookmarks bookmarks(path());
    const auto loaded = bookmarks.load();
    QVERIFY(!loaded && loaded.error().contains("not a file"_L1));
    QCOMPARE(QDir(folder()).entryList({ u"*.damaged-*"_s }, QDir::Dirs).size(), 1);
    QVERIFY(bookmarks.add(specOf(u"a"_s)));
}

void BookmarksTest::exportsAndImports()
{
    Bookmarks bookmarks(path());
    QVERIFY(bookmarks.add(specOf(u"a"_s, 1)));
    QVERIFY(bookmarks.add(specOf(u"b"_s, 2)));
    const QString file = m_folder->filePath(u"export.json"_s);
    QVERIFY(bookmarks.exportTo(file));
    Bookmarks other(m_folder->filePath(u"other.json"_s));
    QVERIFY(other.add(specOf(u"mine"_s, 2)));
    QSignalSpy added(&other, &Bookmarks::added);
    const auto tally = other.importFrom(file);
    QVERIFY(tally);
    QCOMPARE(tally.value().added, 1);
    QCOMPARE(tally.value().known, 1);
    QCOMPARE(added.size(), 1);
    QCOMPARE(other.all().first().name, u"mine"_s);
    QCOMPARE(other.all().last().name, u"a"_s);
}

void BookmarksTest::importsNoWayToAToken()
{
    const QString file = m_folder->filePath(u"import.json"_s);
    put(file, R"({"version": 1, "connections": [
        {"id": "known", "url": "http://evil:1", "token": "keyring"},
        {"id": "x", "url": "http://evil:2", "token": "file", "tokenFile": "/home/o/secret"}]})");
    Bookmarks bookmarks(path());
    QVERIFY(bookmarks.importFrom(file));
    QCOMPARE(bookmarks.all().size(), 2);
    QVERIFY(bookmarks.all().first().id != "known"_L1); // under which the keyring may have one
    QCOMPARE(bookmarks.all().last().tokenSource, TokenSource::Ask);
    QCOMPARE(bookmarks.all().last().tokenFile, QString());
}

void BookmarksTest::importsNothingFromADamagedFile()
{
    const QString file = m_folder->filePath(u"import.json"_s);
    put(file, "{");
    Bookmarks bookmarks(path());
    const auto tally = bookmarks.importFrom(file);
    QVERIFY(!tally && tally.error().contains(file));
    QVERIFY(QFile::exists(file)); // it is the operator's, and stays
    QVERIFY(bookmarks.all().isEmpty());
}

void BookmarksTest::keepsItsBound()
{
    QJsonArray connections;
    for (int i = 0; i < kMaxBookmarks; ++i)
        connections.append(QJsonObject{ { u"id"_s, QString::number(i) },
                                        { u"url"_s, u"http://h%1:1"_s.arg(i) },
                                        { u"token"_s, u"ask"_s } });
    QVERIFY(QDir().mkpath(folder()));
    put(path(),
        QJsonDocument(QJsonObject{ { u"version"_s, 1 }, { u"connections"_s, connections } })
            .toJson());
    Bookmarks bookmarks(path());
    QVERIFY(bookmarks.load());
    QCOMPARE(bookmarks.all().size(), kMaxBookmarks);
    const auto more = bookmarks.add(specOf(u"a"_s));
    QVERIFY(!more && more.error().contains(QLocale().toString(kMaxBookmarks)));
    QCOMPARE(bookmarks.all().size(), kMaxBookmarks);
}

QTEST_GUILESS_MAIN(BookmarksTest)
#include "tst_bookmarks.moc"
