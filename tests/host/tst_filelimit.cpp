// SPDX-License-Identifier: GPL-3.0-only
// The limit of open files: raised to the hard limit, and compared with what connections need.
#include "service/host/filelimit.h"

#include <QTest>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using quiesce::FileLimit;
using quiesce::isFileLimitEnough;
using quiesce::raiseFileLimit;

class FileLimitTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void raisesTheSoftLimitToTheHardOne();
    void leavesALimitThatIsAsHighAsItMayBe();
    void warnsWhenConnectionsDoNotFit_data();
    void warnsWhenConnectionsDoNotFit();
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

void FileLimitTest::warnsWhenConnectionsDoNotFit_data()
{
    QTest::addColumn<qint64>("now");
    QTest::addColumn<bool>("isEnough");
    QTest::newRow("no limit") << quiesce::kUnlimitedFiles << true;
    QTest::newRow("just enough") << qint64(1'064) << true;
    QTest::newRow("one too few") << qint64(1'063) << false;
}

void FileLimitTest::warnsWhenConnectionsDoNotFit()
{
    QFETCH(const qint64, now);
    QFETCH(const bool, isEnough);
    if (!isEnough)
        QTest::ignoreMessage(
            QtWarningMsg, "file limit too low for limits.max_connections limit=1063 wanted=1064");
    QCOMPARE(isFileLimitEnough({ 1'024, now }, 1'000), isEnough);
}

QTEST_APPLESS_MAIN(FileLimitTest)
#include "tst_filelimit.moc"
