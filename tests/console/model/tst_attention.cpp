// SPDX-License-Identifier: GPL-3.0-only
// Attention: what is said, once, and what is not worth a word.
#include "common/utc.h"
#include "console/model/fleet/attention.h"
#include "console/model/fleet/fleet.h"
#include "tests/console/client/memoryvault.h"
#include "tests/console/model/instances.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

Snapshot stopping(const QString &instanceId, std::chrono::milliseconds remaining = 5s)
{
    Snapshot snapshot = snapshotOf(instanceId, LifecycleState::Draining);
    StopView stop;
    stop.cause.kind = StopCause::Kind::Api;
    stop.cause.actor = u"olga"_s;
    stop.cause.reason = u"new kernel"_s;
    stop.requestedAt = quiesce::utcFromMs(1'000);
    stop.remaining = remaining;
    snapshot.stop = stop;
    return snapshot;
}

/// As an instance tells it whose database is, or is not, there.
void tellEngine(Instance &instance, const QString &fault)
{
    Stats stats = instance.snapshot()->stats;
    stats.engine = JobEngine{ .store = u"postgresql"_s, .storeFault = fault, .broker = {} };
    instance.takeStats(stats);
}

} // namespace

class AttentionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void saysWhoAskedForAStopOnce();
    void namesASignalAndItsSender_data();
    void namesASignalAndItsSender();
    void saysHowAStopEndedOnce_data();
    void saysHowAStopEndedOnce();
    void saysThatADeadlineHasPassedOnce();
    void saysThatOneIsLostAndBack();
    void doesNotMindAShortLoss();
    void saysThatAJobEngineFailsAndWorksAgain();
    void doesNotMindAShortFault();
    void staysLostWhileItTriesAgain();
    void doesNotMissWhatWasNeverThere();
    void doesNotMissWhatHasStopped();
    void saysNothingOfAQuiesce();
    void isNotTalkative();
    void knowsTheWorst();
    void knowsNothingOfWhatIsRemoved();
    void watchesWhatWasThereBefore();

private:
    Instance &add(int port);
    [[nodiscard]] QString title(qsizetype notice) const;
    [[nodiscard]] QString text(qsizetype notice) const;

    std::unique_ptr<TokenKeeper> m_tokens;
    std::unique_ptr<Fleet> m_fleet;
    std::unique_ptr<Attention> m_attention;
    std::unique_ptr<QSignalSpy> m_notices;
};

void AttentionTest::init()
{
    m_tokens = std::make_unique<TokenKeeper>(std::make_unique<MemoryVault>());
    m_fleet = std::make_unique<Fleet>(
        [](const InstanceSpec &) { return std::unique_ptr<InstanceClient>(); }, *m_tokens);
    m_attention = std::make_unique<Attention>(*m_fleet, 50ms, nullptr);
    m_notices = std::make_unique<QSignalSpy>(m_attention.get(), &Attention::notice);
}

void AttentionTest::cleanup()
{
    m_attention.reset();
    m_fleet.reset();
}

Instance &AttentionTest::add(int port)
{
    return *m_fleet->connectTo(specAt(port).adminUrl).value();
}

QString AttentionTest::title(qsizetype notice) const
{
    return m_notices->at(notice).at(0).toString();
}

QString AttentionTest::text(qsizetype notice) const
{
    return m_notices->at(notice).at(1).toString();
}

void AttentionTest::saysWhoAskedForAStopOnce()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    QCOMPARE(m_notices->size(), 0);
    for (int i = 0; i < 3; ++i)
        instance.takeSnapshot(stopping(u"first"_s), false);
    QCOMPARE(m_notices->size(), 1);
    QCOMPARE(title(0), u"orders is stopping"_s);
    QCOMPARE(text(0), u"Asked for by olga: new kernel"_s);
    QCOMPARE(m_notices->at(0).at(3).toString(), instance.spec().id);
    serve(instance, u"second"_s);
    instance.takeSnapshot(stopping(u"second"_s), false);
    QCOMPARE(m_notices->size(), 2);
}

