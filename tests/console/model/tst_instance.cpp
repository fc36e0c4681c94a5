// SPDX-License-Identifier: GPL-3.0-only
// Instance: what a state event alone tells of a stop, before the next snapshot comes.
#include "tests/console/model/instances.h"

#include <QSignalSpy>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QDateTime kAt = QDateTime::fromString(u"2026-11-25T12:00:00.000Z"_s, Qt::ISODateWithMs);

StateEvent entered(LifecycleState from, LifecycleState to, const QDateTime &deadlineAt = {})
{
    StopCause cause;
    cause.actor = u"ann"_s;
    return { .from = from, .to = to, .at = kAt, .cause = cause, .deadlineAt = deadlineAt };
}

} // namespace

class InstanceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aLameDuckWithADeadlineIsAStopAtOnce();
    void aLameDuckWithoutOneIsAQuiesce();
    void theNextSnapshotSaysMore();
    void aReturnToServingUndoesTheStop();
    void anEventOfAnOlderServiceChangesNoStop();

private:
    std::unique_ptr<Instance> m_instance;
};

void InstanceTest::init()
{
    m_instance = std::make_unique<Instance>(specAt(9'090));
    serve(*m_instance, u"one"_s);
}

void InstanceTest::aLameDuckWithADeadlineIsAStopAtOnce()
{
    const QSignalSpy stopChanged(m_instance.get(), &Instance::stopChanged);
    QList<Condition> seen;
    connect(m_instance.get(), &Instance::conditionChanged, this,
            [&] { seen.append(m_instance->condition()); });
    m_instance->takeState(
        entered(LifecycleState::Serving, LifecycleState::LameDuck, kAt.addSecs(30)));
    QCOMPARE(stopChanged.size(), 1);
    QVERIFY(m_instance->stop());
    QCOMPARE(m_instance->stop()->cause.actor, u"ann"_s);
    QCOMPARE(m_instance->stop()->requestedAt, kAt);
    QCOMPARE(m_instance->stop()->deadlineAt, kAt.addSecs(30));
    QCOMPARE(m_instance->stop()->remaining, 30s);
    QCOMPARE(seen, QList<Condition>{ Condition::LameDuck }); // never Quiesced
}

void InstanceTest::aLameDuckWithoutOneIsAQuiesce()
{
    m_instance->takeState(entered(LifecycleState::Serving, LifecycleState::LameDuck));
    QVERIFY(!m_instance->stop());
    QCOMPARE(m_instance->condition(), Condition::Quiesced);
}

void InstanceTest::theNextSnapshotSaysMore()
{
    m_instance->takeState(
        entered(LifecycleState::Serving, LifecycleState::LameDuck, kAt.addSecs(30)));
    Snapshot snapshot = snapshotOf(u"one"_s, LifecycleState::LameDuck);
    snapshot.stop = StopView{};
    snapshot.stop->waitingOnTotal = 3;
    m_instance->takeSnapshot(snapshot, false);
    QCOMPARE(m_instance->stop()->waitingOnTotal, 3);
    // A further event is no new stop.
    m_instance->takeState(
        entered(LifecycleState::LameDuck, LifecycleState::Draining, kAt.addSecs(60)));
    QCOMPARE(m_instance->stop()->waitingOnTotal, 3);
}

void InstanceTest::aReturnToServingUndoesTheStop()
{
    m_instance->takeState(
        entered(LifecycleState::Serving, LifecycleState::LameDuck, kAt.addSecs(30)));
    const QSignalSpy stopChanged(m_instance.get(), &Instance::stopChanged);
    m_instance->takeState(entered(LifecycleState::LameDuck, LifecycleState::Serving));
    QVERIFY(!m_instance->stop());
    QCOMPARE(stopChanged.size(), 1);
    QCOMPARE(m_instance->condition(), Condition::Serving);
}

void InstanceTest::anEventOfAnOlderServiceChangesNoStop()
{
    const QSignalSpy stopChanged(m_instance.get(), &Instance::stopChanged);
    m_instance->takeState(entered(LifecycleState::LameDuck, LifecycleState::Draining));
    QVERIFY(!m_instance->stop());
    QCOMPARE(stopChanged.size(), 0);
}

QTEST_GUILESS_MAIN(InstanceTest)
#include "tst_instance.moc"
