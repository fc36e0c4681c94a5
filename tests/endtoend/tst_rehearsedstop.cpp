// SPDX-License-Identifier: GPL-3.0-only
// quiesced under quiesce-rehearse: busy clients, real stops, nothing lost.
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestRun = 240'000;

QStringList quiesced(const QTemporaryDir &directory)
{
    return { u"--"_s,
             QStringLiteral(QUIESCED_PROGRAM),
             u"--listen"_s,
             u"127.0.0.1:{port}"_s,
             u"--admin-listen"_s,
             u"127.0.0.1:0"_s,
             u"--data-dir"_s,
             directory.filePath(u"data"_s),
             u"--runtime-dir"_s,
             directory.filePath(u"run"_s) };
}

} // namespace

class RehearsedStopTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void losesNothing_data();
    void losesNothing();
};

void RehearsedStopTest::losesNothing_data()
{
    QTest::addColumn<QStringList>("load");
    QTest::newRow("128 kept-alive clients")
        << QStringList{ u"--clients"_s, u"128"_s, u"--fresh"_s, u"0"_s };
    QTest::newRow("32 clients with fresh connections")
        << QStringList{ u"--clients"_s, u"0"_s, u"--fresh"_s, u"32"_s };
    QTest::newRow("with slow requests in flight")
        << QStringList{ u"--clients"_s,   u"32"_s, u"--fresh"_s,     u"8"_s,
                        u"--in-flight"_s, u"16"_s, u"--slow-path"_s, u"/work?ms=500"_s };
}

void RehearsedStopTest::losesNothing()
{
    QFETCH(QStringList, load);
    const QTemporaryDir directory;
    const QStringList stops{ u"--json"_s,
                             u"--stops"_s,
                             u"2"_s,
                             u"--method"_s,
                             u"POST"_s,
                             u"--think"_s,
                             u"2ms"_s,
                             u"--url"_s,
                             u"http://127.0.0.1:{port}/echo"_s,
                             u"--ready-path"_s,
                             u"/readyz"_s,
                             u"--timeout"_s,
                             u"60s"_s,
                             u"--start-timeout"_s,
                             u"60s"_s,
                             u"--settle"_s,
                             u"50ms..150ms"_s,
                             u"--expect-exit"_s,
                             u"0"_s };
    QProcess tool;
    tool.start(QStringLiteral(REHEARSE_PROGRAM), stops + load + quiesced(directory));
    QVERIFY(tool.waitForFinished(kLongestRun));
    const QByteArray output = tool.readAllStandardOutput();
    QVERIFY2(tool.exitStatus() == QProcess::NormalExit && tool.exitCode() == 0,
             (output + tool.readAllStandardError()).constData());
    const QJsonObject report = QJsonDocument::fromJson(output).object();
    const QJsonObject requests = report["requests"_L1].toObject();
    QCOMPARE(report["stops"_L1].toInteger(), 2);
    QVERIFY(requests["sent"_L1].toInteger() > 0);
    QCOMPARE(requests["answered"_L1].toInteger(), requests["sent"_L1].toInteger());
    for (const auto loss : { "lostReused"_L1, "lostFresh"_L1, "truncated"_L1, "serverErrors"_L1 })
        QCOMPARE(requests[loss].toInteger(-1), 0);
}

QTEST_GUILESS_MAIN(RehearsedStopTest)
#include "tst_rehearsedstop.moc"
