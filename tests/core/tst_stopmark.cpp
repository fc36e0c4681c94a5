// SPDX-License-Identifier: GPL-3.0-only
// The mark of a stop under way: there from the request to the report, and what the next start makes
// of one that was left.
#include "service/core/stopmark.h"

#include "tests/core/lifecyclestage.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

class StopMarkTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void isThereWhileAStopIsUnderWay();
    void goesWhenTheStopIsUndone();
    void followsTheStop();
    void isWarnedOfAtTheNextStart();
    void asksForMoreTimeOnlyWhenItWasMissing();
    void isNobodysWhileItsProcessLives();
    void isNotWarnedOfWhenThereIsAReport();
    void survivesGarbage();
    void keepsNothingWithoutAFolder();

private:
    [[nodiscard]] std::unique_ptr<StopMark> markOf(LifecycleStage &stage,
                                                   const QString &id = u"one"_s) const
    {
        return std::make_unique<StopMark>(
            StopMark::Parts{ stage.clock, stage.lifecycle, stage.inFlight }, m_folder->path(), id);
    }
    [[nodiscard]] QStringList files() const
    {
        return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden);
    }
    [[nodiscard]] QJsonObject content() const
    {
        QFile file(m_folder->filePath(u"stopping-one.json"_s));
        return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                              : QJsonObject();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void StopMarkTest::isThereWhileAStopIsUnderWay()
{
    LifecycleStage stage;
    const auto mark = markOf(stage);
    stage.reach(u"serving"_s);
    QCOMPARE(files(), QStringList());
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QCOMPARE(files(), QStringList{ u"stopping-one.json"_s });
    stage.settle();
    QVERIFY(stage.report);
    mark->remove(); // the report is written
    QCOMPARE(files(), QStringList());
    QCOMPARE(stage.clock.alarmsSet(), 0);
}

void StopMarkTest::goesWhenTheStopIsUndone()
{
    LifecycleStage stage({ .lameDuck = 10s });
    const auto mark = markOf(stage);
    stage.reach(u"serving"_s);
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QCOMPARE(files().size(), 1);
    QVERIFY(stage.lifecycle.tryResume(byActor(u"ada"_s)));
    QCOMPARE(files(), QStringList());
    QCOMPARE(stage.clock.alarmsSet(), 0);
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QCOMPARE(files().size(), 1);
}

void StopMarkTest::followsTheStop()
{
    LifecycleStage stage({ .lameDuck = 5s, .grace = 20s, .cancelGrace = 2s });
    const auto mark = markOf(stage);
    stage.reach(u"serving"_s);
    stage.begin();
    FakeWork &second = stage.begin();
    QVERIFY(stage.lifecycle.tryStop({ bySignal(), {}, {} }));
    QJsonObject now = content();
    QCOMPARE(now["state"_L1], QJsonValue(u"lame-duck"_s));
    QCOMPARE(now["afterMs"_L1].toInt(-1), 0);
    QCOMPARE(now["atMostMs"_L1].toInt(), 27'000);
    QCOMPARE(now["requests"_L1].toInt(), 2);
    QCOMPARE(now["cause"_L1], QJsonValue(u"SIGTERM from an unknown sender"_s));
    second.end();
    stage.clock.advance(1'200ms);
    QCOMPARE(content()["afterMs"_L1].toInt(), 1'000);
    QCOMPARE(content()["requests"_L1].toInt(), 1);
    stage.clock.advance(4s);
    QCOMPARE(content()["state"_L1], QJsonValue(u"draining"_s));
    QVERIFY(stage.lifecycle.tryExtend(3s, byActor(u"ada"_s)));
    now = content();
    QCOMPARE(now["afterMs"_L1].toInt(), 5'200);
    QCOMPARE(now["atMostMs"_L1].toInt(), 30'000);
}

void StopMarkTest::isWarnedOfAtTheNextStart()
{
    {
        LifecycleStage killed({ .lameDuck = 5s, .grace = 20s, .cancelGrace = 2s });
        const auto mark = markOf(killed);
        killed.reach(u"serving"_s);
        killed.begin();
        QVERIFY(killed.lifecycle.tryStop({ bySignal(), {}, {} }));
        killed.clock.advance(9'700ms);
    }
    LifecycleStage next;
    const auto mark = markOf(next, u"two"_s);
    mark->warnOfEarlier({});
    QCOMPARE(next.log.lines(),
             QStringList{
                 u"warning: a stop was cut off before its report after=9500ms atMost=27s "
                 "state=draining requests=1 jobs=0 requestedAt=2026-01-02T03:04:05.000Z "
                 "cause=\"SIGTERM from an unknown sender\" advice=\"killed, it seems: whoever "
                 "starts the service must grant a stop as long as atMost; with what is granted as "
                 "stop.budget, settings beyond it are refused\""_s });
    QCOMPARE(files(), QStringList());
    mark->warnOfEarlier({}); // once
    QCOMPARE(next.log.lines().size(), 1);
}

void StopMarkTest::asksForMoreTimeOnlyWhenItWasMissing()
{
    {
        LifecycleStage stuck({ .grace = 1s, .cancelGrace = 1s });
        const auto mark = markOf(stuck);
        stuck.reach(u"serving"_s);
        (void)stuck.addHangingHook(u"hook"_s);
        QVERIFY(stuck.lifecycle.tryStop({ bySignal(), {}, {} }));
        stuck.clock.advance(10min);
    }
    LifecycleStage next;
    markOf(next, u"two"_s)->warnOfEarlier({});
    QCOMPARE(next.log.lines().size(), 1);
    QVERIFY2(!next.log.lines().first().contains(u"advice"_s), qPrintable(next.log.lines().first()));
}

void StopMarkTest::isNobodysWhileItsProcessLives()
{
    LifecycleStage old;
    const auto mark = markOf(old);
    old.reach(u"serving"_s);
    old.begin();
    QVERIFY(old.lifecycle.tryStop({ bySignal(), {}, {} }));
    LifecycleStage next;
    markOf(next, u"two"_s)->warnOfEarlier({});
    QCOMPARE(next.log.lines(), QStringList());
    QCOMPARE(files(), QStringList{ u"stopping-one.json"_s });
}

void StopMarkTest::isNotWarnedOfWhenThereIsAReport()
{
    {
        LifecycleStage killed;
        const auto mark = markOf(killed);
        killed.reach(u"serving"_s);
        QVERIFY(killed.lifecycle.tryStop({ bySignal(), {}, {} }));
    }
    LifecycleStage next;
    markOf(next, u"two"_s)->warnOfEarlier(u"one"_s);
    QCOMPARE(next.log.lines(), QStringList());
    QCOMPARE(files(), QStringList());
}

void StopMarkTest::survivesGarbage()
{
    for (const auto &[name, bytes] : { std::pair(u"stopping-a.json"_s, QByteArray("garbage")),
                                       std::pair(u"stopping-b.json"_s, QByteArray()),
                                       std::pair(u"stopping-c.json"_s, QByteArray(100'000, 'x')),
                                       std::pair(u"another.json"_s, QByteArray("{}")) }) {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    LifecycleStage next;
    markOf(next, u"two"_s)->warnOfEarlier({});
    QCOMPARE(next.log.lines().size(), 2);
    QCOMPARE(files(), (QStringList{ u"another.json"_s, u"stopping-c.json"_s }));
}

void StopMarkTest::keepsNothingWithoutAFolder()
{
    LifecycleStage stage;
    StopMark mark({ stage.clock, stage.lifecycle, stage.inFlight }, {}, u"one"_s);
    stage.reach(u"draining"_s);
    mark.warnOfEarlier({});
    mark.remove();
    QCOMPARE(files(), QStringList());
    QVERIFY(!QFile::exists(u"/stopping-one.json"_s));
}

QTEST_GUILESS_MAIN(StopMarkTest)
#include "tst_stopmark.moc"
