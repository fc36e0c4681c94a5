// SPDX-License-Identifier: GPL-3.0-only
// The bound of all request bodies together: what counts, who is refused, and that it is given back.
#include "tests/http/httpstage.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

constexpr qint64 kLimit = 1'000;

LimitSettings limits()
{
    LimitSettings limits;
    limits.maxBodyBytes = kLimit;
    limits.maxBodyMemory = kLimit;
    return limits;
}

QByteArray bytes(qsizetype count)
{
    return QByteArray(count, 'b');
}

/// A request whose body is `announced` long, with as much of it as is sent for now.
QByteArray posting(qsizetype announced, qsizetype sent, const QByteArray &path = "/echo",
                   const QByteArray &fields = {})
{
    return post(path, bytes(announced), fields).chopped(announced - sent);
}

QByteArray chunk(qsizetype size)
{
    return QByteArray::number(size, 16) + "\r\n" + bytes(size) + "\r\n";
}

const QByteArray kInChunks = "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";

struct BodyStage final
{
    explicit BodyStage(const LimitSettings &limits = ::limits())
        : http(limits)
    { }

    [[nodiscard]] qint64 held() const { return http.server.bodyMemory().held(); }
    [[nodiscard]] bool holds(qint64 count) const
    {
        return eventually([this, count] { return held() == count; });
    }
    [[nodiscard]] quint64 rejected() const { return http.server.meter().counts.rejected; }

    HttpStage http;
};

bool isRejected(const std::optional<RawAnswer> &answer)
{
    return answer && answer->status == 503 && answer->code() == "overloaded"
        && !answer->field("Retry-After").isEmpty();
}

} // namespace

class BodyMemoryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatHasComeNotWhatWasAnnounced();
    void holdsABodyUntilItsAnswerIsComplete();
    void holdsABodyUntilItsAnswerIsTaken();
    void refusesByTheHeadWhatCannotFit();
    void refusesChunksWhenTheyDoNotFit();
    void refusesABodyThatIsOvertaken();
    void aBodyThatCameWholeIsRefusedOnALiveConnection();
    void whoHasNoBodyIsServedWhenNothingIsLeft();
    void aProbesBodyIsBoundedToo();
    void anOperatorsBodyIsNot();
    void everyEndGivesItBack_data();
    void everyEndGivesItBack();
    void takesANewLimitFromTheNextBytesOn();
    void letsGoOfLargeBodiesAtOnce_data();
    void letsGoOfLargeBodiesAtOnce();
};

void BodyMemoryTest::countsWhatHasComeNotWhatWasAnnounced()
{
    BodyStage stage;
    RawClient promises(stage.http.port());
    QVERIFY(promises.send(posting(kLimit, 10)));
    QVERIFY(stage.holds(10));
    RawClient client(stage.http.port());
    QCOMPARE(client.exchange(posting(990, 990))->body.size(), 990);
    QCOMPARE(stage.held(), 10);
    QVERIFY(promises.send(bytes(990)));
    QCOMPARE(promises.answer()->body.size(), kLimit);
    QCOMPARE(stage.held(), 0);
    QCOMPARE(stage.rejected(), 0U);
}

void BodyMemoryTest::holdsABodyUntilItsAnswerIsComplete()
{
    BodyStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.send(posting(600, 600, "/later")));
    QVERIFY(stage.http.hasLaterCalls(1));
    QCOMPARE(stage.held(), 600);
    RawClient other(stage.http.port());
    QVERIFY(isRejected(other.exchange(posting(401, 401))));
    QCOMPARE(other.exchange(posting(400, 400))->status, 200);
    stage.http.later[0].answer("done");
    QCOMPARE(client.answer()->body, "done"); // not lost by what others were refused
    QCOMPARE(stage.held(), 0);
    QCOMPARE(stage.rejected(), 1U);
}

