// SPDX-License-Identifier: GPL-3.0-only
// Jobs as an operator sees and cancels them on the admin listener, whatever state the service is
// in.
#include "tests/endtoend/eventlistener.h"
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"
#include "tests/kit/jobsclient.h"

#include <QFile>
#include <QTest>
#include <csignal>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

const QStringList kPatient{ u"--grace"_s, u"10m"_s, u"--linger"_s, u"10m"_s };
const QByteArray kReadToken = "read-token-of-the-admin-jobs-test";
const QByteArray kNoJob = "/jobs/01890a5d-ac96-774b-bcce-b302099a8057";

bool isHalfDone(const QJsonObject &job)
{
    return job["progress"_L1].toDouble() == 0.5;
}

QStringList idsOf(const QJsonObject &page)
{
    QStringList ids;
    for (const QJsonValue item : page["items"_L1].toArray())
        ids.append(item["id"_L1].toString());
    return ids;
}

/// `action target result code`, newest first.
QStringList auditOf(const AdminClient &admin)
{
    QStringList lines;
    for (const QJsonValue entry : admin.get("/audit").body["items"_L1].toArray()) {
        lines.append(QStringList{ entry["action"_L1].toString(), entry["target"_L1].toString(),
                                  entry["result"_L1].toString(), entry["code"_L1].toString() }
                         .join(u' ')
                         .trimmed());
    }
    return lines;
}

QString auditedCancel(const QByteArray &id, const QString &result)
{
    return u"cancel-job %1 %2"_s.arg(QLatin1StringView(id), result);
}

QJsonObject rowOf(const QJsonObject &state, const QString &kind)
{
    for (const QJsonValue row : state["stop"_L1]["waitingOn"_L1].toArray()) {
        if (row["kind"_L1] == kind)
            return row.toObject();
    }
    return {};
}

} // namespace

class AdminJobsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_service.reset(); } // its log is told of the test that failed

    void showsWhatTheTrafficListenerShows();
    void listsAPageAtATime();
    void refusesWhatItCannotRead_data();
    void refusesWhatItCannotRead();
    void doesNotWaitForAJob();
    void cancelsAJobAndAuditsIt();
    void auditsWhatItCannotCancel();
    void aReadOnlyTokenLooksAndCancelsNothing();
    void cancelsWhatAStopWaitsFor();
    void showsJobsInLameDuck();
    void aServiceWithoutJobsHasNone();

private:
    [[nodiscard]] QByteArray beginStubborn() const;

    std::unique_ptr<ServiceProcess> m_service;
};

void AdminJobsTest::init()
{
    m_service = std::make_unique<ServiceProcess>(QStringLiteral(JOBSUBJECT_PROGRAM));
}

/// A job that runs until its deadline, or until it is cancelled.
QByteArray AdminJobsTest::beginStubborn() const
{
    EventListener events(*m_service);
    if (!events.waitFor("snapshot"))
        return {};
    const QByteArray id = JobsClient(*m_service).submit("stubborn").id();
    return waitForJob(events, id, isHalfDone) ? id : QByteArray();
}

void AdminJobsTest::showsWhatTheTrafficListenerShows()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const QByteArray id = client.submit("write", R"({"bytes":3})").id();
    QCOMPARE(client.await(id).state(), u"succeeded"_s);
    const AdminClient admin(*m_service);
    QCOMPARE(admin.get("/jobs/" + id).body, client.get(id).body);
    QCOMPARE(admin.get("/jobs").body, client.ask("GET", "/v1/jobs").body);
    const auto output = [&](quint16 port, const QByteArray &path) {
        return askAfresh(port,
                         "GET " + path + id + "/output HTTP/1.1\r\nHost: localhost\r\n"
                             + "Authorization: Bearer " + admin.token() + "\r\n\r\n");
    };
    const Answer shown = output(m_service->adminPort(), "/admin/v1/jobs/");
    const Answer expected = output(m_service->trafficPort(), "/v1/jobs/");
    QCOMPARE(shown.body, QByteArray("xxxend"));
    QCOMPARE(shown.body, expected.body);
    QCOMPARE(shown.fields.value("quiesce-output-dropped"), QByteArray("0"));
    QCOMPARE(shown.fields.value("content-type"), expected.fields.value("content-type"));
}

