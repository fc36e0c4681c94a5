// SPDX-License-Identifier: GPL-3.0-only
// Changes as curl commands: what a shell makes of them, whatever the names are.
#include "console/model/acting/curltext.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;

namespace {

InstanceSpec remote()
{
    InstanceSpec spec;
    spec.adminUrl = QUrl(u"https://api-1:9090"_s);
    return spec;
}

/// The words a shell gives to curl: each argument in its own line's place, NUL between them.
QList<QByteArray> wordsOf(const QString &command)
{
    QProcess shell;
    shell.start(u"sh"_s,
                { u"-c"_s, u"TOKEN=the-token\ncurl() { printf '%s\\0' \"$@\"; }\n"_s + command });
    if (!shell.waitForFinished())
        return {};
    QList<QByteArray> words = shell.readAllStandardOutput().split('\0');
    words.removeLast();
    return words;
}

const QString kHostile = u"it's \"$(rm -rf /)\" `x` \\ %1 \n$TOKEN; é"_s;

} // namespace

class CurlTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAStop();
    void asksAtTheRightAddress_data();
    void asksAtTheRightAddress();
    void readsALocalTokenFromItsFile();
    void neverHoldsATokenOfARemote();
    void quotesWhateverIsInIt();
    void quotesHostilePaths();
};

void CurlTextTest::writesAStop()
{
    const CommandRequest request{
        .verb = Verb::Stop, .actor = u"ada"_s, .lameDuck = 5s, .grace = 250ms
    };
    QCOMPARE(curlText(remote(), request),
             u"curl --silent --show-error --request POST --header \"Authorization: Bearer $TOKEN\""
             " --header 'Content-Type: application/json'"
             " --data '{\"actor\":\"ada\",\"graceMs\":250,\"lameDuckMs\":5000}'"
             " 'https://api-1:9090/admin/v1/stop'"_s);
}

void CurlTextTest::asksAtTheRightAddress_data()
{
    QTest::addColumn<Verb>("verb");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("quiesce") << Verb::Quiesce << QByteArray("POST") << QByteArray("/quiesce")
                             << QByteArray("{}");
    QTest::newRow("resume") << Verb::Resume << QByteArray("POST") << QByteArray("/resume")
                            << QByteArray("{}");
    QTest::newRow("stop") << Verb::Stop << QByteArray("POST") << QByteArray("/stop")
                          << QByteArray("{}");
    QTest::newRow("extend") << Verb::Extend << QByteArray("POST") << QByteArray("/extend")
                            << QByteArray(R"({"byMs":10000})");
    QTest::newRow("force") << Verb::Force << QByteArray("POST") << QByteArray("/force")
                           << QByteArray("{}");
    QTest::newRow("request") << Verb::CancelRequest << QByteArray("DELETE")
                             << QByteArray("/requests/a%2F%20b") << QByteArray("{}");
    QTest::newRow("job") << Verb::CancelJob << QByteArray("DELETE") << QByteArray("/jobs/a%2F%20b")
                         << QByteArray("{}");
}

void CurlTextTest::asksAtTheRightAddress()
{
    QFETCH(const Verb, verb);
    const QList<QByteArray> words =
        wordsOf(curlText(remote(), { .verb = verb, .target = u"a/ b"_s, .by = 10s }));
    QCOMPARE(words.size(), 11);
    QTEST(words[3], "method");
    QTEST(words[9], "body");
    QFETCH(const QByteArray, path);
    QCOMPARE(words[10], "https://api-1:9090/admin/v1" + path);
}

void CurlTextTest::readsALocalTokenFromItsFile()
{
    InstanceSpec spec = remote();
    spec.tokenSource = TokenSource::File;
    spec.tokenFile = u"/run/it's/token"_s;
    const QString command = curlText(spec, { .verb = Verb::Force });
    QVERIFY(command.startsWith(u"TOKEN=$(cat -- '/run/it'\\''s/token') &&\ncurl "_s));
}

void CurlTextTest::neverHoldsATokenOfARemote()
{
    const QList<QByteArray> words = wordsOf(curlText(remote(), { .verb = Verb::Force }));
    QVERIFY(words.contains("Authorization: Bearer the-token"));
}

void CurlTextTest::quotesWhateverIsInIt()
{
    InstanceSpec spec = remote();
    spec.caFile = u"/etc/"_s + kHostile;
    const QList<QByteArray> words =
        wordsOf(curlText(spec, { .verb = Verb::Stop, .actor = kHostile, .reason = kHostile }));
    QCOMPARE(words.size(), 13);
    QCOMPARE(QString::fromUtf8(words[5]), spec.caFile);
    const QJsonObject body = QJsonDocument::fromJson(words[11]).object();
    QCOMPARE(body.value(u"actor"_s).toString(), kHostile);
    QCOMPARE(body.value(u"reason"_s).toString(), kHostile);
}

void CurlTextTest::quotesHostilePaths()
{
    InstanceSpec spec = remote();
    spec.tokenSource = TokenSource::File;
    spec.tokenFile = u"/nowhere/"_s + kHostile;
    // The file is not there: curl is not even called, and nothing else happens.
    QCOMPARE(wordsOf(curlText(spec, { .verb = Verb::Force })), QList<QByteArray>());
    QCOMPARE(shellQuoted({}), u"''"_s);
}

QTEST_GUILESS_MAIN(CurlTextTest)
#include "tst_curltext.moc"
