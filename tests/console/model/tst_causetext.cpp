// SPDX-License-Identifier: GPL-3.0-only
// Causes, links and times in words: who asked is never guessed, and no length is too long.
#include "console/model/instance/causetext.h"
#include "console/model/instance/linktext.h"
#include "tests/console/fedinstance.h"

#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;

class CauseTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhoAskedAndNeverGuesses_data();
    void tellsWhoAskedAndNeverGuesses();
    void tellsWhenItTriesAgain();
    void explainsEveryLinkThatIsNotLive();
};

void CauseTextTest::tellsWhoAskedAndNeverGuesses_data()
{
    QTest::addColumn<StopCause>("cause");
    QTest::addColumn<QString>("text");
    const auto signal = [](std::optional<qint64> pid, std::optional<qint64> uid,
                           const QString &command) {
        StopCause cause;
        cause.kind = StopCause::Kind::Signal;
        cause.signal = u"SIGTERM"_s;
        cause.senderPid = pid;
        cause.senderUid = uid;
        cause.senderCommand = command;
        return cause;
    };
    QTest::newRow("api") << cause()
                         << u"alice through the admin API (operator, from 10.0.0.7): deploy 7"_s;
    QTest::newRow("itself") << StopCause() << u"the service itself"_s;
    QTest::newRow("known") << signal(4711, 1000, u"bash"_s)
                           << u"SIGTERM from bash (pid 4711, uid 1000)"_s;
    QTest::newRow("unknown") << signal({}, {}, {}) << u"SIGTERM from an unknown sender"_s;
    QTest::newRow("pid 0") << signal(0, 0, {}) << u"SIGTERM from an unknown sender"_s;
    QTest::newRow("pid 1") << signal(1, 0, {}) << u"SIGTERM from an unknown sender"_s;
    QTest::newRow("systemd") << signal(1, 0, u"systemd"_s) << u"SIGTERM from systemd"_s;
    QTest::newRow("steers the terminal")
        << signal(7, {}, u"a\x1b[2J"_s) << u"SIGTERM from a\\u001b[2J (pid 7)"_s;
}

void CauseTextTest::tellsWhoAskedAndNeverGuesses()
{
    QFETCH(StopCause, cause);
    QFETCH(QString, text);
    QCOMPARE(causeText(cause), text);
}

void CauseTextTest::tellsWhenItTriesAgain()
{
    const QDateTime now = utcNow();
    LinkStatus lost = link(LinkState::Unreachable);
    QCOMPARE(retryText(lost, now), QString());
    lost.retryAt = now.addMSecs(3'100);
    lost.attempt = 3;
    QCOMPARE(retryText(lost, now), u"Next attempt in 4 s (failed so far: 3)"_s);
    QCOMPARE(retryText(lost, now.addSecs(9)), u"Trying again …"_s);
}

void CauseTextTest::explainsEveryLinkThatIsNotLive()
{
    for (const LinkState state :
         { LinkState::Idle, LinkState::Connecting, LinkState::Stale, LinkState::Unreachable,
           LinkState::NotAuthorised, LinkState::NeedsToken, LinkState::Incompatible,
           LinkState::Crashed })
        QVERIFY(!linkExplanation(link(state)).isEmpty());
    QVERIFY(linkExplanation(link(LinkState::Live)).isEmpty());
    QVERIFY(linkExplanation(link(LinkState::Unreachable, u"refused"_s)).contains(u"refused"_s));
}

QTEST_GUILESS_MAIN(CauseTextTest)
#include "tst_causetext.moc"
