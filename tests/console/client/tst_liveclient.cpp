// SPDX-License-Identifier: GPL-3.0-only
// InstanceClient and the real service: live, commands, tokens, restarts, crashes, stops.
#include "tests/console/support/linkwatcher.h"
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/lastingport.h"
#include "tests/kit/loopbackclient.h"

#include <QFile>
#include <QProcess>
#include <QTest>
#include <csignal>
#include <memory>
#include <sys/stat.h>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Kind = CommandOutcome::Kind;

InstanceSpec specOf(const ServiceProcess &service)
{
    InstanceSpec spec;
    spec.adminUrl.setScheme(u"http"_s);
    spec.adminUrl.setHost(u"127.0.0.1"_s);
    spec.adminUrl.setPort(service.adminPort());
    spec.tokenSource = TokenSource::File;
    spec.tokenFile = service.dataDir() + u"/admin-token"_s;
    spec.isLocal = true;
    spec.pid = service.pid();
    return spec;
}

QStringList onPort(quint16 port)
{
    return { u"--admin-listen"_s, u"127.0.0.1:%1"_s.arg(port) };
}

std::unique_ptr<LinkWatcher> liveAt(const InstanceSpec &spec)
{
    auto watcher = std::make_unique<LinkWatcher>(spec);
    watcher->client.start();
    if (!watcher->reaches(LinkState::Live))
        qFatal("not live");
    return watcher;
}

CommandOutcome outcomeOf(InstanceClient &client, const CommandRequest &request)
{
    QList<CommandOutcome> outcomes;
    QObject::connect(client.send(request), &Command::finished, &client,
                     [&outcomes](const CommandOutcome &outcome) { outcomes.append(outcome); });
    if (!QTest::qWaitFor([&outcomes] { return !outcomes.isEmpty(); }, 60'000))
        qFatal("no outcome");
    return outcomes.first();
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write");
    ::chmod(QFile::encodeName(path).constData(), 0600);
}

} // namespace

class LiveClientTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhatTheServiceIs();
    void quiescesAndResumes();
    void isToldWhyItIsRefused();
    void isNotAuthorisedWithAWrongToken();
    void mayOnlyReadWithAReadToken();
    void showsWhatAStopWaitsForAndItsReport();
    void seesAGapWhenTheServiceIsRestarted();
    void seesACrash();
    void missesNothingWhenItsConnectionIsCut();
    void readsListsAndReadiness();
};

void LiveClientTest::showsWhatTheServiceIs()
{
    ServiceProcess service;
    QVERIFY(service.start());
    LinkWatcher watcher(specOf(service));
    std::optional<Snapshot> first;
    connect(&watcher.client, &InstanceClient::snapshotReceived, this,
            [&first](const Snapshot &snapshot) { first = snapshot; });
    watcher.client.start();
    QVERIFY(watcher.reaches(LinkState::Live));
    QVERIFY(first);
    QCOMPARE(first->pid, service.pid());
    QVERIFY(!first->instanceId.isEmpty() && !first->version.isEmpty());
    QVERIFY(first->stats.state == LifecycleState::Serving);
    QVERIFY(watcher.hears(u"stats 0"_s, 3));
    QCOMPARE(watcher.states(), u"Connecting Live"_s);
}

void LiveClientTest::quiescesAndResumes()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const auto watcher = liveAt(specOf(service));
    const CommandOutcome quiesced = outcomeOf(
        watcher->client, { .verb = Verb::Quiesce, .actor = u"ann"_s, .reason = u"maintenance"_s });
    QVERIFY2(quiesced.kind == Kind::Accepted, qPrintable(quiesced.detail));
    QVERIFY(quiesced.snapshot && quiesced.snapshot->stateCause);
    QCOMPARE(quiesced.snapshot->stateCause->actor, u"ann"_s);
    QVERIFY(watcher->hears(u"state serving>lame-duck"_s));
    QVERIFY(watcher->hears(u"audit quiesce"_s));
    QVERIFY(outcomeOf(watcher->client, { .verb = Verb::Resume }).kind == Kind::Accepted);
    QVERIFY(watcher->hears(u"state lame-duck>serving"_s));
    QVERIFY(watcher->client.link().state == LinkState::Live);
}

