// SPDX-License-Identifier: GPL-3.0-only
// The way from the log to the event stream: from any thread, bounded, and never in a circle.
#include "service/http/events/eventhub.h"
#include "service/http/requestparser.h"
#include "service/logrelay.h"
#include "tests/http/fakestream.h"
#include "tests/support/manualclock.h"

#include <QJsonDocument>
#include <QTest>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::test;

Q_LOGGING_CATEGORY(lcTest, "quiesce.test")

class LogRelayTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishesWarningsAndErrorsOnly();
    void takesThemFromAnyThread();
    void tellsHowManyItCouldNotKeep();
    void doesNotPublishWhatPublishingLogs();
    void publishesWhatIsLeftBeforeTheFinalEvent();
    void keepsNothingForNobody();

private:
    /// A log that nobody reads, a hub, and a subscriber unless told otherwise.
    struct Stage
    {
        explicit Stage(bool isWanted = true)
            : pipe(makePipe())
        {
            if (isWanted && hub.route().open(ParsedRequest{}, stream))
                qFatal("refused");
            static_cast<void>(stream.takeEvents());
        }
        ~Stage()
        {
            ::close(pipe[0]);
            ::close(pipe[1]);
        }
        static std::array<int, 2> makePipe()
        {
            std::array<int, 2> ends{};
            if (::pipe(ends.data()) != 0)
                qFatal("no pipe");
            return ends;
        }
        [[nodiscard]] QList<QJsonObject> logs()
        {
            QCoreApplication::processEvents();
            QList<QJsonObject> objects;
            for (const ServerEvent &event : stream.takeEvents()) {
                if (event.type == "log")
                    objects << QJsonDocument::fromJson(event.data).object();
            }
            return objects;
        }

        std::array<int, 2> pipe;
        FakeStream stream;
        ManualClock clock;
        EventHub hub{ clock,
                      { .snapshot = [] { return QJsonObject(); },
                        .stats = [] { return QJsonObject(); } } };
        Logging logging{ LogSettings{}, QProcessEnvironment(), pipe[1] };
        LogRelay relay{ logging, hub };
    };
};

void LogRelayTest::publishesWarningsAndErrorsOnly()
{
    Stage stage;
    qCInfo(lcTest) << "information";
    qCWarning(lcTest).noquote() << LogLine("a warning").with("count", 7).toString();
    qCCritical(lcTest) << "an error";
    const QList<QJsonObject> logs = stage.logs();
    QCOMPARE(logs.size(), 2);
    QCOMPARE(logs[0]["level"_L1].toString(), u"warning"_s);
    QCOMPARE(logs[0]["category"_L1].toString(), u"quiesce.test"_s);
    QCOMPARE(logs[0]["message"_L1].toString(), u"a warning"_s);
    QCOMPARE(logs[0]["fields"_L1]["count"_L1].toInt(), 7);
    QCOMPARE(logs[1]["level"_L1].toString(), u"error"_s);
}

void LogRelayTest::takesThemFromAnyThread()
{
    Stage stage;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([] {
            for (int n = 0; n < 50; ++n)
                qCWarning(lcTest) << "from a thread";
        });
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(stage.logs().size(), 200);
}

void LogRelayTest::tellsHowManyItCouldNotKeep()
{
    Stage stage;
    for (qsizetype i = 0; i < LogRelay::kMaxQueued + 44; ++i)
        qCWarning(lcTest) << "many";
    const QList<QJsonObject> logs = stage.logs();
    QCOMPARE(logs.size(), LogRelay::kMaxQueued + 1);
    QCOMPARE(logs.last()["message"_L1].toString(), u"log events dropped"_s);
    QCOMPARE(logs.last()["fields"_L1]["count"_L1].toInt(), 44);
    QCOMPARE(stage.logs().size(), 0);
}

void LogRelayTest::doesNotPublishWhatPublishingLogs()
{
    Stage stage;
    stage.stream.onWrite = [] { qCWarning(lcTest) << "about a write"; };
    qCWarning(lcTest) << "the first";
    QCOMPARE(stage.logs().size(), 1);
    QCOMPARE(stage.logs().size(), 0);
}

void LogRelayTest::publishesWhatIsLeftBeforeTheFinalEvent()
{
    Stage stage;
    qCWarning(lcTest) << "at the last moment";
    stage.hub.finish("report", {});
    QCOMPARE(stage.stream.takeTypes(), QStringList({ u"log"_s, u"report"_s }));
    qCWarning(lcTest) << "too late";
    QCOMPARE(stage.logs().size(), 0);
}

void LogRelayTest::keepsNothingForNobody()
{
    Stage stage(false);
    qCWarning(lcTest) << "unheard";
    QCoreApplication::processEvents();
    QCOMPARE(stage.hub.counters().published, 0U);
}

QTEST_GUILESS_MAIN(LogRelayTest)
#include "tst_logrelay.moc"
