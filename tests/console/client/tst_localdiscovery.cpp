// SPDX-License-Identifier: GPL-3.0-only
// RuntimeFolder with a real quiesced: found when ready, gone when stopped, and when killed.
#include "console/client/discovery/runtimefolder.h"
#include "tests/endtoend/serviceprocess.h"

#include <QSignalSpy>
#include <QTest>
#include <csignal>

using namespace Qt::StringLiterals;
using quiesce::InstanceSpec;
using quiesce::RuntimeFolder;
using quiesce::test::ServiceProcess;

class LocalDiscoveryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsAServiceWhileItRuns_data();
    void findsAServiceWhileItRuns();
};

void LocalDiscoveryTest::findsAServiceWhileItRuns_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("stopped") << SIGTERM;
    QTest::newRow("killed") << SIGKILL;
}

void LocalDiscoveryTest::findsAServiceWhileItRuns()
{
    QFETCH(int, signal);
    ServiceProcess service;
    RuntimeFolder folder({ service.path(u"run"_s) });
    QSignalSpy appeared(&folder, &RuntimeFolder::appeared);
    QSignalSpy vanished(&folder, &RuntimeFolder::vanished);
    folder.start();
    QVERIFY(service.start());
    QTRY_COMPARE_WITH_TIMEOUT(appeared.size(), 1, 30'000);
    const auto spec = appeared.at(0).at(0).value<InstanceSpec>();
    QCOMPARE(spec.pid, service.pid());
    QCOMPARE(spec.adminUrl.port(), service.adminPort());
    QCOMPARE(spec.tokenFile, service.dataDir() + "/admin-token"_L1);
    service.signal(signal);
    QTRY_COMPARE_WITH_TIMEOUT(vanished.size(), 1, 30'000);
    QCOMPARE(vanished.at(0).at(0).toString(), spec.id);
    QCOMPARE(appeared.size(), 1);
}

QTEST_GUILESS_MAIN(LocalDiscoveryTest)
#include "tst_localdiscovery.moc"