void LiveClientTest::isToldWhyItIsRefused()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const auto watcher = liveAt(specOf(service));
    const CommandOutcome extend = outcomeOf(watcher->client, { .verb = Verb::Extend, .by = 1s });
    QVERIFY(extend.kind == Kind::Refused);
    QCOMPARE(extend.status, 409);
    QCOMPARE(extend.code, u"not-stopping"_s);
    QVERIFY(!extend.detail.isEmpty());
    const CommandOutcome cancel =
        outcomeOf(watcher->client,
                  { .verb = Verb::CancelRequest, .target = u"4711"_s, .reason = u"tired"_s });
    QVERIFY(cancel.kind == Kind::Refused);
    QCOMPARE(cancel.code, u"no-such-request"_s);
}

void LiveClientTest::isNotAuthorisedWithAWrongToken()
{
    ServiceProcess service;
    QVERIFY(service.start());
    InstanceSpec spec = specOf(service);
    spec.tokenSource = TokenSource::Keyring;
    LinkWatcher watcher(spec);
    watcher.start("wrong");
    QVERIFY(watcher.reaches(LinkState::NotAuthorised));
    QCOMPARE(watcher.client.link().reason, u"The bearer token is not the right one."_s);
    QCOMPARE(watcher.states(), u"Connecting NotAuthorised"_s);
}

void LiveClientTest::mayOnlyReadWithAReadToken()
{
    ServiceProcess service;
    write(service.path(u"read"_s), "a-token-that-may-only-read-0123456789");
    service.setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, service.path(u"read"_s));
    QVERIFY(service.start());
    InstanceSpec spec = specOf(service);
    spec.tokenFile = service.path(u"read"_s);
    const auto watcher = liveAt(spec);
    const CommandOutcome outcome = outcomeOf(watcher->client, { .verb = Verb::Stop });
    QVERIFY(outcome.kind == Kind::Refused);
    QCOMPARE(outcome.status, 403);
    QCOMPARE(outcome.code, u"read-only"_s);
    QVERIFY(watcher->client.role() == Role::Reader);
    QVERIFY(watcher->client.link().state == LinkState::Live);
}

