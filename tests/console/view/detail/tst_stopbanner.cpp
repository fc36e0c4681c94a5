// SPDX-License-Identifier: GPL-3.0-only
// StopBanner: what it says before, during and after a stop, and that all of it has room.
#include "console/view/detail/stop/deadlinebar.h"
#include "console/view/detail/stop/stopbanner.h"
#include "tests/console/fedinstance.h"
#include "tests/console/view/detail/fitting.h"

#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString shownText(const QWidget &widget)
{
    QStringList texts;
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (label->isVisible() && !label->text().isEmpty())
            texts << label->text();
    }
    return texts.join(u" | "_s);
}

} // namespace

class StopBannerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsWhatAStopWouldTake();
    void countsDownSmoothly();
    void followsASnapshotInWhichTheStopIsUndone();
    void tellsThatItFallsShort();
    void tellsOfAnExtension();
    void tellsOfASkewedClock();
    void tellsWhatBecameOfTheStop();
    void tellsOfAnUnknownSender();
    void tellsOfACrash();
    void hasRoomForAllOfIt_data();
    void hasRoomForAllOfIt();
    void showsNothingOfNoInstance();

private:
    void beginStop(milliseconds elapsed, milliseconds total, qint64 inFlight);

    std::unique_ptr<Instance> m_instance;
    std::unique_ptr<StopBanner> m_banner;
};

void StopBannerTest::init()
{
    m_instance = std::make_unique<Instance>(spec());
    m_instance->takeLink(link(LinkState::Live));
    m_instance->takeSnapshot(snapshot(LifecycleState::Serving, 3), false);
    m_banner = std::make_unique<StopBanner>();
    m_banner->setInstance(m_instance.get());
    m_banner->resize(700, 200);
    m_banner->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_banner.get()));
}

void StopBannerTest::beginStop(milliseconds elapsed, milliseconds total, qint64 inFlight)
{
    Snapshot stopping = snapshot(LifecycleState::Draining, inFlight);
    stopping.stop = stopView(elapsed, total, blockers(int(inFlight)));
    m_instance->takeSnapshot(stopping, false);
}

void StopBannerTest::tellsWhatAStopWouldTake()
{
    QCOMPARE(shownText(*m_banner), u"Serving | A stop now would take about 3.2 s"_s);
}

void StopBannerTest::countsDownSmoothly()
{
    beginStop(5s, 10min, 3);
    const QString before = shownText(*m_banner);
    QVERIFY2(before.contains(u"Will make it: about 3.2 s left of 10 min"_s), qPrintable(before));
    QVERIFY(before.contains(u"Asked for by alice through the admin API"_s));
    QVERIFY(before.contains(u"deploy 7"_s));
    QTRY_VERIFY(shownText(*m_banner) != before); // by itself
    m_banner->hide();
    const QString hidden = m_banner->findChildren<QLabel *>().at(1)->text();
    QTest::qWait(250);
    QCOMPARE(m_banner->findChildren<QLabel *>().at(1)->text(), hidden);
}

void StopBannerTest::followsASnapshotInWhichTheStopIsUndone()
{
    beginStop(5s, 5min, 3);
    m_instance->takeSnapshot(snapshot(LifecycleState::Serving, 3), true);
    QCOMPARE(shownText(*m_banner), u"Serving | A stop now would take about 3.2 s"_s);
}

void StopBannerTest::tellsThatItFallsShort()
{
    beginStop(24s, 25s, 12);
    const QString text = shownText(*m_banner);
    QVERIFY2(text.contains(u"Will not make it: up to 12 request(s) would be cancelled"_s)
                 || text.contains(u"The deadline has passed"_s),
             qPrintable(text));
}

void StopBannerTest::tellsOfAnExtension()
{
    Snapshot stopping = snapshot(LifecycleState::Draining, 3);
    stopping.stop = stopView(5s, 5min, {});
    stopping.stop->extended = 30s;
    m_instance->takeSnapshot(stopping, false);
    QVERIFY(shownText(*m_banner).contains(u"extended by 30 s"_s));
}

void StopBannerTest::tellsOfASkewedClock()
{
    Snapshot ahead = snapshot(LifecycleState::Serving);
    ahead.startedAt = ahead.startedAt.addSecs(60);
    m_instance->takeSnapshot(ahead, false);
    QVERIFY(shownText(*m_banner).contains(u"ahead of this computer's"_s));
    m_instance->takeSnapshot(snapshot(LifecycleState::Serving), false);
    QVERIFY(!shownText(*m_banner).contains(u"ahead"_s));
}

void StopBannerTest::tellsWhatBecameOfTheStop()
{
    beginStop(24s, 25s, 3);
    m_instance->takeReport(report(StopOutcome::Incomplete));
    LinkStatus gone = link(LinkState::Stopped);
    gone.outcome = StopOutcome::Incomplete;
    m_instance->takeLink(gone);
    QVERIFY(shownText(*m_banner).contains(
        u"Stopped, incomplete after 27 s: 40 answered, 3 cancelled, 1 cut off"_s));
    QVERIFY(!m_banner->findChild<DeadlineBar *>()->isVisible());
}

void StopBannerTest::tellsOfAnUnknownSender()
{
    Snapshot stopping = snapshot(LifecycleState::Draining, 3);
    stopping.stop = stopView(5s, 5min, {});
    stopping.stop->cause = {};
    stopping.stop->cause.kind = StopCause::Kind::Signal;
    stopping.stop->cause.signal = u"SIGTERM"_s;
    m_instance->takeSnapshot(stopping, false);
    QVERIFY(shownText(*m_banner).contains(u"Asked for by SIGTERM from an unknown sender"_s));
}

void StopBannerTest::tellsOfACrash()
{
    beginStop(5s, 25s, 3);
    m_instance->takeLink(link(LinkState::Crashed));
    QVERIFY(shownText(*m_banner).contains(u"gone without a report"_s));
}

void StopBannerTest::hasRoomForAllOfIt_data()
{
    QTest::addColumn<double>("factor");
    QTest::newRow("usual font") << 1.0;
    QTest::newRow("twice as large") << 2.0;
}

void StopBannerTest::hasRoomForAllOfIt()
{
    QFETCH(double, factor);
    m_banner->setFont(scaledFont(factor));
    beginStop(5s, 5min, 3);
    m_banner->resize(900, m_banner->heightForWidth(900));
    QTRY_COMPARE(clippedLabels(*m_banner), QStringList());
}

void StopBannerTest::showsNothingOfNoInstance()
{
    beginStop(5s, 25s, 3);
    m_banner->setInstance(nullptr);
    QCOMPARE(shownText(*m_banner), u"No stop is under way."_s);
}

QTEST_MAIN(StopBannerTest)
#include "tst_stopbanner.moc"
