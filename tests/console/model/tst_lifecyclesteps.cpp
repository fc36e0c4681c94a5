// SPDX-License-Identifier: GPL-3.0-only
// LifecycleStep: how far an instance is, of each way that it may go.
#include "console/model/instance/lifecyclesteps.h"
#include "tests/console/fedinstance.h"

#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Mark = LifecycleStep::Mark;

namespace {

QString marksOf(const Instance &instance)
{
    static constexpr std::array kLetters{ 'a', 'A', 'P', 'D', 'S', 'W', 'F' };
    QString marks;
    for (const LifecycleStep &step : lifecycleSteps(instance, utcNow()))
        marks += QLatin1Char(kLetters[static_cast<size_t>(step.mark)]);
    return marks;
}

void stop(Instance &instance, StopOutcome outcome)
{
    LinkStatus gone = link(LinkState::Stopped);
    gone.outcome = outcome;
    instance.takeReport(report(outcome));
    instance.takeLink(gone);
}

} // namespace

class LifecycleStepsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void areAllAheadOfAnUnknownOne();
    void followAWholeStop();
    void pauseWhenQuiesced();
    void showWhatAForceSkipped();
    void showHowItEnded_data();
    void showHowItEnded();
    void failWhereItCrashed();
    void tellWhatEachTook();
    void areSpoken();

private:
    std::unique_ptr<Instance> m_instance;
};

void LifecycleStepsTest::init()
{
    m_instance = std::make_unique<Instance>(spec());
    m_instance->takeLink(link(LinkState::Live));
}

void LifecycleStepsTest::areAllAheadOfAnUnknownOne()
{
    QCOMPARE(marksOf(*m_instance), u"aaaaaa"_s);
}

void LifecycleStepsTest::followAWholeStop()
{
    m_instance->takeSnapshot(snapshot(LifecycleState::Serving), false);
    QCOMPARE(marksOf(*m_instance), u"DAaaaa"_s);
    Snapshot stopping = snapshot(LifecycleState::LameDuck);
    stopping.stop = stopView(0s, 25s, {});
    m_instance->takeState(entered(LifecycleState::Serving, LifecycleState::LameDuck));
    m_instance->takeSnapshot(stopping, false);
    QCOMPARE(marksOf(*m_instance), u"DDAaaa"_s);
    m_instance->takeState(entered(LifecycleState::LameDuck, LifecycleState::Draining));
    QCOMPARE(marksOf(*m_instance), u"DDDAaa"_s);
    m_instance->takeState(entered(LifecycleState::Draining, LifecycleState::Stopping));
    QCOMPARE(marksOf(*m_instance), u"DDDDAa"_s);
    stop(*m_instance, StopOutcome::Clean);
    QCOMPARE(marksOf(*m_instance), u"DDDDDD"_s);
}

void LifecycleStepsTest::pauseWhenQuiesced()
{
    m_instance->takeSnapshot(snapshot(LifecycleState::LameDuck), false);
    QCOMPARE(marksOf(*m_instance), u"DDPaaa"_s);
    QCOMPARE(lifecycleSteps(*m_instance, utcNow()).at(2).note, u"Quiesced"_s);
}

void LifecycleStepsTest::showWhatAForceSkipped()
{
    m_instance->takeSnapshot(snapshot(LifecycleState::Serving), false);
    m_instance->takeState(entered(LifecycleState::Serving, LifecycleState::Stopping));
    QCOMPARE(marksOf(*m_instance), u"DDSSAa"_s);
    stop(*m_instance, StopOutcome::Forced);
    QCOMPARE(marksOf(*m_instance), u"DDSSDW"_s);
}

void LifecycleStepsTest::showHowItEnded_data()
{
    QTest::addColumn<int>("outcome");
    QTest::addColumn<QString>("marks");
    QTest::addColumn<QString>("note");
    QTest::newRow("clean") << int(StopOutcome::Clean) << u"DDDDDD"_s << u"Cleanly"_s;
    QTest::newRow("incomplete") << int(StopOutcome::Incomplete) << u"DDDDDW"_s << u"Incomplete"_s;
    QTest::newRow("forced") << int(StopOutcome::Forced) << u"DDDDDW"_s << u"Forced"_s;
    QTest::newRow("failed") << int(StopOutcome::Failed) << u"DDDDDF"_s << u"Failed"_s;
}

void LifecycleStepsTest::showHowItEnded()
{
    QFETCH(int, outcome);
    QFETCH(QString, marks);
    QFETCH(QString, note);
    m_instance->takeSnapshot(snapshot(LifecycleState::Stopping), false);
    stop(*m_instance, static_cast<StopOutcome>(outcome));
    QCOMPARE(marksOf(*m_instance), marks);
    QCOMPARE(lifecycleSteps(*m_instance, utcNow()).last().note, note);
}

void LifecycleStepsTest::failWhereItCrashed()
{
    m_instance->takeSnapshot(snapshot(LifecycleState::Serving), false);
    m_instance->takeLink(link(LinkState::Crashed));
    QCOMPARE(marksOf(*m_instance), u"DFaaaa"_s);
    QCOMPARE(lifecycleSteps(*m_instance, utcNow()).at(1).note, u"Crashed"_s);
}

void LifecycleStepsTest::tellWhatEachTook()
{
    m_instance->takeSnapshot(snapshot(LifecycleState::Stopping), false);
    stop(*m_instance, StopOutcome::Clean);
    const QList<LifecycleStep> steps = lifecycleSteps(*m_instance, utcNow());
    QVERIFY(!steps[0].took);
    QCOMPARE(*steps[2].took, 500ms);
    QCOMPARE(*steps[3].took, 25s);
    QCOMPARE(*steps[4].took, 1'500ms);
}

void LifecycleStepsTest::areSpoken()
{
    m_instance->takeSnapshot(snapshot(LifecycleState::LameDuck), false);
    const QString text = spokenText(lifecycleSteps(*m_instance, utcNow()));
    QVERIFY2(text.startsWith(u"Starting: done. Serving: done. Lame duck: Quiesced, 4 s."_s),
             qPrintable(text));
    QVERIFY(text.endsWith(u"Stopped: ahead."_s));
}

QTEST_GUILESS_MAIN(LifecycleStepsTest)
#include "tst_lifecyclesteps.moc"
