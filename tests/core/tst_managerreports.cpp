// SPDX-License-Identifier: GPL-3.0-only
// What a service manager is told in each situation, and when it is asked for time. Time is moved.
#include "service/managerreports.h"
#include "tests/core/lifecyclestage.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

StopSettings settings()
{
    StopSettings settings;
    settings.grace = 10s;
    settings.cancelGrace = 2s;
    return settings;
}

StopCause operatorCause()
{
    StopCause cause;
    cause.kind = StopCause::Kind::Api;
    return cause;
}

} // namespace

class ManagerReportsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void saysReadyOnceItServes();
    void saysStoppingOnlyWhenThereIsNoWayBack();
    void saysWhatItWaitsForWhenThatChanges();
    void aStopWithoutAnExtensionAsksForNoTime();
    void asksForTimeAsSoonAsItIsGrantedAndAgain();
    void asksNoMoreWhenNothingMoves();
    void asksForTheEndOnce();
    void feedsTheWatchdogTwiceAsOften();
    void saysWhenItReloads();
    void saysNothingOnceAnotherIsMain();

private:
    [[nodiscard]] QStringList take() { return std::exchange(m_told, {}); }
    /// Without STATUS=.
    [[nodiscard]] QStringList takeOrders()
    {
        return take().filter(QRegularExpression(u"^(?!STATUS=)"_s));
    }
    void reportWith(std::optional<std::chrono::microseconds> watchdog);
    void extend(std::chrono::milliseconds by)
    {
        QVERIFY(m_stage->lifecycle.tryExtend(by, operatorCause()));
    }

    std::unique_ptr<LifecycleStage> m_stage;
    std::unique_ptr<ManagerReports> m_reports;
    quint64 m_bytes = 0;
    QStringList m_told;
};

void ManagerReportsTest::init()
{
    m_told.clear();
    m_bytes = 0;
    m_stage = std::make_unique<LifecycleStage>(settings());
    reportWith({});
}

void ManagerReportsTest::cleanup()
{
    m_reports.reset();
    m_stage.reset();
}

void ManagerReportsTest::reportWith(std::optional<std::chrono::microseconds> watchdog)
{
    m_reports = std::make_unique<ManagerReports>(
        ManagerReports::Parts{
            m_stage->clock, m_stage->lifecycle, m_stage->inFlight, [this] { return m_bytes; },
            [] { return 3s; },
            [this](const QByteArray &state) { m_told.append(QString::fromUtf8(state)); } },
        watchdog);
}

void ManagerReportsTest::saysReadyOnceItServes()
{
    m_stage->reach(u"serving"_s);
    QCOMPARE(take(), QStringList({ u"READY=1"_s, u"STATUS=serving"_s }));
    QVERIFY(m_stage->lifecycle.tryQuiesce(operatorCause()));
    QVERIFY(m_stage->lifecycle.tryResume(operatorCause()));
    QCOMPARE(takeOrders(), QStringList());
}

void ManagerReportsTest::saysStoppingOnlyWhenThereIsNoWayBack()
{
    m_stage->reach(u"serving"_s);
    m_stage->begin();
    (void)take();
    QVERIFY(m_stage->lifecycle.tryStop({ operatorCause(), 1s, {} }));
    QCOMPARE(takeOrders(), QStringList());
    m_stage->clock.advance(1s);
    QCOMPARE(m_stage->lifecycle.state(), LifecycleState::Draining);
    QCOMPARE(takeOrders(), QStringList({ u"STOPPING=1"_s }));
    m_stage->clock.advance(60s);
    QCOMPARE(m_stage->lifecycle.state(), LifecycleState::Stopped);
    QCOMPARE(takeOrders(), QStringList());
}

void ManagerReportsTest::saysWhatItWaitsForWhenThatChanges()
{
    m_stage->reach(u"serving"_s);
    FakeWork &request = m_stage->begin();
    m_stage->begin(WorkKind::Job, u"sleep"_s);
    (void)take();
    QVERIFY(m_stage->lifecycle.tryStop({ operatorCause(), 0ms, 4s }));
    m_stage->settle();
    QCOMPARE(take().last(),
             u"STATUS=draining, waiting for 1 request, 1 job, the oldest for 0s, 4s left"_s);
    m_stage->clock.advance(1s);
    QCOMPARE(take(),
             QStringList({ u"STATUS=draining, waiting for 1 request, 1 job, the oldest for "
                           "1s, 3s left"_s }));
    request.end(WorkOutcome::Drained);
    m_stage->clock.advance(1s);
    QCOMPARE(take(), QStringList({ u"STATUS=draining, waiting for 1 job, 2s left"_s }));
}

