// SPDX-License-Identifier: GPL-3.0-only
// A local fleet with real services and real clients: found, stopped one after the other, followed.
#include "console/client/discovery/runtimefolder.h"
#include "console/model/acting/rollingstop.h"
#include "console/model/fleet/fleet.h"
#include "tests/console/client/memoryvault.h"
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/lastingport.h"

#include <QSignalSpy>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

constexpr int kLong = 60'000;

std::unique_ptr<InstanceClient> makeClient(const InstanceSpec &spec)
{
    return std::make_unique<InstanceClient>(spec);
}

} // namespace

class LocalFleetTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void followsAServiceFromItsStartToItsSuccessor();
    void tellsACrashFromAStop();
    void stopsTwoServicesOneAfterTheOther();

private:
    void watch(const QStringList &folders);
    [[nodiscard]] Instance *at(quint16 adminPort) const;

    std::unique_ptr<TokenKeeper> m_tokens;
    std::unique_ptr<Fleet> m_fleet;
    std::unique_ptr<RuntimeFolder> m_runtime;
};

void LocalFleetTest::init()
{
    m_tokens = std::make_unique<TokenKeeper>(std::make_unique<MemoryVault>());
    m_fleet = std::make_unique<Fleet>(makeClient, *m_tokens);
}

void LocalFleetTest::cleanup()
{
    m_runtime.reset();
    m_fleet.reset();
    m_tokens.reset();
}

void LocalFleetTest::watch(const QStringList &folders)
{
    m_runtime = std::make_unique<RuntimeFolder>(folders);
    connect(m_runtime.get(), &RuntimeFolder::appeared, m_fleet.get(), &Fleet::addLocal);
    connect(m_runtime.get(), &RuntimeFolder::vanished, m_fleet.get(), &Fleet::removeLocal);
    m_runtime->start();
}

Instance *LocalFleetTest::at(quint16 adminPort) const
{
    return m_fleet->findByAdmin(QUrl(u"http://127.0.0.1:%1"_s.arg(adminPort)));
}

void LocalFleetTest::followsAServiceFromItsStartToItsSuccessor()
{
    ServiceProcess service;
    watch({ service.path(u"run"_s) });
    const QStringList there{ u"--admin-listen"_s, u"127.0.0.1:%1"_s.arg(lastingPort()) };
    QVERIFY(service.start(there));
    QTRY_VERIFY_WITH_TIMEOUT(at(service.adminPort()), kLong);
    Instance *instance = at(service.adminPort());
    QTRY_COMPARE_WITH_TIMEOUT(instance->condition(), Condition::Serving, kLong);
    const QString first = instance->snapshot()->instanceId;
    service.signal(SIGTERM);
    QTRY_COMPARE_WITH_TIMEOUT(instance->condition(), Condition::StoppedClean, kLong);
    QCOMPARE(service.waitForExit(), 0);
    QVERIFY(service.start(there));
    QTRY_COMPARE_WITH_TIMEOUT(instance->condition(), Condition::Serving, kLong);
    QVERIFY(instance->snapshot()->instanceId != first);
    QCOMPARE(instance->spec().pid, service.pid());
    QCOMPARE(m_fleet->instances().size(), 1);
}

void LocalFleetTest::tellsACrashFromAStop()
{
    ServiceProcess service;
    watch({ service.path(u"run"_s) });
    QVERIFY(service.start());
    QTRY_VERIFY_WITH_TIMEOUT(at(service.adminPort()), kLong);
    Instance *instance = at(service.adminPort());
    QTRY_COMPARE_WITH_TIMEOUT(instance->condition(), Condition::Serving, kLong);
    service.signal(SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(instance->condition(), Condition::Crashed, kLong);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet->canDismiss(*instance), kLong);
    QVERIFY(m_fleet->dismiss(instance->spec().id));
    QVERIFY(m_fleet->instances().isEmpty());
}

void LocalFleetTest::stopsTwoServicesOneAfterTheOther()
{
    ServiceProcess one;
    ServiceProcess two;
    watch({ one.path(u"run"_s), two.path(u"run"_s) });
    QVERIFY(one.start() && two.start());
    QTRY_VERIFY_WITH_TIMEOUT(at(one.adminPort()) && at(two.adminPort()), kLong);
    Instance *first = at(one.adminPort());
    Instance *second = at(two.adminPort());
    QTRY_VERIFY_WITH_TIMEOUT(first->isReady() && second->isReady(), kLong);
    CommandRequest request;
    request.verb = Verb::Stop;
    request.reason = u"new kernel"_s;
    RollingStop rolling({ .instances = { first, second },
                          .request = request,
                          .pace = RollingStop::Pace::Pause,
                          .wait = 50ms },
                        [](Instance *instance, const CommandRequest &what) {
                            return instance->client()->send(what);
                        });
    QSignalSpy finished(&rolling, &RollingStop::finished);
    rolling.start();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kLong);
    QCOMPARE(finished.at(0).at(0).value<RollingStop::Outcome>(), RollingStop::Outcome::Done);
    QCOMPARE(one.waitForExit(), 0);
    QCOMPARE(two.waitForExit(), 0);
    QVERIFY(first->lastReport()->stoppedAt <= second->lastReport()->requestedAt);
    QCOMPARE(second->lastReport()->cause.reason, u"new kernel"_s);
}

QTEST_GUILESS_MAIN(LocalFleetTest)
#include "tst_localfleet.moc"