void AdminJobsTest::listsAPageAtATime()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    QStringList ids;
    for (const QByteArray &kind : { QByteArray("echo"), QByteArray("fail"), QByteArray("echo") }) {
        const QByteArray id = client.submit(kind).id();
        ids.prepend(QString::fromLatin1(id)); // newest first
        QVERIFY(!client.await(id).body.isEmpty());
    }
    const AdminClient admin(*m_service);
    const QJsonObject first = admin.get("/jobs?limit=2").body;
    QCOMPARE(idsOf(first), ids.first(2));
    const QJsonObject rest =
        admin.get("/jobs?limit=2&after=" + first["next"_L1].toString().toLatin1()).body;
    QCOMPARE(idsOf(rest), ids.last(1));
    QVERIFY(rest["next"_L1].isNull());
    QCOMPARE(idsOf(admin.get("/jobs?state=failed").body), QStringList{ ids[1] });
    QCOMPARE(idsOf(admin.get("/jobs?kind=echo").body), (QStringList{ ids[0], ids[2] }));
    QCOMPARE(idsOf(admin.get("/jobs?kind=nothing").body), QStringList());
}

void AdminJobsTest::refusesWhatItCannotRead_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("no number") << QByteArray("limit=x");
    QTest::newRow("none") << QByteArray("limit=0");
    QTest::newRow("too many") << QByteArray("limit=101");
    QTest::newRow("no state") << QByteArray("state=lost");
    QTest::newRow("an ID that is too long") << "after=" + QByteArray(1'000, 'a');
}

void AdminJobsTest::refusesWhatItCannotRead()
{
    QFETCH(QByteArray, query);
    QVERIFY(m_service->start());
    const AdminAnswer answer = AdminClient(*m_service).get("/jobs?" + query);
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.code(), u"bad-parameter"_s);
}

void AdminJobsTest::doesNotWaitForAJob()
{
    QVERIFY(m_service->start(kPatient));
    const QByteArray id = beginStubborn();
    QVERIFY(!id.isEmpty());
    const AdminClient admin(*m_service);
    const QJsonObject job = admin.get("/jobs/" + id + "?wait=5m").body; // passed over
    QCOMPARE(job["state"_L1].toString(), u"running"_s);
    QCOMPARE(job["progress"_L1].toDouble(), 0.5);
    QCOMPARE(admin.post("/force").status, 202);
    QCOMPARE(m_service->waitForExit(), 75);
}

void AdminJobsTest::cancelsAJobAndAuditsIt()
{
    QVERIFY(m_service->start());
    const QByteArray id = beginStubborn();
    QVERIFY(!id.isEmpty());
    const AdminClient admin(*m_service);
    const AdminAnswer cancelled = admin.ask("DELETE", "/jobs/" + id, R"({"actor":"ada"})",
                                            "Content-Type: application/json\r\n");
    QCOMPARE(cancelled.status, 202);
    QCOMPARE(cancelled.body["id"_L1].toString().toLatin1(), id);
    QCOMPARE(JobsClient(*m_service).await(id).state(), u"cancelled"_s);
    QCOMPARE(auditOf(admin), QStringList{ auditedCancel(id, u"accepted"_s) });
    const QJsonValue entry = admin.get("/audit").body["items"_L1][0];
    QCOMPARE(entry["actor"_L1].toString(), u"ada"_s);
    QCOMPARE(entry["role"_L1].toString(), u"operator"_s);
    QCOMPARE(entry["remoteAddress"_L1].toString(), u"127.0.0.1"_s);
}

void AdminJobsTest::auditsWhatItCannotCancel()
{
    QVERIFY(m_service->start());
    const JobsClient client(*m_service);
    const QByteArray id = client.submit("echo").id();
    QCOMPARE(client.await(id).state(), u"succeeded"_s);
    const AdminClient admin(*m_service);
    const AdminAnswer ended = admin.remove("/jobs/" + id);
    QCOMPARE(ended.status, 409);
    QCOMPARE(ended.code(), u"job-ended"_s);
    QCOMPARE(admin.remove(kNoJob).code(), u"no-such-job"_s);
    QCOMPARE(admin.remove("/jobs/nonsense").status, 404);
    QCOMPARE(
        admin.ask("DELETE", "/jobs/" + id, R"({"why":1})", "Content-Type: application/json\r\n")
            .code(),
        u"unknown-field"_s);
    QCOMPARE(auditOf(admin),
             (QStringList{ auditedCancel(id, u"refused unknown-field"_s),
                           auditedCancel("nonsense", u"refused no-such-job"_s),
                           auditedCancel(kNoJob.mid(6), u"refused no-such-job"_s),
                           auditedCancel(id, u"refused job-ended"_s) }));
}

