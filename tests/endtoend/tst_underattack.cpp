// SPDX-License-Identifier: GPL-3.0-only
// The real process under attack: bounded memory and descriptors, others served, and a stop in time.
//
// Where each attack is tested:
//   here                      slow heads, slow bodies, large bodies, slow readers, idle flood,
//   connection flood,
//                             request flood, header bombs, pipelining bombs, half-closed sockets,
//                             resets mid-answer, descriptors exhausted, data dir full or read-only
//   tst_roughclients.cpp      garbage on both listeners, thousands who leave mid-request
//   tst_adminaccess.cpp       token guessing
//   tst_events.cpp            subscribers that do not read
//   tst_requestmoments.cpp    one client of each kind at each moment of a stop
#include "tests/endtoend/besieged.h"

#include <QFile>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

constexpr int kLongestMs = int(kLongestWait.count());
constexpr int kMany = 400;
/// Of a connection that has sent little: its objects and buffers, both sides of the allocator.
constexpr qint64 kKibEach = 16;
constexpr Besieged::Growth kOfMany{ kMany * kKibEach, kMany };
/// Of a body that is echoed and not read: as it came, in QHttpServer's hands twice, as it is to be
/// sent, and once more while one of them grows or the allocator has not given it back.
constexpr int kCopies = 5;
constexpr LoopbackClient::Options kDeaf{ .receiveBuffer = 4'096 };

QByteArray posting(qsizetype announced, const QByteArray &sent = {})
{
    return "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: " + QByteArray::number(announced)
        + "\r\n\r\n" + sent;
}

void limit(qint64 pid, __rlimit_resource resource, rlim_t now)
{
    rlimit both{};
    if (::prlimit(static_cast<pid_t>(pid), resource, nullptr, &both) != 0)
        qFatal("no prlimit");
    both.rlim_cur = now;
    ::prlimit(static_cast<pid_t>(pid), resource, &both, nullptr);
}

bool isStillSilent(const LoopbackClient &client)
{
    return client.isSilent();
}

void setMode(const QString &path, mode_t mode)
{
    if (::chmod(QFile::encodeName(path).constData(), mode) != 0)
        qFatal("cannot chmod %s", qUtf8Printable(path));
}

} // namespace

class UnderAttackTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void slowHeadsAreEndedAndHoldNoStop();
    void slowBodiesHoldNobodyElse();
    void promisedBodiesTakeNoMemoryFromOthers();
    void largeBodiesTogetherStayWithinTheirBound();
    void slowReadersOfLargeAnswersAreCut();
    void anIdleFloodIsClosed();
    void aConnectionFloodWaitsOutside();
    void aRequestFloodIsToldToComeAgain();
    void bombsOfHeadsAreRefused_data();
    void bombsOfHeadsAreRefused();
    void pipelinesThatNobodyReadsFill();
    void pipelinesThatAreReadTakeNoMore();
    void halfClosedSocketsAreLetGo();
    void resetsInTheMiddleOfAnswersLeaveNothing();
    void operatorsHaveDescriptorsWhateverTheLimit();
    void servesOnWhenDescriptorsRunOut();
    void servesOnWhenItsDiskIsFull();
    void servesOnWhenItsDataDirectoryIsReadOnly();
};

void UnderAttackTest::slowHeadsAreEndedAndHoldNoStop()
{
    const QByteArray half = "GET /hello HTTP/1.1\r\nHost: test\r\nX-Slow: ";
    Besieged target({ u"HEADER_TIMEOUT=1500ms"_s });
    QVERIFY(target.start());
    {
        Crowd slow = target.crowd(kMany, half);
        QString wrong;
        const auto isOver = [&] {
            trickle(slow, "s");
            wrong = target.wrong(kOfMany);
            return !wrong.isEmpty() || allHaveNews(slow);
        };
        QVERIFY(QTest::qWaitFor(isOver, kLongestMs));
        QCOMPARE(wrong, QString());
        for (LoopbackClient &client : slow)
            QCOMPARE(client.readAnswer().status, 408); // although more of it came
    }
    QVERIFY(target.isRelieved());
    const Crowd slow = target.crowd(kMany, half);
    QCOMPARE(target.wrong(kOfMany), QString());
    QCOMPARE(target.wrongStop(0, [&] { trickle(slow, "s"); }), QString());
    QCOMPARE(target.service.tally(), u"0+0 = 0+0+0"_s);
}

