// SPDX-License-Identifier: GPL-3.0-only
// SingleInstance: two consoles on one folder, side by side and one after the other.
#include "console/singleinstance.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QtConcurrent/QtConcurrentRun>
#include <unistd.h>

using namespace quiesce;
using namespace Qt::StringLiterals;

class SingleInstanceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void theSecondHandsOver();
    void anotherFolderIsAnotherConsole();
    void aConsoleThatHasGoneLeavesTheFolderFree();
    void anOrphanedSocketIsTakenOver();
    void handingOverToNobodyFails();
    void aFolderThatCannotBeWrittenToIsNobodys();
    void whatIsTooLongIsNotCutShort();
    void aFirstThatHangsIsWaitedForOnce();
    void garbageAndSilenceAreBorne();

private:
    [[nodiscard]] QString folder() const { return m_folder->filePath(u"config"_s); }
    [[nodiscard]] QString socket() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void SingleInstanceTest::initTestCase()
{
    static const QTemporaryDir runtime;
    QFile::setPermissions(runtime.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime.path()));
}

void SingleInstanceTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

QString SingleInstanceTest::socket() const
{
    const QDir runtime(qEnvironmentVariable("XDG_RUNTIME_DIR"));
    const QStringList sockets = runtime.entryList({ u"quiesce-console-*"_s }, QDir::System);
    return sockets.size() == 1 ? runtime.filePath(sockets.first()) : QString();
}

void SingleInstanceTest::theSecondHandsOver()
{
    SingleInstance first(folder());
    QVERIFY(first.isFirst());
    QVERIFY(first.isFirst()); // still
    QSignalSpy startedAgain(&first, &SingleInstance::startedAgain);
    const QList<QUrl> urls{ QUrl(u"http://127.0.0.1:9090"_s), QUrl(u"https://[::1]:9091"_s) };
    SingleInstance second(folder());
    QVERIFY(!second.isFirst());
    QVERIFY(second.firstOne().contains(QString::number(getpid())));
    // The second blocks, as it does before it has an event loop; the first has one.
    const QFuture<bool> handed = QtConcurrent::run([this, urls] {
        const SingleInstance later(folder());
        return later.handOver(urls);
    });
    QTRY_COMPARE(startedAgain.size(), 1);
    QCOMPARE(startedAgain.first().first().value<QList<QUrl>>(), urls);
    QTRY_VERIFY(handed.isFinished());
    QVERIFY(handed.result());
    QCOMPARE(QFileInfo(socket()).permissions() & (QFile::ReadGroup | QFile::WriteOther),
             QFile::Permissions());
}

void SingleInstanceTest::anotherFolderIsAnotherConsole()
{
    SingleInstance first(folder());
    SingleInstance other(m_folder->filePath(u"other"_s));
    QVERIFY(first.isFirst());
    QVERIFY(other.isFirst());
}

void SingleInstanceTest::aConsoleThatHasGoneLeavesTheFolderFree()
{
    {
        SingleInstance first(folder());
        QVERIFY(first.isFirst());
    }
    SingleInstance next(folder());
    QVERIFY(next.isFirst());
}

void SingleInstanceTest::anOrphanedSocketIsTakenOver()
{
    QString path;
    {
        SingleInstance first(folder());
        QVERIFY(first.isFirst());
        path = socket();
        QVERIFY(!path.isEmpty());
    }
    QFile orphan(path); // as kill -9 leaves one, though nobody listens
    QVERIFY(orphan.open(QIODevice::WriteOnly));
    orphan.close();
    SingleInstance next(folder());
    QVERIFY(next.isFirst());
    QLocalSocket peer;
    peer.connectToServer(path);
    QVERIFY(peer.waitForConnected());
}

void SingleInstanceTest::handingOverToNobodyFails()
{
    const SingleInstance alone(folder());
    QVERIFY(!alone.handOver({}));
    QCOMPARE(alone.firstOne(), QString());
}

void SingleInstanceTest::aFolderThatCannotBeWrittenToIsNobodys()
{
    QFile inTheWay(folder());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    inTheWay.close();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"cannot lock .*"_s));
    SingleInstance instance(folder());
    QVERIFY(instance.isFirst());
}

void SingleInstanceTest::whatIsTooLongIsNotCutShort()
{
    SingleInstance first(folder());
    QVERIFY(first.isFirst());
    const QSignalSpy startedAgain(&first, &SingleInstance::startedAgain);
    const QUrl url(u"http://127.0.0.1:9090"_s);
    const SingleInstance second(folder());
    QVERIFY(!second.handOver(QList<QUrl>(SingleInstance::kMaxMessage / 10, url)));
    QCoreApplication::processEvents();
    QCOMPARE(startedAgain.size(), 0);
}

void SingleInstanceTest::aFirstThatHangsIsWaitedForOnce()
{
    SingleInstance first(folder());
    QVERIFY(first.isFirst());
    const SingleInstance second(folder());
    QElapsedTimer waited;
    waited.start();
    QVERIFY(!second.handOver({})); // the event loop of the first does not turn meanwhile
    const auto patience = SingleInstance::kPatience.count();
    QVERIFY(waited.elapsed() >= patience - 100);
    QVERIFY(waited.elapsed() < 2 * patience);
}

void SingleInstanceTest::garbageAndSilenceAreBorne()
{
    SingleInstance first(folder());
    QVERIFY(first.isFirst());
    const QSignalSpy startedAgain(&first, &SingleInstance::startedAgain);
    QLocalSocket silent;
    silent.connectToServer(socket());
    QLocalSocket flooding;
    flooding.connectToServer(socket());
    flooding.write(QByteArray(2 * SingleInstance::kMaxMessage, 'x'));
    QTRY_COMPARE(flooding.state(), QLocalSocket::UnconnectedState);
    QTRY_COMPARE(silent.state(), QLocalSocket::UnconnectedState); // after kPatience
    QCOMPARE(startedAgain.size(), 0);
    QLocalSocket talking;
    talking.connectToServer(socket());
    talking.write("no JSON\n");
    QTRY_COMPARE(startedAgain.size(), 1); // a start is a start: the window is raised
}

QTEST_GUILESS_MAIN(SingleInstanceTest)
#include "tst_singleinstance.moc"
