// SPDX-License-Identifier: GPL-3.0-only
// What is counted of jobs, and under which names.
#include "common/utc.h"
#include "service/http/metrics/jobmeter.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

const QDateTime kNow = quiesce::utcAt({ 2026, 11, 25 }, { 12, 0 });

Job jobOf(JobState state, const QString &kind = u"k"_s)
{
    Job job;
    job.kind = kind;
    job.state = state;
    return job;
}

Job ranFor(JobState state, qint64 ms)
{
    Job job = jobOf(state);
    job.startedAt = kNow;
    job.finishedAt = hasEnded(state) ? kNow.addMSecs(ms) : QDateTime();
    return job;
}

} // namespace

class JobMeterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatIsTakenInOnce();
    void countsEndsByOutcomeWithTheirTimes();
    void countsRequeuesByReason();
    void countsUnknownKindsUnderOneName();
};

void JobMeterTest::countsWhatIsTakenInOnce()
{
    JobMeter meter;
    meter.setKinds({ u"k"_s });
    meter.changed(jobOf(JobState::Queued));
    meter.changed(jobOf(JobState::Scheduled));
    meter.changed(ranFor(JobState::Running, 0));
    meter.changed(ranFor(JobState::Scheduled, 0)); // a retry
    QCOMPARE(meter.kinds().at(u"k"_s).submitted, quint64(2));
}

void JobMeterTest::countsEndsByOutcomeWithTheirTimes()
{
    JobMeter meter;
    meter.setKinds({ u"k"_s });
    meter.changed(ranFor(JobState::Succeeded, 100));
    meter.changed(ranFor(JobState::Succeeded, 101));
    meter.changed(ranFor(JobState::Failed, 100'000'000));
    meter.changed(jobOf(JobState::Cancelled)); // never ran
    const JobMeter::Kind &kind = meter.kinds().at(u"k"_s);
    QCOMPARE(kind.finished,
             (std::map<JobState, quint64>{ { JobState::Succeeded, 2 },
                                           { JobState::Failed, 1 },
                                           { JobState::Cancelled, 1 } }));
    QCOMPARE(kind.runs.count, quint64(3));
    QCOMPARE(kind.runs.buckets.front(), quint64(1));
    QCOMPARE(kind.runs.buckets[1], quint64(1));
    QCOMPARE(kind.runs.buckets.back(), quint64(1));
    QCOMPARE(kind.submitted, quint64(0));
}

void JobMeterTest::countsRequeuesByReason()
{
    JobMeter meter;
    meter.setKinds({ u"k"_s });
    Job job = ranFor(JobState::Queued, 0);
    job.requeues = { { kNow, RequeueReason::Crash }, { kNow, RequeueReason::LeaseLost } };
    meter.changed(job);
    meter.rescued(3);
    QCOMPARE(meter.requeues(RequeueReason::LeaseLost), quint64(1));
    QCOMPARE(meter.requeues(RequeueReason::Crash), quint64(3));
    QCOMPARE(meter.requeues(RequeueReason::Stop), quint64(0));
    QCOMPARE(meter.kinds().at(u"k"_s).submitted, quint64(0));
}

void JobMeterTest::countsUnknownKindsUnderOneName()
{
    JobMeter meter;
    meter.setKinds({ u"k"_s });
    meter.changed(jobOf(JobState::Cancelled, u"gone"_s));
    meter.changed(jobOf(JobState::Cancelled, u"gone-too"_s));
    QCOMPARE(meter.kinds().size(), size_t(2));
    QCOMPARE(meter.kinds().at(u"other"_s).finished.at(JobState::Cancelled), quint64(2));
}

QTEST_APPLESS_MAIN(JobMeterTest)
#include "tst_jobmeter.moc"