void AttentionTest::namesASignalAndItsSender_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("expected");
    QTest::newRow("known") << u"systemd"_s << u"Asked for by SIGTERM of systemd."_s;
    QTest::newRow("unknown") << QString() << u"Asked for by SIGTERM of an unknown sender."_s;
}

void AttentionTest::namesASignalAndItsSender()
{
    QFETCH(QString, command);
    QFETCH(QString, expected);
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    Snapshot snapshot = stopping(u"first"_s);
    snapshot.stop->cause = {};
    snapshot.stop->cause.kind = StopCause::Kind::Signal;
    snapshot.stop->cause.signal = u"SIGTERM"_s;
    snapshot.stop->cause.senderCommand = command;
    instance.takeSnapshot(snapshot, false);
    QCOMPARE(m_notices->size(), 1);
    QCOMPARE(text(0), expected);
}

void AttentionTest::saysHowAStopEndedOnce_data()
{
    QTest::addColumn<StopOutcome>("outcome");
    QTest::addColumn<QString>("title");
    QTest::addColumn<Tone>("tone");
    QTest::newRow("clean") << StopOutcome::Clean << u"orders: Stopped cleanly"_s << Tone::Neutral;
    QTest::newRow("incomplete") << StopOutcome::Incomplete << u"orders: Stopped, incomplete"_s
                                << Tone::Warning;
    QTest::newRow("failed") << StopOutcome::Failed << u"orders: Failed"_s << Tone::Bad;
}

void AttentionTest::saysHowAStopEndedOnce()
{
    QFETCH(StopOutcome, outcome);
    QFETCH(QString, title);
    QFETCH(Tone, tone);
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    endWith(instance, outcome);
    endWith(instance, outcome); // as a stream that is resumed may have it
    QCOMPARE(m_notices->size(), 1);
    QCOMPARE(this->title(0), title);
    QCOMPARE(m_notices->at(0).at(2).value<Tone>(), tone);
}

void AttentionTest::saysThatADeadlineHasPassedOnce()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    instance.takeSnapshot(stopping(u"first"_s, 1ms), false);
    QCOMPARE(m_notices->size(), 1);
    for (int i = 0; i < 3; ++i)
        instance.takeSnapshot(stopping(u"first"_s, 0ms), false);
    QCOMPARE(m_notices->size(), 2);
    QCOMPARE(title(1), u"orders has reached its deadline"_s);
    QCOMPARE(m_notices->at(1).at(2).value<Tone>(), Tone::Warning);
}

void AttentionTest::saysThatOneIsLostAndBack()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    setLink(instance, LinkState::Unreachable, u"connection refused"_s);
    QCOMPARE(m_notices->size(), 0);
    QTRY_COMPARE(m_notices->size(), 1);
    QCOMPARE(title(0), u"orders is lost: Unreachable"_s);
    QCOMPARE(text(0), u"connection refused"_s);
    QCOMPARE(m_notices->at(0).at(2).value<Tone>(), Tone::Bad);
    setLink(instance, LinkState::Live);
    QCOMPARE(m_notices->size(), 2);
    QCOMPARE(title(1), u"orders is back"_s);
    setLink(instance, LinkState::Live);
    QCOMPARE(m_notices->size(), 2);
}

void AttentionTest::doesNotMindAShortLoss()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    for (int i = 0; i < 10; ++i) {
        setLink(instance, LinkState::Stale);
        setLink(instance, LinkState::Live);
    }
    QTest::qWait(150);
    QCOMPARE(m_notices->size(), 0);
}

void AttentionTest::saysThatAJobEngineFailsAndWorksAgain()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    tellEngine(instance, {});
    for (int i = 0; i < 3; ++i)
        tellEngine(instance, u"connection refused"_s);
    QTRY_COMPARE(m_notices->size(), 1);
    QCOMPARE(title(0), u"orders: the job engine fails"_s);
    QCOMPARE(text(0), u"PostgreSQL: connection refused"_s);
    QCOMPARE(m_notices->at(0).at(2).value<Tone>(), Tone::Warning);
    tellEngine(instance, u"connection refused"_s);
    tellEngine(instance, {});
    QCOMPARE(m_notices->size(), 2);
    QCOMPARE(title(1), u"orders: the job engine works again"_s);
    tellEngine(instance, {});
    QCOMPARE(m_notices->size(), 2);
}