void ManagerReportsTest::aStopWithoutAnExtensionAsksForNoTime()
{
    m_stage->reach(u"draining"_s);
    (void)take();
    m_stage->clock.advance(60s);
    QCOMPARE(m_stage->lifecycle.state(), LifecycleState::Stopped);
    QCOMPARE(takeOrders(), QStringList());
}

void ManagerReportsTest::asksForTimeAsSoonAsItIsGrantedAndAgain()
{
    m_stage->reach(u"draining"_s);
    (void)take();
    extend(600s);
    QCOMPARE(takeOrders(), QStringList({ u"EXTEND_TIMEOUT_USEC=30000000"_s }));
    m_bytes += 1;
    m_stage->clock.advance(5s);
    QCOMPARE(takeOrders(), QStringList({ u"EXTEND_TIMEOUT_USEC=30000000"_s }));
}

void ManagerReportsTest::asksNoMoreWhenNothingMoves()
{
    LogRecorder log("quiesce.manager");
    m_stage->reach(u"draining"_s);
    extend(600s);
    (void)take();
    m_stage->clock.advance(25s);
    QCOMPARE(takeOrders().size(), 5);
    m_stage->clock.advance(60s);
    QCOMPARE(takeOrders(), QStringList());
    QCOMPARE(
        log.lines("warning"_L1),
        QStringList({ u"warning: nothing moves: the service manager is not asked for more time "
                      "for=30s"_s }));
    m_bytes += 1; // and again when something does
    m_stage->clock.advance(5s);
    QCOMPARE(takeOrders(), QStringList({ u"EXTEND_TIMEOUT_USEC=30000000"_s }));
    m_reports->noteProgress();
    m_stage->clock.advance(30s);
    QCOMPARE(takeOrders().size(), 6);
}

void ManagerReportsTest::asksForTheEndOnce()
{
    m_stage->reach(u"draining"_s);
    extend(1s);
    (void)take();
    m_stage->clock.advance(60s);
    QCOMPARE(m_stage->lifecycle.state(), LifecycleState::Stopped);
    const QStringList orders = takeOrders();
    // At the deadline, and when the hooks begin: cancel grace 2 s, hooks 3 s, and 5 s.
    QCOMPARE(orders.filter(u"EXTEND_TIMEOUT_USEC=10000000"_s).size(), 2);
}

void ManagerReportsTest::feedsTheWatchdogTwiceAsOften()
{
    reportWith(2s);
    QCOMPARE(take(), QStringList({ u"WATCHDOG=1"_s }));
    m_stage->clock.advance(10s);
    QCOMPARE(take().size(), 10);
}

void ManagerReportsTest::saysWhenItReloads()
{
    m_stage->reach(u"serving"_s);
    (void)take();
    m_reports->reloading();
    m_reports->reloaded();
    const QStringList told = take();
    QCOMPARE(told.size(), 2);
    QVERIFY2(told[0].startsWith("RELOADING=1\nMONOTONIC_USEC="_L1), qPrintable(told[0]));
    QCOMPARE(told[1], u"READY=1"_s);
    m_stage->reach(u"draining"_s);
    (void)take();
    m_reports->reloading(); // it would look as if there were a way back
    m_reports->reloaded();
    QCOMPARE(take(), QStringList());
}

void ManagerReportsTest::saysNothingOnceAnotherIsMain()
{
    reportWith(2s);
    m_stage->reach(u"serving"_s);
    (void)take();
    m_reports->giveUpTo(4711);
    QCOMPARE(take(), QStringList({ u"MAINPID=4711"_s }));
    m_stage->reach(u"draining"_s);
    m_stage->clock.advance(60s);
    QCOMPARE(take(), QStringList());
}

QTEST_GUILESS_MAIN(ManagerReportsTest)
#include "tst_managerreports.moc"
