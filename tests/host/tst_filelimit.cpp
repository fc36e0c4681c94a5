// SPDX-License-Identifier: GPL-3.0-only
// The limit of open files: raised to the hard limit, and compared with what connections need.
#include "service/host/filelimit.h"

#include <QTest>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using quiesce::FileLimit;
using quiesce::fitTo;
using quiesce::LimitSettings;
using quiesce::raiseFileLimit;

class FileLimitTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void raisesTheSoftLimitToTheHardOne();
    void leavesALimitThatIsAsHighAsItMayBe();
    void leavesRoomForOperators_data();
    void leavesRoomForOperators();
};

void FileLimitTest::raisesTheSoftLimitToTheHardOne()
{
    rlimit limit{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = 128;
    limit.rlim_max = std::min<rlim_t>(limit.rlim_max, 512);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);

    QTest::ignoreMessage(QtInfoMsg, "file limit raised from=128 to=512");
    const FileLimit raised = raiseFileLimit();
    QCOMPARE(raised.before, 128);
    QCOMPARE(raised.now, 512);
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    QCOMPARE(limit.rlim_cur, rlim_t(512));
}

void FileLimitTest::leavesALimitThatIsAsHighAsItMayBe()
{
    raiseFileLimit();
    const FileLimit again = raiseFileLimit();
    QCOMPARE(again.before, again.now);
}

void FileLimitTest::leavesRoomForOperators_data()
{
    QTest::addColumn<qint64>("now");
    QTest::addColumn<int>("traffic");
    QTest::addColumn<int>("admin");
    QTest::newRow("no limit") << quiesce::kUnlimitedFiles << 1'000 << 200;
    QTest::newRow("just enough") << qint64(1'264) << 1'000 << 200;
    QTest::newRow("one too few") << qint64(1'263) << 999 << 200;
    QTest::newRow("far too few") << qint64(256) << 144 << 48;
    QTest::newRow("not even for the rest") << qint64(32) << 1 << 1;
}

void FileLimitTest::leavesRoomForOperators()
{
    QFETCH(const qint64, now);
    QFETCH(const int, traffic);
    QFETCH(const int, admin);
    LimitSettings limits;
    limits.maxConnections = 1'000;
    limits.maxAdminConnections = 200;
    if (now != quiesce::kUnlimitedFiles && now < 1'264) {
        const QString warning = u"file limit too low for limits.max_connections limit=%1 "
                                "wanted=1264 traffic=%2 admin=%3"_s.arg(now)
                                    .arg(traffic)
                                    .arg(admin);
        QTest::ignoreMessage(QtWarningMsg, qPrintable(warning));
    }
    const LimitSettings fitting = fitTo({ 1'024, now }, limits);
    QCOMPARE(fitting.maxConnections, traffic);
    QCOMPARE(fitting.maxAdminConnections, admin);
    limits.maxConnections = traffic;
    limits.maxAdminConnections = admin;
    QVERIFY(fitting == limits); // nothing else has changed
}

QTEST_APPLESS_MAIN(FileLimitTest)
#include "tst_filelimit.moc"
