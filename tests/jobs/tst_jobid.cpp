// SPDX-License-Identifier: GPL-3.0-only
// Job ids: their form, and that they only rise.
#include "common/utc.h"
#include "service/jobs/jobstore.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

class JobIdTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasTheFormOfAUuid7();
    void risesWithinAMillisecondAndWhenTheClockStepsBack();
    void risesAboveWhatIsKept();
};

void JobIdTest::hasTheFormOfAUuid7()
{
    static const QRegularExpression form(
        u"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"_s);
    const QString id = newJobId(quiesce::utcFromMs(0x0123456789ab));
    QVERIFY2(form.match(id).hasMatch(), qPrintable(id));
    QVERIFY2(id.startsWith("01234567-89ab-7"_L1), qPrintable(id));
}

void JobIdTest::risesWithinAMillisecondAndWhenTheClockStepsBack()
{
    QDateTime now = QDateTime::currentDateTimeUtc();
    QString last;
    for (int i = 0; i < 20'000; ++i) {
        if (i == 10'000)
            now = now.addDays(-1);
        const QString id = newJobId(now);
        QVERIFY(id > last);
        last = id;
    }
}

void JobIdTest::risesAboveWhatIsKept()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QString kept = u"fffffff0-0000-7abc-8000-000000000000"_s;
    keepJobIdsAbove(QString());
    keepJobIdsAbove(u"ffffffff-ffff-4abc-8000-000000000000"_s); // of another version
    QVERIFY(newJobId(now) < kept);
    keepJobIdsAbove(kept);
    const QString next = newJobId(now);
    QVERIFY2(next > kept && next.startsWith("fffffff0-0000-7abd"_L1), qPrintable(next));
}

QTEST_GUILESS_MAIN(JobIdTest)
#include "tst_jobid.moc"
