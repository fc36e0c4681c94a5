// SPDX-License-Identifier: GPL-3.0-only
// Who may own a secret's file and who may get at it, for a service that is not root and one that
// is.
#include "service/core/secretfile.h"

#include <QTest>
#include <unistd.h>

using namespace Qt::StringLiterals;
using quiesce::secretFileFault;

namespace {

constexpr uid_t kRoot = 0;
constexpr uid_t kStranger = 54'321;

struct stat fileOf(uid_t owner, mode_t mode)
{
    struct stat info = {};
    info.st_uid = owner;
    info.st_mode = S_IFREG | mode;
    return info;
}

} // namespace

class SecretFileTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lendsOnlyRootsFilesToAGroup_data();
    void lendsOnlyRootsFilesToAGroup();
    void refusesAStrangersFile();
};

void SecretFileTest::lendsOnlyRootsFilesToAGroup_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("isFineOfRoot");
    QTest::addColumn<bool>("isFineOfOurs");
    for (const int mode : { 0400, 0600, 0700, 04600 })
        QTest::addRow("%04o", mode) << mode << true << true;
    for (const int mode : { 0440, 0640 }) // 0440: a secret volume with an fsGroup
        QTest::addRow("%04o", mode) << mode << true << false;
    for (const int mode : { 0460, 0620, 0610, 0650, 0444, 0644, 0604, 0602, 0601, 0777 })
        QTest::addRow("%04o", mode) << mode << false << false;
}

void SecretFileTest::lendsOnlyRootsFilesToAGroup()
{
    QFETCH(const int, mode);
    QFETCH(const bool, isFineOfRoot);
    QFETCH(const bool, isFineOfOurs);
    const auto isFine = [mode](uid_t owner) {
        return !secretFileFault(fileOf(owner, mode_t(mode)));
    };
    QCOMPARE(isFine(kRoot), isFineOfRoot);
    if (::geteuid() == kRoot && ::seteuid(kStranger) != 0)
        QSKIP("cannot be another user than root");
    const uid_t ours = ::geteuid();
    const bool asUser = isFine(ours);
    const bool ofRootAsUser = isFine(kRoot);
    if (::getuid() == kRoot)
        QCOMPARE(::seteuid(kRoot), 0);
    QCOMPARE(asUser, isFineOfOurs);
    QCOMPARE(ofRootAsUser, isFineOfRoot);
}

void SecretFileTest::refusesAStrangersFile()
{
    const auto fault = secretFileFault(fileOf(kStranger, 0600));
    QVERIFY(fault);
    QCOMPARE(*fault, u"belongs to another user (uid 54321); chown it to the service's"_s);
    QVERIFY(secretFileFault(fileOf(kRoot, 0644))->startsWith(u"is open to others (mode 0644)"_s));
}

QTEST_APPLESS_MAIN(SecretFileTest)
#include "tst_secretfile.moc"
