// SPDX-License-Identifier: GPL-3.0-only
// The token files: the operator's random, private from the first moment and never replaced; both
// refused when they are not what a secret's file should be, without a word of what is in them.
#include "service/host/admintoken.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using quiesce::AdminSettings;
using quiesce::AdminToken;
using quiesce::ensureAdminToken;
using quiesce::JobSettings;
using quiesce::readAdminTokens;
using quiesce::readJobsToken;
using quiesce::readToken;
using quiesce::TokenFault;

namespace {

const QByteArray kToken = "some-token_of.16~bytes+or/more==";

} // namespace

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
    void isMadeByExactlyOneOfMany();
    void saysWhyItCannotBeMade_data();
    void saysWhyItCannotBeMade();
    void readsTheTokenItMade();
    void readsATokenWithoutWhatIsBehindIt_data();
    void readsATokenWithoutWhatIsBehindIt();
    void refusesWhatIsNoToken_data();
    void refusesWhatIsNoToken();
    void refusesAFileOpenToOthers_data();
    void refusesAFileOpenToOthers();
    void refusesAFileOfAnotherUser();
    void readsThroughTheLinksOfASecretVolume();
    void refusesWhatIsNoRegularFile_data();
    void refusesWhatIsNoRegularFile();
    void cannotReadWhatTheSystemKeeps();
    void readsBothTokens();
    void wantsTwoDifferentTokens();
    void readsAJobsTokenThatIsNoOperators();

private:
    void write(const QByteArray &bytes, QFile::Permissions permissions = QFile::ReadOwner) const
    {
        QFile file(m_path);
        file.remove();
        const bool isWritten = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
            && file.setPermissions(permissions);
        if (!isWritten)
            qFatal("cannot write %s", qUtf8Printable(m_path));
    }
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
    QTest::newRow("a link to nothing") << u"dangling"_s << u"cannot be made: File exists"_s;
}

void AdminTokenTest::saysWhyItCannotBeMade()
{
    QFETCH(const QString, path);
    QFETCH(const QString, error);
    QVERIFY(QFile::link(u"/nowhere/token"_s, m_folder->filePath(u"dangling"_s)));
    const auto ensured = ensureAdminToken(m_folder->filePath(path));
    QVERIFY(!ensured);
    QVERIFY2(ensured.error().endsWith(error), qPrintable(ensured.error()));
    QCOMPARE(fileCount(), 0);
}

void AdminTokenTest::readsTheTokenItMade()
{
    QVERIFY(ensureAdminToken(m_path));
    const auto token = readToken(m_path);
    QVERIFY(token);
    QCOMPARE(token.value().view(), content().trimmed());
}

void AdminTokenTest::readsATokenWithoutWhatIsBehindIt_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("bare") << kToken << kToken;
    QTest::newRow("a line") << kToken + '\n' << kToken;
    QTest::newRow("a DOS line") << kToken + "\r\n" << kToken;
    QTest::newRow("blanks") << kToken + " \t\n\n" << kToken;
    QTest::newRow("shortest") << QByteArray(16, 'x') << QByteArray(16, 'x');
    QTest::newRow("longest") << QByteArray(1'023, 'x') + '\n' << QByteArray(1'023, 'x');
    QTest::newRow("longest without end") << QByteArray(1'024, 'x') << QByteArray(1'024, 'x');
}

void AdminTokenTest::readsATokenWithoutWhatIsBehindIt()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QByteArray, token);
    write(content);
    const auto read = readToken(m_path);
    QVERIFY2(read, read ? "" : qPrintable(read.error().reason));
    QCOMPARE(read.value().view(), token);
}

