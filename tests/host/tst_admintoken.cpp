// SPDX-License-Identifier: GPL-3.0-only
// The operator's token: random, private from the first moment, and never replaced.
#include "service/host/admintoken.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using quiesce::AdminToken;
using quiesce::ensureAdminToken;

class AdminTokenTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makes256RandomBitsThatOnlyTheOwnerReads();
    void staysPrivateUnderAnyUmask();
    void makesAnotherTokenForAnotherFile();
    void leavesAFileThatIsThere_data();
    void leavesAFileThatIsThere();
    void warnsWhenOthersMayReadIt();
    void isMadeByExactlyOneOfMany();
    void saysWhyItCannotBeMade_data();
    void saysWhyItCannotBeMade();

private:
    [[nodiscard]] QByteArray content() const
    {
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
    }
    [[nodiscard]] int mode() const
    {
        struct stat info = {};
        const bool isThere = ::stat(QFile::encodeName(m_path).constData(), &info) == 0;
        return isThere ? int(info.st_mode & 07777) : -1;
    }
    [[nodiscard]] qsizetype fileCount() const
    {
        return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void AdminTokenTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"admin-token"_s);
}

void AdminTokenTest::makes256RandomBitsThatOnlyTheOwnerReads()
{
    const auto made = ensureAdminToken(m_path);
    QVERIFY(made);
    QCOMPARE(made.value(), AdminToken::Made);
    static const QRegularExpression form(u"^[0-9a-f]{64}\n$"_s);
    QVERIFY2(form.match(QString::fromLatin1(content())).hasMatch(), content().constData());
    QCOMPARE(mode(), 0600);
    QCOMPARE(fileCount(), 1);
}

void AdminTokenTest::staysPrivateUnderAnyUmask()
{
    const mode_t before = ::umask(0);
    const auto made = ensureAdminToken(m_path);
    ::umask(before);
    QVERIFY(made);
    QCOMPARE(mode(), 0600);
}

void AdminTokenTest::makesAnotherTokenForAnotherFile()
{
    QVERIFY(ensureAdminToken(m_path));
    const QByteArray first = content();
    QVERIFY(QFile::remove(m_path));
    QVERIFY(ensureAdminToken(m_path));
    QVERIFY(content() != first);
}

void AdminTokenTest::leavesAFileThatIsThere_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("own token") << QByteArray("secret");
    QTest::newRow("empty") << QByteArray();
}

void AdminTokenTest::leavesAFileThatIsThere()
{
    QFETCH(const QByteArray, before);
    {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(before) == before.size());
        QVERIFY(file.setPermissions(QFile::ReadOwner));
    }
    const auto ensured = ensureAdminToken(m_path);
    QVERIFY(ensured);
    QCOMPARE(ensured.value(), AdminToken::WasThere);
    QCOMPARE(content(), before);
    QCOMPARE(mode(), 0400);
    QCOMPARE(fileCount(), 1);
}

void AdminTokenTest::warnsWhenOthersMayReadIt()
{
    QVERIFY(ensureAdminToken(m_path));
    QVERIFY(QFile(m_path).setPermissions(QFile::ReadOwner | QFile::ReadGroup));
    QTest::ignoreMessage(QtWarningMsg,
                         qPrintable(u"others may read the admin token file=%1"_s.arg(m_path)));
    const auto ensured = ensureAdminToken(m_path);
    QVERIFY(ensured);
    QCOMPARE(ensured.value(), AdminToken::WasThere);
    QCOMPARE(mode(), 0440);
}

void AdminTokenTest::isMadeByExactlyOneOfMany()
{
    constexpr int kMany = 8;
    std::atomic<int> made = 0;
    std::vector<std::jthread> threads;
    threads.reserve(kMany);
    for (int i = 0; i < kMany; ++i) {
        threads.emplace_back([&] {
            const auto ensured = ensureAdminToken(m_path);
            if (ensured && ensured.value() == AdminToken::Made)
                ++made;
        });
    }
    threads.clear();
    QCOMPARE(made.load(), 1);
    QCOMPARE(content().size(), 65);
    QCOMPARE(fileCount(), 1);
}

void AdminTokenTest::saysWhyItCannotBeMade_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("error");
    QTest::newRow("no directory") << u"none/token"_s << u"No such file or directory"_s;
    QTest::newRow("a directory") << u"folder"_s << u": is not a regular file"_s;
    QTest::newRow("a device") << u"device"_s << u": is not a regular file"_s;
    QTest::newRow("a link to nothing") << u"dangling"_s << u"cannot be made: File exists"_s;
}

void AdminTokenTest::saysWhyItCannotBeMade()
{
    QFETCH(const QString, path);
    QFETCH(const QString, error);
    QVERIFY(QDir(m_folder->path()).mkdir(u"folder"_s));
    QVERIFY(QFile::link(u"/dev/null"_s, m_folder->filePath(u"device"_s)));
    QVERIFY(QFile::link(u"/nowhere/token"_s, m_folder->filePath(u"dangling"_s)));
    const auto ensured = ensureAdminToken(m_folder->filePath(path));
    QVERIFY(!ensured);
    QVERIFY2(ensured.error().endsWith(error), qPrintable(ensured.error()));
    QCOMPARE(fileCount(), 1); // the link to the device
}

QTEST_APPLESS_MAIN(AdminTokenTest)
#include "tst_admintoken.moc"
