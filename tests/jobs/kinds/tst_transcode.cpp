// SPDX-License-Identifier: GPL-3.0-only
// The shipped example, with the real ffmpeg: a small video is made, transcoded, and measured.
#include "service/host/configuration/configuration.h"
#include "service/jobs/kinds/commandkind.h"
#include "tests/jobs/kinds/jobstage.h"
#include "tests/jobs/kinds/markedprocesses.h"

#include <QDir>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <unistd.h>

using namespace Qt::StringLiterals;
using quiesce::test::JobStage;

namespace {

const QString kFfmpeg = u"/usr/bin/ffmpeg"_s;

} // namespace

class TranscodeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void transcodesAndTellsItsProgress();
    void judgesItsPayload_data();
    void judgesItsPayload();
    void saysWhatFfmpegSaid();
    void stopsWithoutLeavingAnything();

private:
    [[nodiscard]] static int run(const QStringList &arguments);
    [[nodiscard]] JobStage stage(const QJsonObject &more = {}) const;

    QTemporaryDir m_folder;
    QString m_root;
    quiesce::CommandSettings m_command;
};

int TranscodeTest::run(const QStringList &arguments)
{
    QProcess ffmpeg;
    QSignalSpy finished(&ffmpeg, &QProcess::finished);
    ffmpeg.start(kFfmpeg, QStringList{ u"-nostdin"_s, u"-v"_s, u"error"_s } + arguments);
    if (finished.count() == 0 && !finished.wait(JobStage::kPatienceMs))
        return -1;
    return ffmpeg.exitCode();
}

JobStage TranscodeTest::stage(const QJsonObject &more) const
{
    QJsonObject payload{ { u"input"_s, m_root + "/in/a.mkv"_L1 },
                         { u"output"_s, m_root + "/out/a.mp4"_L1 },
                         { u"width"_s, 64 },
                         { u"preset"_s, u"ultrafast"_s } };
    for (auto field = more.begin(); field != more.end(); ++field)
        payload.insert(field.key(), field.value());
    return { quiesce::commandKind(m_command, {}), payload };
}

void TranscodeTest::initTestCase()
{
    if (!QFile::exists(kFfmpeg))
        QSKIP("ffmpeg is not installed");
    m_root = QFileInfo(m_folder.path()).canonicalFilePath();
    QVERIFY(QDir(m_root).mkpath(u"in"_s) && QDir(m_root).mkpath(u"out"_s));
    QFile example(QStringLiteral(QUIESCE_TRANSCODE_EXAMPLE));
    QVERIFY(example.open(QIODevice::ReadOnly));
    QFile file(m_folder.filePath(u"q.toml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(example.readAll().replace("/srv/videos", m_root.toUtf8()));
    file.close();
    const auto loaded = quiesce::Configuration::load(
        { .arguments = { u"quiesced"_s, u"--config"_s, file.fileName(), u"--data-dir"_s, m_root },
          .environment = {},
          .version = u"1"_s,
          .check = {} });
    QVERIFY2(loaded.isOk(), loaded.isOk() ? "" : qPrintable(loaded.error().text));
    QCOMPARE(loaded.value().settings().jobs.commands.size(), 1);
    m_command = loaded.value().settings().jobs.commands[0];
    QCOMPARE(run({ u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc=duration=8:size=320x240:rate=25"_s,
                   u"-f"_s, u"lavfi"_s, u"-i"_s, u"sine=duration=8"_s, u"-c:v"_s, u"mpeg4"_s,
                   m_root + "/in/a.mkv"_L1 }),
             0);
}

void TranscodeTest::transcodesAndTellsItsProgress()
{
    JobStage job = stage();
    QVERIFY(job.finish());
    QVERIFY2(job.isSuccess(), qPrintable(job.error() + QString::fromUtf8(job.attempt->output())));
    const QList<double> progress = job.attempt->progress();
    QVERIFY(!progress.isEmpty());
    QVERIFY(std::is_sorted(progress.begin(), progress.end()));
    QVERIFY(progress.last() > 0.95);
    QVERIFY(QFileInfo(m_root + "/out/a.mp4"_L1).size() > 1'000);
    QCOMPARE(run({ u"-i"_s, m_root + "/out/a.mp4"_L1, u"-f"_s, u"null"_s, u"-"_s }), 0);
}

void TranscodeTest::judgesItsPayload_data()
{
    QTest::addColumn<QJsonObject>("more");
    QTest::addColumn<QString>("fault");
    QTest::newRow("fine") << QJsonObject{} << QString();
    QTest::newRow("width") << QJsonObject{ { u"width"_s, 9'000 } }
                           << u"width: expected an integer from 16 to 8192, found 9000"_s;
    QTest::newRow("codec") << QJsonObject{ { u"codec"_s, u"copy"_s } }
                           << u"codec: expected one of \"libx264\", \"libx265\", found a string"_s;
    QTest::newRow("input") << QJsonObject{ { u"input"_s, u"http://example.org/a"_s } }
                           << u"input: it is not an absolute path"_s;
    QTest::newRow("output") << QJsonObject{ { u"output"_s, u"/etc/passwd"_s } }
                            << u"output: it is not below a folder that is allowed"_s;
}

void TranscodeTest::judgesItsPayload()
{
    QFETCH(const QJsonObject, more);
    QJsonObject payload{ { u"input"_s, m_root + "/in/a.mkv"_L1 },
                         { u"output"_s, m_root + "/out/a.mp4"_L1 } };
    for (auto field = more.begin(); field != more.end(); ++field)
        payload.insert(field.key(), field.value());
    QTEST(quiesce::commandKind(m_command, {}).check(payload), "fault");
}

void TranscodeTest::saysWhatFfmpegSaid()
{
    QFile broken(m_root + "/in/broken.mkv"_L1);
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("this is no video");
    broken.close();
    JobStage job = stage({ { u"input"_s, broken.fileName() } });
    QVERIFY(job.finish());
    QVERIFY2(job.error().contains("Invalid data found when processing input"_L1),
             qPrintable(job.error()));
}

void TranscodeTest::stopsWithoutLeavingAnything()
{
    quiesce::CommandSettings endless = m_command;
    endless.arguments.prepend({ u"-re"_s }); // as slow as it would be played
    JobStage job(
        quiesce::commandKind(endless, {}),
        { { u"input"_s, m_root + "/in/a.mkv"_L1 }, { u"output"_s, m_root + "/out/b.mp4"_L1 } });
    job.begin();
    QVERIFY(job.hasWritten("progress=continue"));
    const QList<pid_t> running = quiesce::test::processesWith("comm", "ffmpeg");
    QVERIFY(!running.isEmpty());
    job.stop();
    QVERIFY(job.hasEnded());
    QVERIFY(job.isInterrupted());
    QCOMPARE(quiesce::test::supervisorsOf(::getpid()), QList<pid_t>());
}

QTEST_GUILESS_MAIN(TranscodeTest)
#include "tst_transcode.moc"