void UnderAttackTest::slowBodiesHoldNobodyElse()
{
    const QByteArray half = posting(1'024 * 1'024, QByteArray(1'024, 'b'));
    Besieged target({ u"BODY_TIMEOUT=1s"_s, u"MAX_IN_FLIGHT=8"_s });
    QVERIFY(target.start(u"500ms"_s));
    {
        Crowd slow = target.crowd(kMany, half);
        for (int round = 0; round < 50; ++round) { // they take none of the eight places
            trickle(slow, "b");
            QCOMPARE(target.wrong(kOfMany), QString());
        }
        for (LoopbackClient &client : slow)
            QCOMPARE(client.readAnswer().status, 408);
    }
    QVERIFY(target.isRelieved());
    const Crowd slow = target.crowd(kMany, half);
    QCOMPARE(target.wrong(kOfMany), QString());
    QCOMPARE(target.wrongStop(75, [&] { trickle(slow, "b"); }), QString());
    QCOMPARE(target.service.tally(), u"%1+0 = 0+%1+0"_s.arg(kMany));
}

void UnderAttackTest::promisedBodiesTakeNoMemoryFromOthers()
{
    constexpr qsizetype kLarge = qsizetype{ 8 } * 1'024 * 1'024; // two of them are all there is
    Besieged target({ u"MAX_BODY_MEMORY=16MiB"_s });
    QVERIFY(target.start());
    const Crowd promises = target.crowd(kMany, posting(kLarge, "b"));
    QCOMPARE(target.wrong(kOfMany), QString());
    const QByteArray body(kLarge / 2, 'e');
    QCOMPARE(askAfresh(target.service.trafficPort(), post("/echo", body)).body.size(), body.size());
    for (const LoopbackClient &client : promises)
        QVERIFY(client.isSilent()); // nor are they refused
}

void UnderAttackTest::largeBodiesTogetherStayWithinTheirBound()
{
    constexpr int kSenders = 96;
    constexpr int kFit = 16;
    constexpr qsizetype kSize = qsizetype{ 512 } * 1'024;
    // What has grown is up to twice its size, and once more while it grows.
    constexpr Besieged::Growth kOfBodies{ 3 * kFit * kSize / 1'024, kSenders };
    Besieged target({ u"MAX_BODY_MEMORY=8MiB"_s, u"BODY_TIMEOUT=10m"_s });
    QVERIFY(target.start(u"500ms"_s));
    const QByteArray begun = "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n"
                             "\r\n80000\r\n"
        + QByteArray(kSize, 'b') + "\r\n";
    const QByteArray more = "1\r\nb\r\n";
    Crowd slow;
    for (int i = 0; i < kSenders; ++i) {
        slow.emplace_back(target.service.trafficPort());
        slow.back().send(begun); // perhaps not all of it
        if (i % 8 == 0)
            QCOMPARE(target.wrong(kOfBodies), QString());
    }
    QString wrong;
    const auto isSettled = [&] { // with one byte more, one of the last sixteen is too much
        trickle(slow, more);
        wrong = target.wrong(kOfBodies);
        const auto silent = std::count_if(slow.begin(), slow.end(), isStillSilent);
        return !wrong.isEmpty() || silent < kFit;
    };
    QVERIFY(QTest::qWaitFor(isSettled, kLongestMs));
    QCOMPARE(wrong, QString());
    Crowd served;
    Crowd refused;
    for (LoopbackClient &client : slow)
        (client.isSilent() ? served : refused).push_back(std::move(client));
    QVERIFY(served.size() >= kFit - 2);
    for (LoopbackClient &client : refused) {
        const Answer answer = client.readAnswer();
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.code(), QByteArray("overloaded"));
        QVERIFY(answer.fields.contains("retry-after"));
        QVERIFY(answer.saysClose());
    }
    const AdminClient admin(target.service);
    QCOMPARE(admin.get("/state").body["requests"_L1]["rejected"_L1].toInteger(),
             qint64(refused.size()));
    const Answer whole = ask(served.back(), "0\r\n\r\n"); // who was let in loses nothing
    QCOMPARE(whole.status, 200);
    QVERIFY(whole.body.size() > kSize);
    served.pop_back();
    const QByteArray small(kSize / 2, 's'); // and leaves room for others
    QCOMPARE(askAfresh(target.service.trafficPort(), post("/echo", small)).status, 200);
    QCOMPARE(target.wrongStop(75, [&] { trickle(served, more); }), QString());
    QCOMPARE(target.service.tally(), u"%1+0 = 0+%1+0"_s.arg(served.size()));
}

void UnderAttackTest::slowReadersOfLargeAnswersAreCut()
{
    constexpr int kReaders = 24;
    constexpr qsizetype kSize = qsizetype{ 6 } * 1'024 * 1'024; // more than a socket buffers
    constexpr Besieged::Growth kOfReaders{ kReaders * kCopies * kSize / 1'024, kReaders };
    Besieged target({ u"WRITE_TIMEOUT=1s"_s, u"MAX_IN_FLIGHT=32"_s });
    QVERIFY(target.start());
    const QByteArray large = post("/echo", QByteArray(kSize, 'e'));
    for (int wave = 0; wave < 2; ++wave) { // the second costs no more than the first
        Crowd deaf;
        for (int i = 0; i < kReaders; ++i) {
            deaf.emplace_back(target.service.trafficPort(), kDeaf);
            QVERIFY(deaf.back().send(large));
            QVERIFY(deaf.back().waitForBytes(1));
            QCOMPARE(target.wrong(kOfReaders), QString());
        }
        QVERIFY(target.isRelieved()); // by the time-out: they still hold their ends
        QVERIFY(deaf.front().readToEnd().size() < kSize);
    }
    // Also when nobody comes any more.
    QTRY_COMPARE_WITH_TIMEOUT(target.wrongGrowth({ kOfReaders.kib / kCopies, 0 }), QString(),
                              kLongestMs / 6);
    LoopbackClient deaf(target.service.trafficPort(), kDeaf);
    QVERIFY(deaf.send(large));
    QVERIFY(deaf.waitForBytes(1));
    QCOMPARE(target.wrongStop(0), QString());
    QCOMPARE(target.service.tally(), u"1+0 = 0+0+1"_s); // who does not read has left
}

void UnderAttackTest::anIdleFloodIsClosed()
{
    constexpr int kFlood = 2'000;
    constexpr Besieged::Growth kOfFlood{ kFlood * kKibEach, kFlood };
    Besieged target({ u"KEEP_ALIVE_TIMEOUT=1s"_s });
    QVERIFY(target.start());
    {
        Crowd idle = target.crowd(kFlood);
        QCOMPARE(target.wrong(kOfFlood), QString());
        for (LoopbackClient &client : idle)
            QCOMPARE(client.waitForEnd(), LoopbackClient::End::Closed);
    }
    QVERIFY(target.isRelieved());
    const Crowd idle = target.crowd(kFlood);
    QCOMPARE(target.wrong(kOfFlood), QString());
    QCOMPARE(target.wrongStop(0), QString());
}

void UnderAttackTest::aConnectionFloodWaitsOutside()
{
    constexpr int kRoom = 64;
    Besieged target({ u"MAX_CONNECTIONS=%1"_s.arg(kRoom) });
    QVERIFY(target.start());
    LoopbackClient known(target.service.trafficPort());
    QCOMPARE(ask(known, get("/hello")).status, 200);
    Crowd flood = target.crowd(kMany);
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(ask(known, get("/hello")).status, 200);
        QCOMPARE(target.wrongForOperators(), QString());
        QCOMPARE(target.wrongGrowth({ kRoom * kKibEach, kRoom }), QString());
    }
    LoopbackClient waiting(target.service.trafficPort());
    QVERIFY(waiting.send(get("/hello")));
    QVERIFY(waiting.isSilent()); // until somebody goes
    for (size_t i = 0; i < flood.size(); ++i)
        i % 2 == 0 ? flood[i].reset() : flood[i].close();
    QCOMPARE(waiting.readAnswer().status, 200);
    QCOMPARE(target.wrong({ kRoom * kKibEach, 4 }), QString());

    flood = target.crowd(kMany);
    LoopbackClient last(target.service.trafficPort());
    QVERIFY(last.send(get("/hello")));
    QCOMPARE(target.wrongForOperators(), QString());
    QCOMPARE(target.wrongStop(0), QString());
    QCOMPARE(last.readAnswer().status, 200); // a drain serves the queue, which it waited in
}

void UnderAttackTest::aRequestFloodIsToldToComeAgain()
{
    constexpr int kAtWork = 4;
    Besieged target({ u"MAX_IN_FLIGHT=%1"_s.arg(kAtWork) });
    QVERIFY(target.start(u"500ms"_s));
    Crowd working = target.crowd(kAtWork, get("/work?ms=600000"));
    QVERIFY(target.service.hasCaughtUp());
    Crowd flood = target.crowd(kMany, get("/hello") + get("/work?ms=600000"));
    for (LoopbackClient &client : flood) {
        for (int i = 0; i < 2; ++i) {
            const Answer answer = client.readAnswer();
            QCOMPARE(answer.status, 503);
            QCOMPARE(answer.code(), QByteArray("overloaded"));
            QVERIFY(answer.fields.contains("retry-after"));
        }
    }
    QVERIFY(target.service.hasCaughtUp()); // health is answered whatever is in flight
    QCOMPARE(target.wrongForOperators(), QString());
    QCOMPARE(target.wrongGrowth({ kOfMany.kib, kMany + kAtWork }), QString());
    working.pop_back();
    const auto hello = [&] {
        return askAfresh(target.service.trafficPort(), get("/hello")).status;
    };
    QTRY_COMPARE_WITH_TIMEOUT(hello(), 200, kLongestMs);
    const QByteArray more = get("/work?ms=600000");
    QCOMPARE(target.wrongStop(75, [&] { trickle(flood, more); }), QString());
}

void UnderAttackTest::bombsOfHeadsAreRefused_data()
{
    constexpr int kBytes = 256 * 1'024;
    const QByteArray line = "GET /hello HTTP/1.1\r\nHost: test\r\n";
    QTest::addColumn<QByteArray>("bomb");
    QTest::addColumn<int>("status");
    QTest::newRow("one field") << line + "X-Bomb: " + QByteArray(kBytes, 'x') << 431;
    QTest::newRow("many fields") << line + QByteArray("a:\r\n").repeated(kBytes / 4) << 431;
    QTest::newRow("a name that does not end") << line + QByteArray(kBytes, 'n') << 431;
    QTest::newRow("a target that does not end") << "GET /" + QByteArray(kBytes, 'u') << 414;
    QTest::newRow("trailers") << "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked"
                                 "\r\n\r\n1\r\nb\r\n0\r\n"
            + QByteArray("a: b\r\n").repeated(kBytes / 6)
                              << 431;
    QTest::newRow("chunk extensions")
        << "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n1;"
            + QByteArray(kBytes, 'e')
        << 400;
}

void UnderAttackTest::bombsOfHeadsAreRefused()
{
    QFETCH(const QByteArray, bomb);
    QFETCH(const int, status);
    constexpr int kBombs = 100;
    Besieged target;
    QVERIFY(target.start());
    Crowd bombers;
    for (int i = 0; i < kBombs; ++i) {
        bombers.emplace_back(target.service.trafficPort());
        bombers.back().send(bomb); // perhaps not all of it
    }
    QCOMPARE(target.wrong({ kBombs * 2 * kKibEach, kBombs }), QString());
    for (LoopbackClient &client : bombers)
        QCOMPARE(client.readAnswer().status, status);
    QVERIFY(target.isRelieved());
    bombers = target.crowd(kBombs, bomb);
    QCOMPARE(target.wrongStop(0, [&] { trickle(bombers, "x"); }), QString());
}

void UnderAttackTest::pipelinesThatNobodyReadsFill()
{
    constexpr int kPipelines = 4;
    Besieged target({ u"WRITE_TIMEOUT=1s"_s });
    QVERIFY(target.start());
    const QByteArray bomb = get("/hello").repeated(2'000);
    for (int wave = 0; wave < 2; ++wave) {
        Crowd deaf = target.crowd(kPipelines, {}, kDeaf);
        for (qsizetype taken = 1; taken > 0;) { // until the service has stopped reading
            taken = 0;
            for (const LoopbackClient &client : deaf)
                taken += client.sendSome(bomb);
            QCOMPARE(target.wrong({ 4 * 1'024, kPipelines }), QString());
        }
        QVERIFY(target.isRelieved()); // by the time-out of writing
        QVERIFY(deaf.front().readToEnd().startsWith("HTTP/1.1 200 OK\r\n"));
    }
    const Crowd deaf = target.crowd(kPipelines, bomb, kDeaf);
    QCOMPARE(target.wrongStop(0, [&] { trickle(deaf, bomb); }), QString());
}

/// Its requests come faster than they can be answered, for as long as it likes.
void UnderAttackTest::pipelinesThatAreReadTakeNoMore()
{
    constexpr int kRequests = 100'000;
    constexpr int kAhead = 20'000; // far more than the service reads ahead
    Besieged target;
    QVERIFY(target.start());
    const QByteArray requests = get("/hello").repeated(kAhead);
    LoopbackClient greedy(target.service.trafficPort());
    qsizetype sent = 0;
    for (int answered = 0; answered < kRequests; ++answered) {
        if (answered % 1'000 == 0) {
            sent = (sent + greedy.sendSome(requests.sliced(sent))) % requests.size();
            QCOMPARE(target.wrong({ 4 * 1'024, 1 }), QString());
        }
        QCOMPARE(greedy.readAnswer().status, 200);
    }
    const auto goOn = [&] {
        sent = (sent + greedy.sendSome(requests.sliced(sent))) % requests.size();
    };
    QCOMPARE(target.wrongStop(0, goOn), QString());
}

void UnderAttackTest::halfClosedSocketsAreLetGo()
{
    constexpr int kEach = 100;
    constexpr int kKinds = 5;
    Besieged target(
        { u"HEADER_TIMEOUT=10m"_s, u"BODY_TIMEOUT=10m"_s, u"KEEP_ALIVE_TIMEOUT=10m"_s });
    QVERIFY(target.start());
    const QByteArray last = "GET /hello HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    std::array<Crowd, kKinds> kinds{ target.crowd(kEach), target.crowd(kEach, last.first(30)),
                                     target.crowd(kEach, posting(9, "half")),
                                     target.crowd(kEach, get("/work?ms=200")),
                                     target.crowd(kEach, last) };
    for (int kind = 0; kind + 1 < kKinds; ++kind) { // the last kind closes neither half
        for (const LoopbackClient &client : kinds.at(size_t(kind)))
            client.finishSending();
    }
    QCOMPARE(target.wrong({ kKinds * kEach * kKibEach, kKinds * kEach }), QString());
    for (LoopbackClient &client : kinds[3])
        QCOMPARE(client.readAnswer().body, QByteArray("done")); // that much it still wanted
    QVERIFY(target.isRelieved()); // no time-out of theirs is over, and they still hold their ends

    Crowd working = target.crowd(kEach, get("/work?ms=200"));
    for (const LoopbackClient &client : working)
        client.finishSending();
    QVERIFY(target.service.hasCaughtUp());
    QCOMPARE(target.wrongStop(0), QString());
    for (LoopbackClient &client : working)
        QCOMPARE(client.readAnswer().body, QByteArray("done"));
}

void UnderAttackTest::resetsInTheMiddleOfAnswersLeaveNothing()
{
    constexpr int kRounds = 8;
    constexpr int kEach = 4;
    constexpr qsizetype kSize = qsizetype{ 6 } * 1'024 * 1'024;
    const QByteArray large = post("/echo", QByteArray(kSize, 'e'));
    Besieged target;
    QVERIFY(target.start());
    const auto round = [&] {
        Crowd deaf = target.crowd(kEach, {}, kDeaf);
        for (LoopbackClient &client : deaf)
            static_cast<void>(client.send(large) && client.waitForBytes(1));
        return deaf;
    };
    // As much as is under way at once, however often.
    constexpr Besieged::Growth kOfRound{ kEach * kCopies * kSize / 1'024, kEach };
    for (int i = 0; i < kRounds; ++i) {
        Crowd deaf = round();
        QCOMPARE(target.wrong(kOfRound), QString());
        for (LoopbackClient &client : deaf)
            client.reset();
        QVERIFY(target.isRelieved());
    }
    Crowd deaf = round();
    const auto resetAll = [&] {
        for (LoopbackClient &client : deaf)
            client.reset();
        deaf.clear();
    };
    QCOMPARE(target.wrongStop(0, resetAll), QString());
    QVERIFY(target.service.tally().contains(u"= 0+0+"_s)); // some before the signal was taken
}

void UnderAttackTest::operatorsHaveDescriptorsWhateverTheLimit()
{
    constexpr rlim_t kLimit = 256; // far below limits.max_connections
    Besieged target;
    target.service.setBeforeExec([] {
        const rlimit low{ .rlim_cur = kLimit, .rlim_max = kLimit };
        ::setrlimit(RLIMIT_NOFILE, &low);
    });
    QVERIFY(target.start());
    QCOMPARE(target.service.countLog(u"file limit too low for limits.max_connections"_s), 1);
    LoopbackClient known(target.service.trafficPort());
    QCOMPARE(ask(known, get("/hello")).status, 200);
    Crowd flood = target.crowd(kMany);
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(ask(known, get("/hello")).status, 200);
        QCOMPARE(target.wrongForOperators(), QString()); // on a fresh connection
    }
    QCOMPARE(target.service.countLog(u"cannot accept for now"_s), 0);
    flood.clear();
    QTRY_COMPARE_WITH_TIMEOUT(target.wrong({ 4 * 1'024, 4 }), QString(), kLongestMs);
    flood = target.crowd(kMany);
    QCOMPARE(target.wrongStop(0), QString());
    QVERIFY(!target.service.report().isEmpty());
}

void UnderAttackTest::servesOnWhenDescriptorsRunOut()
{
    if (kIsSanitized)
        QSKIP("UBSan's check of vtables opens a pipe, and reports an error when it cannot");
    constexpr int kRoom = 16;
    Besieged target;
    QVERIFY(target.start());
    LoopbackClient known(target.service.trafficPort());
    QCOMPARE(ask(known, get("/hello")).status, 200);
    const Vitals now = vitalsOf(target.service.pid());
    limit(target.service.pid(), RLIMIT_NOFILE, static_cast<rlim_t>(now.descriptors + kRoom));
    Crowd flood = target.crowd(kMany);
    QVERIFY(target.service.waitForLog(u"cannot accept for now"_s));
    for (int i = 0; i < 200; ++i)
        QCOMPARE(ask(known, get("/hello")).status, 200);
    QCOMPARE(ask(known, get("/readyz")).status, 503);
    QVERIFY(target.service.countLog(u"cannot accept for now"_s) <= 2); // one a listener
    QCOMPARE(ask(known, get("/livez")).status, 200);
    QCOMPARE(target.wrongGrowth({ 4 * 1'024, kRoom + 1 }), QString()); // and `known`
    flood.clear();
    QTRY_COMPARE_WITH_TIMEOUT(target.wrong({ 4 * 1'024, 4 }), QString(), kLongestMs);
    QTRY_COMPARE_WITH_TIMEOUT(ask(known, get("/readyz")).status, 200, kLongestMs);
    flood = target.crowd(kRoom * 4);
    QCOMPARE(target.wrongStop(0), QString());
    QVERIFY(!target.service.report().isEmpty());
}

void UnderAttackTest::servesOnWhenItsDiskIsFull()
{
    Besieged target;
    QVERIFY(target.start());
    limit(target.service.pid(), RLIMIT_FSIZE, 16); // as a full disk, from here on
    const AdminClient admin(target.service);
    QCOMPARE(admin.post("/quiesce").status, 202);
    QCOMPARE(admin.post("/resume").status, 200);
    QVERIFY(target.service.waitForLog(u"audit log not written"_s));
    QCOMPARE(target.wrong({ 4 * 1'024, 0 }), QString());
    QCOMPARE(target.wrongStop(0), QString());
    QCOMPARE(target.service.countLog(u"audit log not written"_s), 1);
    QCOMPARE(target.service.countLog(u"stop report not written"_s), 1);
    QVERIFY(target.service.report().isEmpty());
    QVERIFY(target.start()); // with what is there now
    QCOMPARE(target.wrongStop(0), QString());
    QVERIFY(!target.service.report().isEmpty());
}

void UnderAttackTest::servesOnWhenItsDataDirectoryIsReadOnly()
{
    Besieged target;
    target.service.setBeforeExec([] { ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0); });
    QVERIFY(target.start());
    const AdminClient admin(target.service);
    QCOMPARE(admin.post("/quiesce").status, 202);
    QCOMPARE(admin.post("/resume").status, 200); // the log of them is there
    setMode(target.service.dataDir() + "/reports"_L1, 0500);
    setMode(target.service.dataDir(), 0500);
    setMode(target.service.dataDir() + "/audit.jsonl"_L1, 0400);
    QCOMPARE(admin.post("/quiesce").status, 202);
    QCOMPARE(admin.post("/resume").status, 200);
    QVERIFY(target.service.waitForLog(u"audit log not written"_s));
    QCOMPARE(target.wrong({ 4 * 1'024, 0 }), QString());
    QCOMPARE(target.wrongStop(0), QString());
    QCOMPARE(target.service.countLog(u"stop report not written"_s), 1);
    setMode(target.service.dataDir(), 0700); // for whoever removes it
    setMode(target.service.dataDir() + "/reports"_L1, 0700);
}

QTEST_GUILESS_MAIN(UnderAttackTest)
#include "tst_underattack.moc"