void BodyMemoryTest::holdsABodyUntilItsAnswerIsTaken()
{
    constexpr qint64 kLarge = qint64{ 6 } * 1'024 * 1'024; // more than a socket buffers
    BodyStage stage({ .maxBodyBytes = kLarge, .maxBodyMemory = kLarge });
    RawClient slow(stage.http.port(), 4'096);
    slow.stopReading();
    QVERIFY(slow.send(posting(kLarge, kLarge)));
    QVERIFY(stage.holds(kLarge));
    RawClient other(stage.http.port());
    QVERIFY(isRejected(other.exchange(posting(1, 1))));
    slow.startReading();
    QCOMPARE(slow.answer()->body.size(), kLarge);
    QCOMPARE(stage.held(), 0);
    QCOMPARE(other.exchange(posting(1, 1))->status, 200);
}

void BodyMemoryTest::refusesByTheHeadWhatCannotFit()
{
    BodyStage stage;
    RawClient first(stage.http.port());
    QVERIFY(first.send(posting(700, 600)));
    QVERIFY(stage.holds(600));
    RawClient second(stage.http.port());
    QVERIFY(second.send(posting(401, 0, "/echo", "Expect: 100-continue\r\n")));
    const std::optional<RawAnswer> answer = second.answer(); // and no 100 before it
    QVERIFY(isRejected(answer));
    QCOMPARE(answer->field("Connection"), "close");
    QCOMPARE(second.ending(), "end");
    QCOMPARE(stage.rejected(), 1U);
    QVERIFY(first.send(bytes(100)));
    QCOMPARE(first.answer()->body.size(), 700);
}

void BodyMemoryTest::refusesChunksWhenTheyDoNotFit()
{
    BodyStage stage;
    RawClient first(stage.http.port());
    QVERIFY(first.send(posting(700, 600)));
    QVERIFY(stage.holds(600));
    RawClient second(stage.http.port());
    QVERIFY(second.send(kInChunks + chunk(400)));
    QVERIFY(stage.holds(kLimit));
    QVERIFY(second.send(chunk(1)));
    const std::optional<RawAnswer> answer = second.answer();
    QVERIFY(isRejected(answer));
    QCOMPARE(answer->field("Connection"), "close");
    QCOMPARE(second.ending(), "end");
    QCOMPARE(stage.held(), 600); // as soon as it is refused
    QVERIFY(first.send(bytes(100)));
    QCOMPARE(first.answer()->body.size(), 700);
    QCOMPARE(stage.rejected(), 1U);
}

/// Both fitted when they were announced; the one whose bytes come last has to go.
void BodyMemoryTest::refusesABodyThatIsOvertaken()
{
    BodyStage stage;
    RawClient first(stage.http.port());
    RawClient second(stage.http.port());
    QVERIFY(first.send(posting(800, 100)) && second.send(posting(800, 100)));
    QVERIFY(stage.holds(200));
    QVERIFY(first.send(bytes(600)));
    QVERIFY(stage.holds(800));
    QVERIFY(second.send(bytes(201)));
    QVERIFY(isRejected(second.answer()));
    QVERIFY(stage.holds(700));
    QVERIFY(first.send(bytes(100)));
    QCOMPARE(first.answer()->status, 200);
    QCOMPARE(stage.rejected(), 1U);
    QVERIFY(stage.http.becomesIdle());
}

void BodyMemoryTest::aBodyThatCameWholeIsRefusedOnALiveConnection()
{
    BodyStage stage;
    RawClient first(stage.http.port());
    QVERIFY(first.send(posting(700, 600)));
    QVERIFY(stage.holds(600));
    RawClient second(stage.http.port());
    const std::optional<RawAnswer> answer = second.exchange(posting(500, 500));
    QVERIFY(isRejected(answer));
    QCOMPARE(answer->field("Connection"), "");
    QCOMPARE(stage.held(), 600);
    QCOMPARE(second.exchange(posting(400, 400))->status, 200);
}

void BodyMemoryTest::whoHasNoBodyIsServedWhenNothingIsLeft()
{
    BodyStage stage;
    RawClient first(stage.http.port());
    QVERIFY(first.send(posting(kLimit, kLimit, "/later")));
    QVERIFY(stage.holds(kLimit));
    RawClient other(stage.http.port());
    QCOMPARE(other.exchange(get("/hello"))->status, 200);
    QCOMPARE(other.exchange(get("/livez"))->status, 200);
    QCOMPARE(other.exchange(posting(0, 0))->status, 200);
    QVERIFY(isRejected(other.exchange(posting(1, 1))));
    QCOMPARE(stage.rejected(), 1U);
}

/// It is refused for nothing else, and would else be the way around the bound.
void BodyMemoryTest::aProbesBodyIsBoundedToo()
{
    BodyStage stage;
    RawClient first(stage.http.port());
    QVERIFY(first.send(posting(kLimit, 999, "/livez")));
    QVERIFY(stage.holds(999));
    RawClient second(stage.http.port());
    QVERIFY(isRejected(second.exchange(posting(2, 2, "/livez"))));
    QCOMPARE(second.exchange(posting(1, 1, "/livez"))->status, 200);
}

void BodyMemoryTest::anOperatorsBodyIsNot()
{
    HttpStage stage({ .maxBodyMemory = 1 }, ConnectionHost::Role::Operator);
    RawClient client(stage.port());
    QCOMPARE(client.exchange(post("/admin", bytes(500), bearer()))->status, 200);
    QCOMPARE(stage.server.bodyMemory().held(), 0);
}

void BodyMemoryTest::everyEndGivesItBack_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("end");
    const QByteArray half = posting(600, 500);
    const QByteArray whole = posting(500, 500, "/later");
    QTest::newRow("its client leaves while it comes") << half << QByteArray("reset");
    QTest::newRow("its client leaves the handler") << whole << QByteArray("reset");
    QTest::newRow("the rest does not come") << half << QByteArray("wait");
    QTest::newRow("its handler takes too long") << whole << QByteArray("wait");
    QTest::newRow("cancelled while it comes") << half << QByteArray("cancel");
    QTest::newRow("cut while it comes") << half << QByteArray("cut");
    QTest::newRow("cut with its handler") << whole << QByteArray("cut");
    QTest::newRow("a malformed chunk") << kInChunks + chunk(500) << QByteArray("nonsense\r\n");
    QTest::newRow("a chunk too many") << kInChunks + chunk(500) << chunk(501);
    QTest::newRow("the listener goes") << half << QByteArray("close");
}

