// SPDX-License-Identifier: GPL-3.0-only
// What handlers say from threads reaches the event loop: once, in order, bounded, and not too late.
#include "service/jobs/attemptlink.h"

#include "service/jobs/attemptbell.h"

#include <QCoreApplication>
#include <QTest>
#include <thread>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

constexpr qsizetype kMax = JobOutput::kMaxBytes;

class Listener final : public AttemptLink::Listener
{
public:
    void keepsCame() override
    {
        ++keepCalls;
        for (const AttemptLink::Keep &keep : link->takeKeeps()) {
            kept << keep.state["n"_L1].toInt();
            keep.answer(true);
        }
    }
    void progressCame() override { ++progressCalls; }
    void outputCame() override { ++outputCalls; }

    std::shared_ptr<AttemptLink> link;
    QList<int> kept;
    int keepCalls = 0;
    int progressCalls = 0;
    int outputCalls = 0;
};

QJsonObject numbered(int n)
{
    return { { u"n"_s, n } };
}

bool isKept(const QFuture<bool> &future)
{
    return future.isFinished() && future.resultCount() > 0 && future.result();
}

} // namespace

class AttemptLinkTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void tellsOnceUntilItIsTaken();
    void keepsCheckpointsInOrderAndAnswers();
    void boundsTheCheckpointsThatWait();
    void keepsTheLastOfTheOutput_data();
    void keepsTheLastOfTheOutput();
    void nothingCountsAfterDetaching();
    void threadsMayTalkWhileItIsDetached();
    void aThreadWaitsUntilItsCheckpointIsKept();

private:
    std::unique_ptr<AttemptBell> m_bell;
    Listener m_listener;
};

void AttemptLinkTest::init()
{
    m_bell = std::make_unique<AttemptBell>();
    m_listener = Listener();
    m_listener.link = std::make_shared<AttemptLink>(*m_bell, m_listener);
}

void AttemptLinkTest::cleanup()
{
    m_listener.link->detach();
    m_listener.link.reset();
}

void AttemptLinkTest::tellsOnceUntilItIsTaken()
{
    for (int i = 1; i <= 1'000; ++i)
        m_listener.link->setProgress(i / 1'000.0);
    QCOMPARE(m_listener.progressCalls, 0);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(m_listener.progressCalls, 1);
    m_listener.link->setProgress(0.5);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(m_listener.progressCalls, 1);
    QCOMPARE(m_listener.link->takeProgress(), 0.5);
    m_listener.link->setProgress(0.6);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(m_listener.progressCalls, 2);
}

void AttemptLinkTest::keepsCheckpointsInOrderAndAnswers()
{
    const QFuture<bool> first = m_listener.link->keep(numbered(1));
    const QFuture<bool> second = m_listener.link->keep(numbered(2));
    QVERIFY(!first.isFinished());
    QCoreApplication::sendPostedEvents();
    QCOMPARE(m_listener.kept, (QList<int>{ 1, 2 }));
    QCOMPARE(m_listener.keepCalls, 1);
    QVERIFY(isKept(first) && isKept(second));
}

void AttemptLinkTest::boundsTheCheckpointsThatWait()
{
    QList<QFuture<bool>> futures;
    for (size_t i = 0; i <= AttemptLink::kMaxPendingKeeps; ++i)
        futures << m_listener.link->keep(numbered(static_cast<int>(i)));
    QVERIFY(futures.last().isFinished());
    QCoreApplication::sendPostedEvents();
    QVERIFY(!isKept(futures.takeLast()));
    QVERIFY(std::all_of(futures.cbegin(), futures.cend(), isKept));
}

void AttemptLinkTest::keepsTheLastOfTheOutput_data()
{
    QTest::addColumn<qsizetype>("pieces");
    QTest::addColumn<qsizetype>("size");
    QTest::newRow("one byte") << qsizetype{ 1 } << qsizetype{ 1 };
    QTest::newRow("exactly what is kept") << qsizetype{ 1 } << kMax;
    QTest::newRow("one byte more") << qsizetype{ 1 } << kMax + 1;
    QTest::newRow("many small ones") << qsizetype{ 50'000 } << qsizetype{ 13 };
    QTest::newRow("a few large ones") << qsizetype{ 3 } << 2 * kMax + 7;
}

void AttemptLinkTest::keepsTheLastOfTheOutput()
{
    QFETCH(const qsizetype, pieces);
    QFETCH(const qsizetype, size);
    QByteArray all;
    for (qsizetype i = 0; i < pieces; ++i) {
        const QByteArray piece(size, static_cast<char>('a' + i % 26));
        all += piece;
        m_listener.link->appendOutput(piece);
    }
    const JobOutput output = m_listener.link->output();
    QCOMPARE(output.bytes, all.right(kMax));
    QCOMPARE(output.dropped, all.size() - output.bytes.size());
}

void AttemptLinkTest::nothingCountsAfterDetaching()
{
    const QFuture<bool> waiting = m_listener.link->keep(numbered(1));
    m_listener.link->setProgress(0.1);
    m_listener.link->appendOutput("early");
    m_listener.link->detach();
    m_listener.link->setProgress(0.9);
    m_listener.link->appendOutput("late");
    QVERIFY(waiting.isFinished() && !isKept(waiting));
    const QFuture<bool> late = m_listener.link->keep(numbered(2));
    QVERIFY(late.isFinished() && !isKept(late));
    QCoreApplication::sendPostedEvents();
    QCOMPARE(m_listener.keepCalls + m_listener.progressCalls + m_listener.outputCalls, 0);
    QCOMPARE(m_listener.link->progress(), 0.1);
    QCOMPARE(m_listener.link->output().bytes, "early");
}

void AttemptLinkTest::threadsMayTalkWhileItIsDetached()
{
    std::vector<std::jthread> threads;
    for (int n = 0; n < 4; ++n) {
        threads.emplace_back([link = m_listener.link, n] {
            for (int i = 0; i < 2'000; ++i) {
                link->setProgress(i / 2'000.0);
                link->appendOutput("line\n");
                if (i % 100 == 0)
                    link->keep(numbered(n)).waitForFinished();
            }
        });
    }
    while (m_listener.kept.size() < 20)
        QCoreApplication::sendPostedEvents();
    m_listener.link->detach();
    m_bell.reset();
    threads.clear(); // all come to their end: nobody waits for ever
    QVERIFY(m_listener.kept.size() >= 20);
}

void AttemptLinkTest::aThreadWaitsUntilItsCheckpointIsKept()
{
    bool wasKept = false;
    std::jthread thread([&, link = m_listener.link] {
        QFuture<bool> kept = link->keep(numbered(7));
        kept.waitForFinished();
        wasKept = isKept(kept);
    });
    QTRY_COMPARE(m_listener.kept, QList<int>{ 7 });
    thread.join();
    QVERIFY(wasKept);
}

QTEST_GUILESS_MAIN(AttemptLinkTest)
#include "tst_attemptlink.moc"