void LiveClientTest::showsWhatAStopWaitsForAndItsReport()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const auto watcher = liveAt(specOf(service));
    QStringList blockers;
    connect(&watcher->client, &InstanceClient::snapshotReceived, this,
            [&blockers](const Snapshot &snapshot) {
                for (const Blocker &blocker : snapshot.stop.value_or(StopView()).waitingOn)
                    blockers.append(blocker.route);
            });
    LoopbackClient busy(service.trafficPort());
    QVERIFY(busy.send(get("/work?ms=600000")));
    QVERIFY(watcher->hears(u"stats 1"_s));
    const CommandOutcome stop =
        outcomeOf(watcher->client,
                  { .verb = Verb::Stop, .reason = u"test"_s, .lameDuck = 0ms, .grace = 10min });
    QVERIFY2(stop.kind == Kind::Accepted, qPrintable(stop.detail));
    QVERIFY(watcher->hears(u"state lame-duck>draining"_s));
    QTRY_VERIFY_WITH_TIMEOUT(blockers.count(u"/work"_s) >= 3, 60'000);
    QVERIFY(outcomeOf(watcher->client, { .verb = Verb::Force }).kind == Kind::Accepted);
    QVERIFY(watcher->hears(u"report forced"_s));
    QVERIFY(watcher->reaches(LinkState::Stopped));
    QVERIFY(watcher->client.link().outcome == StopOutcome::Forced);
    QCOMPARE(service.waitForExit(), 75);
    QTRY_VERIFY_WITH_TIMEOUT(watcher->client.link().attempt >= 2, 60'000);
    QCOMPARE(watcher->states(), u"Connecting Live Stopped"_s);
}

void LiveClientTest::seesAGapWhenTheServiceIsRestarted()
{
    ServiceProcess service;
    const quint16 port = lastingPort();
    QVERIFY(service.start(onPort(port)));
    const auto watcher = liveAt(specOf(service));
    service.signal(SIGTERM);
    QVERIFY(watcher->reaches(LinkState::Stopped));
    QVERIFY(watcher->client.link().outcome == StopOutcome::Clean);
    QCOMPARE(service.waitForExit(), 0);
    watcher->forget();
    QVERIFY(service.start(onPort(port)));
    QVERIFY(watcher->reaches(LinkState::Live));
    QCOMPARE(watcher->log().mid(0, 2), QStringList({ u"snapshot serving gap"_s, u"link Live"_s }));
}

void LiveClientTest::seesACrash()
{
    ServiceProcess service;
    const quint16 port = lastingPort();
    QVERIFY(service.start(onPort(port)));
    InstanceSpec spec = specOf(service);
    const auto watcher = liveAt(spec);
    service.signal(SIGKILL);
    QCOMPARE(service.waitForExit(), -1);
    QVERIFY(watcher->reaches(LinkState::Crashed));
    QVERIFY(!watcher->client.link().outcome);
    QVERIFY(service.start(onPort(port)));
    QVERIFY(watcher->reaches(LinkState::Live));
    QCOMPARE(watcher->states(), u"Connecting Live Connecting Crashed Live"_s);
}

/// A frozen service finds the change and the new subscription when it thaws, in either order.
void LiveClientTest::missesNothingWhenItsConnectionIsCut()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const auto watcher = liveAt(specOf(service));
    QVERIFY(outcomeOf(watcher->client, { .verb = Verb::Quiesce }).kind == Kind::Accepted);
    QVERIFY(watcher->hears(u"state serving>lame-duck"_s));
    watcher->forget();
    service.freeze();
    QList<CommandOutcome> outcomes;
    connect(watcher->client.send({ .verb = Verb::Resume }), &Command::finished, this,
            [&outcomes](const CommandOutcome &outcome) { outcomes.append(outcome); });
    watcher->client.reconnectNow();
    QVERIFY(watcher->reaches(LinkState::Connecting));
    service.thaw();
    QVERIFY(watcher->hears(u"link Live"_s));
    QVERIFY(watcher->hears(u"state lame-duck>serving"_s));
    QTRY_COMPARE_WITH_TIMEOUT(outcomes.size(), 1, 60'000);
    QVERIFY(outcomes.first().kind == Kind::Accepted);
    QVERIFY(watcher->hears(u"stats 0"_s, 3));
    QCOMPARE(watcher->log().count(u"state lame-duck>serving"_s), 1); // once, and not again
    QVERIFY(!watcher->log().contains(u"snapshot serving gap"_s));
    QVERIFY(!watcher->log().contains(u"snapshot lame-duck gap"_s));
}

void LiveClientTest::readsListsAndReadiness()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const auto watcher = liveAt(specOf(service));
    QVERIFY(outcomeOf(watcher->client, { .verb = Verb::Quiesce }).kind == Kind::Accepted);
    int answers = 0;
    QString readiness;
    QList<AuditEvent> audit;
    watcher->client.fetchReadiness(this, [&](const Result<QString, FetchError> &text) {
        ++answers;
        readiness = text ? text.value() : QString();
    });
    watcher->client.fetchAudit(this, [&](const Result<Page<AuditEvent>, FetchError> &page) {
        ++answers;
        if (page)
            audit = page.value().items;
    });
    watcher->client.fetchReports(
        this, [&](const Result<Page<StopReport>, FetchError> &page) { answers += page ? 1 : 0; });
    watcher->client.fetchRequests(
        this, [&](const Result<Page<Blocker>, FetchError> &page) { answers += page ? 1 : 0; });
    QTRY_COMPARE_WITH_TIMEOUT(answers, 4, 60'000);
    QVERIFY(!readiness.isEmpty());
    QVERIFY(!audit.isEmpty());
    QCOMPARE(audit.first().action, u"quiesce"_s);
}

QTEST_GUILESS_MAIN(LiveClientTest)
#include "tst_liveclient.moc"
