// SPDX-License-Identifier: GPL-3.0-only
// EngineBar: which engines there are, how they are, and room for it.
#include "console/view/detail/chip.h"
#include "console/view/detail/lists/enginebar.h"

#include <QFontMetrics>
#include <QLabel>
#include <QLocale>
#include <QTest>

using namespace quiesce;
using namespace Qt::StringLiterals;

namespace {

JobEngine sharedEngine()
{
    return { .store = u"postgresql"_s,
             .storeFault = {},
             .broker = JobEngine::Broker{ .name = u"kafka"_s,
                                          .fault = {},
                                          .sinceAt = {},
                                          .depth = {},
                                          .lag = 1'234,
                                          .held = 2 } };
}

template <typename W>
QStringList shownTexts(const EngineBar &bar)
{
    QStringList texts;
    for (const W *part : bar.findChildren<W *>()) {
        if (part->isVisibleTo(&bar) && !part->text().isEmpty())
            texts << part->text();
    }
    return texts;
}

} // namespace

class EngineBarTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }
    void isNotThereForAnOlderService();
    void namesTheEmbeddedStore();
    void tellsWhatABrokerTells();
    void saysWhatIsWrong();
    void praisesAndBlamesNobodyByWhatIsOld();
    void hasRoomForAllOfItAtTwiceTheFont();
};

void EngineBarTest::isNotThereForAnOlderService()
{
    EngineBar bar;
    bar.setEngine(sharedEngine());
    QVERIFY(!bar.isHidden());
    bar.setEngine(std::nullopt);
    QVERIFY(bar.isHidden());
    bar.setEngine(sharedEngine());
    QVERIFY(!bar.isHidden());
}

void EngineBarTest::namesTheEmbeddedStore()
{
    EngineBar bar;
    bar.setEngine(JobEngine{ .store = u"sqlite"_s, .storeFault = {}, .broker = {} });
    QCOMPARE(shownTexts<Chip>(bar), QStringList{ u"Store: SQLite"_s });
    QCOMPARE(shownTexts<QLabel>(bar), QStringList());
}

void EngineBarTest::tellsWhatABrokerTells()
{
    EngineBar bar;
    bar.setEngine(sharedEngine());
    QCOMPARE(shownTexts<Chip>(bar),
             (QStringList{ u"Store: PostgreSQL"_s, u"Broker: Kafka, connected"_s }));
    QCOMPARE(shownTexts<QLabel>(bar), QStringList{ u"lag 1,234 · 2 held here"_s });
}

void EngineBarTest::saysWhatIsWrong()
{
    JobEngine engine = sharedEngine();
    engine.storeFault = u"connection to server refused"_s;
    engine.broker->fault = u"all brokers are down"_s;
    EngineBar bar;
    bar.setEngine(engine);
    QCOMPARE(shownTexts<Chip>(bar),
             (QStringList{ u"Store: PostgreSQL, failing"_s, u"Broker: Kafka, failing"_s }));
    const QString said = shownTexts<QLabel>(bar).value(1);
    QCOMPARE(said, u"PostgreSQL: connection to server refused\nKafka: all brokers are down"_s);
    bar.setEngine(sharedEngine());
    QCOMPARE(shownTexts<QLabel>(bar), QStringList{ u"lag 1,234 · 2 held here"_s });
}

void EngineBarTest::praisesAndBlamesNobodyByWhatIsOld()
{
    EngineBar bar;
    JobEngine engine = sharedEngine();
    engine.broker->fault = u"refused"_s;
    const auto tones = [&bar] {
        QList<Tone> shown;
        for (const Chip *chip : bar.findChildren<Chip *>())
            shown << chip->tone();
        return shown;
    };
    bar.setEngine(engine);
    QCOMPARE(tones(), (QList{ Tone::Good, Tone::Bad }));
    bar.setEngine(engine, true);
    QCOMPARE(tones(), (QList{ Tone::Neutral, Tone::Neutral }));
    bar.setEngine(engine);
    QCOMPARE(tones(), (QList{ Tone::Good, Tone::Bad }));
}

void EngineBarTest::hasRoomForAllOfItAtTwiceTheFont()
{
    EngineBar bar;
    QFont large = bar.font();
    large.setPointSizeF(large.pointSizeF() * 2);
    bar.setFont(large);
    JobEngine engine = sharedEngine();
    engine.broker->fault = u"all brokers are down"_s;
    bar.setEngine(engine);
    bar.resize(bar.sizeHint());
    bar.show();
    QVERIFY(QTest::qWaitForWindowExposed(&bar));
    const QList<Chip *> chips = bar.findChildren<Chip *>();
    for (const Chip *chip : chips)
        QVERIFY(chip->width() >= QFontMetrics(large).horizontalAdvance(chip->text()));
    QVERIFY(!chips[0]->geometry().intersects(chips[1]->geometry()));
}

QTEST_MAIN(EngineBarTest)
#include "tst_enginebar.moc"
