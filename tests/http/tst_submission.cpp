// SPDX-License-Identifier: GPL-3.0-only
// What is read from a submission, and how jobs are shown.
#include "common/utc.h"
#include "service/http/jobs/submission.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace std::chrono_literals;

class SubmissionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEverythingThereIs();
    void leavesOutWhatIsNotThere();
    void takesATimeFromAnywhereOnEarth();
    void showsAPageWithWhatFollowsIt();
    void cutsAPageThatWouldBeTooLong();
    void givesEachErrorItsStatus_data();
    void givesEachErrorItsStatus();
};

namespace {

JobRequest read(const QByteArray &body, const QByteArray &key = {})
{
    const auto request = readSubmission("application/json; charset=utf-8", body, key);
    return request ? request.value() : JobRequest{};
}

Job jobOf(const QString &id, qsizetype payloadBytes = 1)
{
    Job job;
    job.id = id;
    job.kind = u"k"_s;
    job.payload = { { u"t"_s, QString(payloadBytes, u'x') } };
    return job;
}

} // namespace

void SubmissionTest::readsEverythingThereIs()
{
    const JobRequest request = read(R"({"kind":"sleep","payload":{"ms":5},"timeoutMs":2592000000,
        "maxAttempts":100,"runAt":"2026-11-25T12:00:00.250Z"})",
                                    "key");
    QCOMPARE(request.kind, u"sleep"_s);
    QCOMPARE(request.payload, (QJsonObject{ { u"ms"_s, 5 } }));
    QCOMPARE(*request.timeout, JobQueue::kLongestTimeout);
    QCOMPARE(*request.maxAttempts, 100);
    QCOMPARE(request.runAt, quiesce::utcAt({ 2026, 11, 25 }, { 12, 0, 0, 250 }));
    QCOMPARE(request.idempotencyKey, QByteArray("key"));
}

void SubmissionTest::leavesOutWhatIsNotThere()
{
    const JobRequest request = read(R"({"kind":"k","payload":null,"timeoutMs":null,"runAt":null})");
    QCOMPARE(request.kind, u"k"_s);
    QCOMPARE(request.payload, QJsonObject());
    QVERIFY(!request.timeout);
    QVERIFY(!request.maxAttempts);
    QVERIFY(!request.runAt.isValid());
}

void SubmissionTest::takesATimeFromAnywhereOnEarth()
{
    const QDateTime noon = quiesce::utcAt({ 2026, 11, 25 }, { 12, 0 });
    for (const char *at :
         { "2026-11-25T12:00:00Z", "2026-11-25T13:00:00+01:00", "2026-11-25T06:30:00.000-05:30" }) {
        const JobRequest request = read(R"({"kind":"k","runAt":")" + QByteArray(at) + R"("})");
        QCOMPARE(request.runAt, noon);
        QCOMPARE(request.runAt.timeSpec(), Qt::UTC);
    }
}

void SubmissionTest::showsAPageWithWhatFollowsIt()
{
    const auto shown = [](const JobPage &page) {
        return QJsonDocument::fromJson(pageResponse(page).data()).object();
    };
    QCOMPARE(shown({}), (QJsonObject{ { u"items"_s, QJsonArray() }, { u"next"_s, {} } }));
    const Job job = jobOf(u"a"_s);
    QCOMPARE(shown({ .jobs = { job }, .next = u"a"_s }),
             (QJsonObject{ { u"items"_s, QJsonArray{ toJson(job) } }, { u"next"_s, u"a"_s } }));
}

void SubmissionTest::cutsAPageThatWouldBeTooLong()
{
    constexpr qsizetype kMiB = qsizetype{ 1'024 } * 1'024;
    JobPage page;
    for (const QString &id : { u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s, u"f"_s })
        page.jobs.append(jobOf(id, kMiB));
    const QJsonObject cut = QJsonDocument::fromJson(pageResponse(page).data()).object();
    QCOMPARE(cut["items"_L1].toArray().size(), kMaxPageBytes / kMiB);
    QCOMPARE(cut["next"_L1].toString(), u"d"_s);
    page.jobs = { jobOf(u"a"_s, 2 * kMaxPageBytes) };
    const QJsonObject one = QJsonDocument::fromJson(pageResponse(page).data()).object();
    QCOMPARE(one["items"_L1].toArray().size(), 1);
    QVERIFY(one["next"_L1].isNull());
}

void SubmissionTest::givesEachErrorItsStatus_data()
{
    QTest::addColumn<JobError::Kind>("kind");
    QTest::addColumn<int>("status");
    QTest::newRow("unknown-kind") << JobError::Kind::UnknownKind << 422;
    QTest::newRow("bad-payload") << JobError::Kind::BadPayload << 422;
    QTest::newRow("bad-request") << JobError::Kind::BadRequest << 422;
    QTest::newRow("key-reused") << JobError::Kind::KeyReused << 422;
    QTest::newRow("payload-too-large") << JobError::Kind::PayloadTooLarge << 413;
    QTest::newRow("no-such-job") << JobError::Kind::NotFound << 404;
    QTest::newRow("job-ended") << JobError::Kind::Ended << 409;
    QTest::newRow("too-many-waiting") << JobError::Kind::TooManyWaiting << 503;
    QTest::newRow("store-unavailable") << JobError::Kind::Unavailable << 503;
}

void SubmissionTest::givesEachErrorItsStatus()
{
    QFETCH(const JobError::Kind, kind);
    const Refusal refusal = refusalOf({ kind, u"why"_s });
    QTEST(refusal.status, "status");
    QCOMPARE(refusal.code, QByteArray(QTest::currentDataTag()));
    QCOMPARE(refusal.detail, u"why"_s);
}

QTEST_APPLESS_MAIN(SubmissionTest)
#include "tst_submission.moc"
