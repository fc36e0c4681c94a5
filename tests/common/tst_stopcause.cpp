// SPDX-License-Identifier: GPL-3.0-only
// Who asked: as JSON with null for what is unknown, and in words that never guess.
#include "common/lifecycle/stopcause.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::StopCause;

Q_DECLARE_METATYPE(quiesce::StopCause)

namespace {

StopCause sigterm(std::optional<qint64> pid, std::optional<qint64> uid, const QString &command)
{
    StopCause cause;
    cause.kind = StopCause::Kind::Signal;
    cause.signal = u"SIGTERM"_s;
    cause.signalNumber = 15;
    cause.senderPid = pid;
    cause.senderUid = uid;
    cause.senderCommand = command;
    return cause;
}

StopCause apiCall(const QString &actor, const QString &role, const QString &address,
                  const QString &reason)
{
    StopCause cause;
    cause.kind = StopCause::Kind::Api;
    cause.actor = actor;
    cause.role = role;
    cause.remoteAddress = address;
    cause.reason = reason;
    return cause;
}

QByteArray json(const StopCause &cause)
{
    return QJsonDocument(toJson(cause)).toJson(QJsonDocument::Compact);
}

} // namespace

class StopCauseTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jsonHasEveryKey_data();
    void jsonHasEveryKey();
    void isDescribedForPeople_data();
    void isDescribedForPeople();
};

void StopCauseTest::jsonHasEveryKey_data()
{
    QTest::addColumn<StopCause>("cause");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("signal, sender known")
        << sigterm(4711, 1000, u"bash"_s)
        << QByteArray(R"({"actor":null,"kind":"signal","reason":null,"remoteAddress":null,)"
                      R"("role":null,"senderCommand":"bash","senderPid":4711,"senderUid":1000,)"
                      R"("signal":"SIGTERM"})");
    QTest::newRow("signal, sender unknown")
        << sigterm({}, {}, {})
        << QByteArray(R"({"actor":null,"kind":"signal","reason":null,"remoteAddress":null,)"
                      R"("role":null,"senderCommand":null,"senderPid":null,"senderUid":null,)"
                      R"("signal":"SIGTERM"})");
    QTest::newRow("pid 0 is no sender, uid 0 is root")
        << sigterm(0, 0, {})
        << QByteArray(R"({"actor":null,"kind":"signal","reason":null,"remoteAddress":null,)"
                      R"("role":null,"senderCommand":null,"senderPid":null,"senderUid":0,)"
                      R"("signal":"SIGTERM"})");
    QTest::newRow("API")
        << apiCall(u"alice"_s, u"operator"_s, u"10.0.0.7"_s, u"deploy"_s)
        << QByteArray(R"({"actor":"alice","kind":"api","reason":"deploy",)"
                      R"("remoteAddress":"10.0.0.7","role":"operator","senderCommand":null,)"
                      R"("senderPid":null,"senderUid":null,"signal":null})");
    QTest::newRow("internal")
        << StopCause{}
        << QByteArray(R"({"actor":null,"kind":"internal","reason":null,"remoteAddress":null,)"
                      R"("role":null,"senderCommand":null,"senderPid":null,"senderUid":null,)"
                      R"("signal":null})");
}

void StopCauseTest::jsonHasEveryKey()
{
    QFETCH(StopCause, cause);
    QFETCH(QByteArray, expected);
    QCOMPARE(json(cause), expected);
}

void StopCauseTest::isDescribedForPeople_data()
{
    QTest::addColumn<StopCause>("cause");
    QTest::addColumn<QString>("expected");
    QTest::newRow("all known") << sigterm(4711, 1000, u"bash"_s)
                               << u"SIGTERM from bash (pid 4711, uid 1000)"_s;
    QTest::newRow("command gone") << sigterm(4711, 0, {}) << u"SIGTERM from pid 4711, uid 0"_s;
    QTest::newRow("uid unknown") << sigterm(4711, {}, u"bash"_s)
                                 << u"SIGTERM from bash (pid 4711)"_s;
    QTest::newRow("nothing known") << sigterm({}, {}, {}) << u"SIGTERM from an unknown sender"_s;
    QTest::newRow("pid 0") << sigterm(0, 0, {}) << u"SIGTERM from an unknown sender"_s;
    QTest::newRow("pid 1, its name known")
        << sigterm(1, 0, u"systemd"_s) << u"SIGTERM from systemd"_s;
    QTest::newRow("pid 1, its name unknown")
        << sigterm(1, 0, {}) << u"SIGTERM from an unknown sender"_s;
    QTest::newRow("a command that would steer the terminal")
        << sigterm(4711, 0, u"a\x1b[2J\nb"_s)
        << u"SIGTERM from a\\u001b[2J\\nb (pid 4711, uid 0)"_s;
    QTest::newRow("a command with a place marker")
        << sigterm(4711, 0, u"%2"_s) << u"SIGTERM from %2 (pid 4711, uid 0)"_s;
    QTest::newRow("API, all known")
        << apiCall(u"alice"_s, u"operator"_s, u"10.0.0.7"_s, u"deploy 7"_s)
        << u"alice through the admin API (operator, from 10.0.0.7): deploy 7"_s;
    QTest::newRow("API, nothing known") << apiCall({}, {}, {}, {}) << u"the admin API"_s;
    QTest::newRow("internal") << StopCause{} << u"the service itself"_s;
}

void StopCauseTest::isDescribedForPeople()
{
    QFETCH(StopCause, cause);
    QFETCH(QString, expected);
    QCOMPARE(describe(cause), expected);
}

QTEST_GUILESS_MAIN(StopCauseTest)
#include "tst_stopcause.moc"