void BodyMemoryTest::everyEndGivesItBack()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, end);
    BodyStage stage;
    RawClient client(stage.http.port());
    QVERIFY(client.send(sent));
    QVERIFY(stage.holds(500));
    if (end == "reset")
        client.reset();
    else if (end == "wait")
        stage.http.clock.advance(60s);
    else if (end == "cancel")
        stage.http.inFlight.cancelAll();
    else if (end == "cut")
        stage.http.inFlight.cutAll();
    else if (end == "close")
        stage.http.server.closeNow();
    else
        QVERIFY(client.send(end));
    QVERIFY(stage.holds(0));
    QCOMPARE(stage.rejected(), 0U);
    QVERIFY(stage.http.becomesIdle());
}

void BodyMemoryTest::takesANewLimitFromTheNextBytesOn()
{
    BodyStage stage;
    RawClient early(stage.http.port());
    QVERIFY(early.send(posting(600, 500)));
    QVERIFY(stage.holds(500));
    LimitSettings lower = limits();
    lower.maxBodyMemory = 400;
    stage.http.server.setLimits(lower);
    RawClient other(stage.http.port());
    QCOMPARE(other.exchange(get("/hello"))->status, 200);
    QVERIFY(isRejected(other.exchange(posting(1, 1))));
    QCOMPARE(stage.held(), 500); // what is there is left alone
    QVERIFY(early.send(bytes(1)));
    QVERIFY(isRejected(early.answer()));
    QCOMPARE(stage.held(), 0);
    QCOMPARE(other.exchange(posting(400, 400))->status, 200);
    stage.http.server.setLimits(limits());
    QCOMPARE(other.exchange(posting(kLimit, kLimit))->status, 200);
    QCOMPARE(stage.rejected(), 2U);
}

void BodyMemoryTest::letsGoOfLargeBodiesAtOnce_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<int>("sockets"); // that keep a copy until the connection has cooled down
    QTest::newRow("small") << HttpConnection::kKeptBody << 1;
    QTest::newRow("large") << HttpConnection::kKeptBody + 1 << 0;
}

void BodyMemoryTest::letsGoOfLargeBodiesAtOnce()
{
    QFETCH(qint64, size);
    QFETCH(int, sockets);
    HttpStage stage;
    RawClient client(stage.port());
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(client.exchange(posting(size, size))->body.size(), size);
        QVERIFY(eventually([&] { return stage.exchangeSockets() == sockets; }));
    }
    QCOMPARE(client.exchange(get("/hello"))->status, 200);
    QCOMPARE(stage.exchangeSockets(), 1);
}

QTEST_GUILESS_MAIN(BodyMemoryTest)
#include "tst_bodymemory.moc"