void AdminJobsTest::aReadOnlyTokenLooksAndCancelsNothing()
{
    m_service->writeFile(u"read"_s, kReadToken + '\n');
    QCOMPARE(::chmod(QFile::encodeName(m_service->path(u"read"_s)).constData(), 0600), 0);
    m_service->setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, m_service->path(u"read"_s));
    QVERIFY(m_service->start(kPatient));
    const QByteArray id = beginStubborn();
    const auto ask = [&](const QByteArray &method) {
        return askAfresh(m_service->adminPort(),
                         method + " /admin/v1/jobs/" + id + " HTTP/1.1\r\nHost: localhost\r\n"
                             + "Authorization: Bearer " + kReadToken + "\r\n\r\n");
    };
    QCOMPARE(ask("GET").status, 200);
    const Answer refused = ask("DELETE");
    QCOMPARE(refused.status, 403);
    QCOMPARE(refused.code(), QByteArray("read-only"));
    const AdminClient admin(*m_service);
    QCOMPARE(admin.get("/jobs/" + id).body["state"_L1].toString(), u"running"_s);
    QCOMPARE(auditOf(admin), QStringList()); // it asked for nothing that is its to ask
    QCOMPARE(admin.post("/force").status, 202);
    QCOMPARE(m_service->waitForExit(), 75);
}

void AdminJobsTest::cancelsWhatAStopWaitsFor()
{
    QVERIFY(m_service->start(kPatient));
    const QByteArray id = beginStubborn();
    QVERIFY(!id.isEmpty());
    const AdminClient admin(*m_service);
    QCOMPARE(admin.post("/stop").status, 202);
    QVERIFY(m_service->waitForState(u"draining"_s));
    QTRY_VERIFY(isRefused(m_service->trafficPort()));
    const QJsonObject row = rowOf(admin.get("/state").body, u"job"_s);
    QCOMPARE(row["id"_L1].toString().toLatin1(), id);
    QCOMPARE(row["label"_L1].toString(), u"stubborn"_s);
    QCOMPARE(idsOf(admin.get("/jobs?state=running").body), QStringList{ QString::fromLatin1(id) });
    QCOMPARE(admin.get("/jobs/" + id + "/output").status, 200);
    QCOMPARE(admin.remove("/jobs/" + row["id"_L1].toString().toLatin1()).status, 202);
    QCOMPARE(m_service->waitForExit(), 0); // long before its deadline
    QCOMPARE(m_service->report()["jobs"_L1]["finished"_L1].toInt(), 1);
}

void AdminJobsTest::showsJobsInLameDuck()
{
    QVERIFY(m_service->start());
    const AdminClient admin(*m_service);
    QCOMPARE(admin.post("/quiesce").status, 202);
    const QByteArray id = JobsClient(*m_service).submit("echo").id(); // kept, but not begun
    QCOMPARE(admin.get("/jobs/" + id).body["state"_L1].toString(), u"queued"_s);
    const AdminAnswer cancelled = admin.remove("/jobs/" + id);
    QCOMPARE(cancelled.status, 202);
    QCOMPARE(cancelled.body["state"_L1].toString(), u"cancelled"_s);
    QCOMPARE(auditOf(admin),
             (QStringList{ auditedCancel(id, u"accepted"_s), u"quiesce  accepted"_s }));
}

void AdminJobsTest::aServiceWithoutJobsHasNone()
{
    ServiceProcess service(QStringLiteral(SUBJECT_PROGRAM));
    QVERIFY(service.start());
    const AdminClient admin(service);
    const AdminAnswer page = admin.get("/jobs");
    QCOMPARE(page.status, 200);
    QCOMPARE(page.body, (QJsonObject{ { u"items"_s, QJsonArray() }, { u"next"_s, QJsonValue() } }));
    QCOMPARE(admin.get("/jobs?limit=x").code(), u"bad-parameter"_s);
    QCOMPARE(admin.get(kNoJob).code(), u"no-such-job"_s);
    QCOMPARE(admin.get(kNoJob + "/output").code(), u"no-such-job"_s);
    QCOMPARE(admin.remove(kNoJob).code(), u"no-such-job"_s);
    QCOMPARE(auditOf(admin), QStringList{ auditedCancel(kNoJob.mid(6), u"refused no-such-job"_s) });
}

QTEST_GUILESS_MAIN(AdminJobsTest)
#include "tst_adminjobs.moc"