void AdminTokenTest::refusesWhatIsNoToken_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    const QString byte =
        u"holds a byte that no bearer token has; it has letters, digits, -._~+/ and = at its end"_s;
    const QByteArray fifteen = "fifteen-bytes-0";
    QTest::newRow("nothing") << QByteArray() << u"is empty"_s;
    QTest::newRow("blank") << QByteArray(" \n\t\r\n") << u"is empty"_s;
    QTest::newRow("short") << fifteen << u"holds a token of less than 16 bytes"_s;
    QTest::newRow("short and blank") << fifteen + "\n\n"
                                     << u"holds a token of less than 16 bytes"_s;
    QTest::newRow("long") << QByteArray(1'025, 'x') << u"is longer than 1024 bytes"_s;
    QTest::newRow("much too long") << QByteArray(100'000, 'x') << u"is longer than 1024 bytes"_s;
    QTest::newRow("leading blank") << " " + kToken << byte;
    QTest::newRow("two lines") << kToken + '\n' + kToken << byte;
    QTest::newRow("a comma") << fifteen + ",x" << byte;
    QTest::newRow("a NUL") << fifteen + QByteArray("\0x", 2) << byte;
    QTest::newRow("a control character") << fifteen
            + "\x1b"
              "x" << byte;
    QTest::newRow("beyond ASCII") << fifteen + "\xc3\xa9" << byte;
    QTest::newRow("= inside") << fifteen + "=x" << byte;
    QTest::newRow("only =") << QByteArray(16, '=') << byte;
}

void AdminTokenTest::refusesWhatIsNoToken()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, reason);
    write(content);
    const auto read = readToken(m_path);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, TokenFault::Kind::Unusable);
    QCOMPARE(read.error().reason, m_path + u": "_s + reason);
}

void AdminTokenTest::refusesAFileOpenToOthers_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("isRefused");
    for (const int mode : { 0400, 0600, 0700, 04600 })
        QTest::addRow("%04o", mode) << mode << false;
    for (const int mode : { 0640, 0440 }) // the tests' user may be root, who lends to a group
        QTest::addRow("%04o", mode) << mode << (::geteuid() != 0);
    for (const int mode : { 0660, 0620, 0610, 0604, 0602, 0601, 0644, 0666, 0444 })
        QTest::addRow("%04o", mode) << mode << true;
}

void AdminTokenTest::refusesAFileOpenToOthers()
{
    QFETCH(const int, mode);
    QFETCH(const bool, isRefused);
    write(kToken);
    QCOMPARE(::chmod(QFile::encodeName(m_path).constData(), mode_t(mode)), 0);
    const auto read = readToken(m_path);
    QCOMPARE(bool(read), !isRefused);
    if (!isRefused)
        return;
    QCOMPARE(read.error().kind, TokenFault::Kind::Unusable);
    QCOMPARE(read.error().reason,
             u"%1: is open to others (mode %2); chmod it to 0600, or to 0640 when it is root's"_s
                 .arg(m_path)
                 .arg(mode, 4, 8, QChar(u'0')));
}

void AdminTokenTest::refusesAFileOfAnotherUser()
{
    if (::geteuid() != 0)
        QSKIP("only root can give a file away");
    write(kToken);
    QCOMPARE(::chown(QFile::encodeName(m_path).constData(), 65'534, 65'534), 0);
    const auto read = readToken(m_path);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, TokenFault::Kind::Unusable);
    QCOMPARE(read.error().reason,
             m_path + u": belongs to another user (uid 65534); chown it to the service's"_s);
}

/// Kubernetes keeps the content in a folder of its own, which a link names; a changed secret is
/// another folder and the link moved.
void AdminTokenTest::readsThroughTheLinksOfASecretVolume()
{
    const QDir volume(m_folder->path());
    const QByteArray next = "another-" + kToken;
    for (const auto &[folder, token] : { std::pair(u"..1"_s, kToken), std::pair(u"..2"_s, next) }) {
        QVERIFY(volume.mkdir(folder));
        QFile file(volume.filePath(folder + u"/token"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(token) == token.size());
        QVERIFY(file.setPermissions(QFile::ReadOwner));
    }
    QVERIFY(QFile::link(u"..1"_s, volume.filePath(u"..data"_s)));
    QVERIFY(QFile::link(u"..data/token"_s, volume.filePath(u"token"_s)));
    auto read = readToken(volume.filePath(u"token"_s));
    QVERIFY2(read, read ? "" : qPrintable(read.error().reason));
    QCOMPARE(read.value().view(), kToken);
    QVERIFY(QFile::remove(volume.filePath(u"..data"_s)));
    QVERIFY(QFile::link(u"..2"_s, volume.filePath(u"..data"_s)));
    read = readToken(volume.filePath(u"token"_s));
    QVERIFY(read && read.value().view() == next);
}

void AdminTokenTest::refusesWhatIsNoRegularFile_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::newRow("a directory") << u"folder"_s << u"is not a regular file"_s;
    QTest::newRow("a device") << u"device"_s << u"is not a regular file"_s;
    QTest::newRow("a pipe") << u"pipe"_s << u"is not a regular file"_s;
    QTest::newRow("nothing") << u"none"_s << u"cannot be read: No such file or directory"_s;
    QTest::newRow("a link to nothing")
        << u"dangling"_s << u"cannot be read: No such file or directory"_s;
}