void AttentionTest::doesNotMindAShortFault()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    for (int i = 0; i < 10; ++i) {
        tellEngine(instance, u"connection refused"_s);
        tellEngine(instance, {});
    }
    tellEngine(instance, u"connection refused"_s);
    setLink(instance, LinkState::Stopped); // nobody knows any more
    QTest::qWait(150);
    QCOMPARE(m_notices->size(), 0);
}

void AttentionTest::staysLostWhileItTriesAgain()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    setLink(instance, LinkState::Unreachable);
    setLink(instance, LinkState::Connecting);
    QTRY_COMPARE(m_notices->size(), 1);
    QCOMPARE(title(0), u"orders is lost: Unreachable"_s);
    setLink(instance, LinkState::Unreachable);
    QTest::qWait(150);
    QCOMPARE(m_notices->size(), 1);
}

void AttentionTest::doesNotMissWhatWasNeverThere()
{
    setLink(add(1), LinkState::Unreachable);
    setLink(add(2), LinkState::NotAuthorised);
    QTest::qWait(150);
    QCOMPARE(m_notices->size(), 0);
    QCOMPARE(m_attention->worstTone(), Tone::Bad); // but it shows
}

void AttentionTest::doesNotMissWhatHasStopped()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    endWith(instance, StopOutcome::Clean);
    setLink(instance, LinkState::Unreachable);
    QTest::qWait(150);
    QCOMPARE(m_notices->size(), 1);
    serve(instance, u"second"_s); // and its successor was not lost either
    QCOMPARE(m_notices->size(), 1);
}

void AttentionTest::saysNothingOfAQuiesce()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    instance.takeSnapshot(snapshotOf(u"first"_s, LifecycleState::LameDuck), false);
    QCOMPARE(instance.condition(), Condition::Quiesced);
    QCOMPARE(m_notices->size(), 0);
}

void AttentionTest::isNotTalkative()
{
    for (int port = 1; port <= 50; ++port) {
        Instance &instance = add(port);
        serve(instance, u"first"_s);
        instance.takeSnapshot(stopping(u"first"_s), false);
    }
    QCOMPARE(m_notices->size(), Attention::kMaxNotices + 1);
    QCOMPARE(title(Attention::kMaxNotices), u"More is happening"_s);
    QCOMPARE(m_notices->last().at(3).toString(), QString());
}

void AttentionTest::knowsTheWorst()
{
    QSignalSpy changed(m_attention.get(), &Attention::worstToneChanged);
    QCOMPARE(m_attention->worstTone(), Tone::Neutral);
    Instance &one = add(1);
    Instance &two = add(2);
    serve(one, u"first"_s);
    QCOMPARE(m_attention->worstTone(), Tone::Good);
    setLink(two, LinkState::Unreachable);
    QCOMPARE(m_attention->worstTone(), Tone::Bad);
    setLink(one, LinkState::Stale);
    QCOMPARE(m_attention->worstTone(), Tone::Bad);
    QVERIFY(m_fleet->dismiss(two.spec().id));
    QCOMPARE(m_attention->worstTone(), Tone::Warning);
    QCOMPARE(changed.size(), 3);
}

void AttentionTest::knowsNothingOfWhatIsRemoved()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    setLink(instance, LinkState::Unreachable);
    QVERIFY(m_fleet->dismiss(instance.spec().id));
    QTest::qWait(150);
    QCOMPARE(m_notices->size(), 0);
    QCOMPARE(m_attention->worstTone(), Tone::Neutral);
}

void AttentionTest::watchesWhatWasThereBefore()
{
    Instance &instance = add(1);
    serve(instance, u"first"_s);
    const Attention later(*m_fleet);
    QCOMPARE(later.worstTone(), Tone::Good);
    QSignalSpy notices(&later, &Attention::notice);
    instance.takeSnapshot(stopping(u"first"_s), false);
    QCOMPARE(notices.size(), 1);
}

QTEST_GUILESS_MAIN(AttentionTest)
#include "tst_attention.moc"
