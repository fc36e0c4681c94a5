// SPDX-License-Identifier: GPL-3.0-only
// A job written as text is the job as a document.
#include "common/jobs/jobtext.h"
#include "common/utc.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace std::chrono_literals;

namespace {

Job fresh()
{
    Job job;
    job.id = u"01a215c8-bf83-71bc-817c-8047e7478bca"_s;
    job.kind = u"sleep"_s;
    job.payload = { { u"ms"_s, 8'000 } };
    job.maxAttempts = 3;
    job.createdAt = quiesce::utcFromMs(1'795'661'807'491);
    job.runAt = job.createdAt;
    return job;
}

Job whole()
{
    Job job = fresh();
    job.state = JobState::Succeeded;
    job.progress = 0.1;
    job.attempt = 2;
    job.timeout = 5s;
    job.requeues = { { job.createdAt.addMSecs(1), RequeueReason::Stop },
                     { job.createdAt.addDays(400), RequeueReason::LeaseLost } };
    job.checkpoint = QJsonObject{ { u"at \"here\""_s, QJsonArray{ 1, u"ü"_s } } };
    job.result = QJsonObject{ { u"ok"_s, true } };
    job.error = u"line one\nline \"two\" \\ ü \u2028 \U0001F600"_s;
    job.startedAt = job.createdAt.addMSecs(5);
    job.finishedAt = job.createdAt.addSecs(3'600);
    return job;
}

} // namespace

class JobTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatTheDocumentSays_data();
    void saysWhatTheDocumentSays();
    void writesTimesLikeQt_data();
    void writesTimesLikeQt();
};

void JobTextTest::saysWhatTheDocumentSays_data()
{
    QTest::addColumn<Job>("job");
    QTest::newRow("a new one") << fresh();
    QTest::newRow("all of it") << whole();
    const auto row = [](const char *name, auto change) {
        Job job = whole();
        change(job);
        QTest::newRow(name) << job;
    };
    row("a number as result", [](Job &job) { job.result = 1.5e300; });
    row("a text as result", [](Job &job) { job.result = u"a\tb"_s; });
    row("a list as result", [](Job &job) { job.result = QJsonArray{ QJsonValue(), 1 }; });
    row("no result", [](Job &job) { job.result = QJsonValue(); });
    row("an empty payload", [](Job &job) { job.payload = {}; });
    row("done", [](Job &job) { job.progress = 1; });
    row("a tiny progress", [](Job &job) { job.progress = 1e-9; });
    row("a third", [](Job &job) { job.progress = 1.0 / 3; });
    row("a plain error", [](Job &job) { job.error = u"no such file"_s; });
    row("half a character", [](Job &job) { job.error = QString(QChar(0xd83d)); });
    row("a control character", [](Job &job) { job.error = QString(QChar(0x7f)) + QChar(1); });
}

void JobTextTest::saysWhatTheDocumentSays()
{
    QFETCH(const Job, job);
    const QByteArray document = QJsonDocument(toJson(job)).toJson(QJsonDocument::Compact);
    QCOMPARE(QString::fromUtf8(toJsonText(job)), QString::fromUtf8(document));
}

void JobTextTest::writesTimesLikeQt_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::newRow("the epoch") << qint64{ 0 };
    QTest::newRow("a moment before it") << qint64{ -1 };
    QTest::newRow("a day before it") << qint64{ -86'400'000 };
    QTest::newRow("a leap day") << qint64{ 1'709'251'199'999 };
    QTest::newRow("the last of a year") << qint64{ 1'735'689'599'999 };
    QTest::newRow("year 0001") << qint64{ -62'135'596'800'000 };
    QTest::newRow("year 9999") << qint64{ 253'402'300'799'999 };
    QTest::newRow("year 10000") << qint64{ 253'402'300'800'000 };
}

void JobTextTest::writesTimesLikeQt()
{
    QFETCH(const qint64, ms);
    Job job = fresh();
    job.runAt = quiesce::utcFromMs(ms);
    const QByteArray document = QJsonDocument(toJson(job)).toJson(QJsonDocument::Compact);
    QCOMPARE(toJsonText(job), document);
}

QTEST_APPLESS_MAIN(JobTextTest)
#include "tst_jobtext.moc"