void AdminTokenTest::refusesWhatIsNoRegularFile()
{
    QFETCH(const QString, name);
    QFETCH(const QString, reason);
    QVERIFY(QDir(m_folder->path()).mkdir(u"folder"_s));
    QVERIFY(QFile::link(u"/dev/null"_s, m_folder->filePath(u"device"_s)));
    QVERIFY(QFile::link(u"/nowhere/token"_s, m_folder->filePath(u"dangling"_s)));
    QCOMPARE(::mkfifo(QFile::encodeName(m_folder->filePath(u"pipe"_s)).constData(), 0600), 0);
    const auto read = readToken(m_folder->filePath(name));
    QVERIFY(!read);
    QCOMPARE(read.error().kind, TokenFault::Kind::Unusable);
    QCOMPARE(read.error().reason, m_folder->filePath(name) + u": "_s + reason);
}

void AdminTokenTest::cannotReadWhatTheSystemKeeps()
{
    QVERIFY(QFile::link(m_path, m_path)); // a link to itself: not even root gets through
    const auto read = readToken(m_path);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, TokenFault::Kind::Unreadable);
    QVERIFY2(read.error().reason.startsWith(m_path + u": cannot be read: "_s),
             qPrintable(read.error().reason));
}

void AdminTokenTest::readsBothTokens()
{
    AdminSettings settings;
    settings.tokenFile = m_folder->filePath(u"operator"_s);
    settings.readTokenFile = m_path;
    QVERIFY(ensureAdminToken(settings.tokenFile));
    write(kToken);
    auto tokens = readAdminTokens(settings);
    QVERIFY(tokens);
    QCOMPARE(tokens.value().operatorToken.view().size(), 64);
    QCOMPARE(tokens.value().readToken.view(), kToken);
    settings.readTokenFile.clear();
    tokens = readAdminTokens(settings);
    QVERIFY(tokens && tokens.value().readToken.isEmpty());
    settings.readTokenFile = m_folder->filePath(u"missing"_s);
    tokens = readAdminTokens(settings);
    QVERIFY(!tokens);
    QVERIFY(tokens.error().reason.startsWith(settings.readTokenFile));
}

void AdminTokenTest::wantsTwoDifferentTokens()
{
    AdminSettings settings;
    settings.tokenFile = m_path;
    settings.readTokenFile = m_folder->filePath(u"read"_s);
    write(kToken);
    QVERIFY(QFile::copy(m_path, settings.readTokenFile));
    write(kToken + "\n\n");
    const auto tokens = readAdminTokens(settings);
    QVERIFY(!tokens);
    QCOMPARE(tokens.error().kind, TokenFault::Kind::Unusable);
    QCOMPARE(tokens.error().reason,
             u"%1: holds the same token as %2"_s.arg(settings.readTokenFile, m_path));
}

void AdminTokenTest::readsAJobsTokenThatIsNoOperators()
{
    AdminSettings admin;
    admin.tokenFile = m_folder->filePath(u"operator"_s);
    QVERIFY(ensureAdminToken(admin.tokenFile));
    const auto operators = readAdminTokens(admin);
    QVERIFY(operators);
    JobSettings jobs;
    auto token = readJobsToken(jobs, operators.value());
    QVERIFY(token && token.value().isEmpty());
    jobs.tokenFile = m_path;
    write(kToken);
    token = readJobsToken(jobs, operators.value());
    QVERIFY(token);
    QCOMPARE(token.value().view(), kToken);
    jobs.tokenFile = admin.tokenFile;
    token = readJobsToken(jobs, operators.value());
    QVERIFY(!token);
    QCOMPARE(token.error().kind, TokenFault::Kind::Unusable);
    QCOMPARE(token.error().reason, jobs.tokenFile + u": holds the token of an operator"_s);
}

QTEST_APPLESS_MAIN(AdminTokenTest)
#include "tst_admintoken.moc"
