// SPDX-License-Identifier: GPL-3.0-only
// TimelineExport: CSV and JSON that every reader reads right, written a little at a time.
#include "console/model/lists/timelineexport.h"
#include "tests/console/fedinstance.h"

#include <QBuffer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;

namespace {

TimelineEntry said(const QString &message)
{
    LogEvent event;
    event.at = QDateTime::fromString(u"2026-11-26T06:00:00.125Z"_s, Qt::ISODateWithMs);
    event.level = u"warning"_s;
    event.message = message;
    return entryOf(event);
}

/// Takes only so many bytes, as a disk that is full does.
class FullDevice final : public QBuffer
{
protected:
    qint64 writeData(const char *data, qint64 size) override
    {
        return QBuffer::writeData(data, std::min<qint64>(size, 10));
    }
};

QByteArray exported(TimelineExport::Format format, const QList<TimelineEntry> &entries)
{
    auto device = std::make_unique<QBuffer>();
    device->open(QIODevice::WriteOnly);
    const QBuffer *buffer = device.get();
    TimelineExport file(format, entries, std::move(device));
    QSignalSpy finished(&file, &TimelineExport::finished);
    file.start();
    if (finished.isEmpty())
        finished.wait(20'000);
    return finished.count() == 1 && finished.at(0).at(0).toString().isEmpty() ? buffer->data()
                                                                              : QByteArray();
}

} // namespace

class TimelineExportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quotesAFieldWhereItMust_data();
    void quotesAFieldWhereItMust();
    void writesALineForEachEntry();
    void writesNothingButTheHeadOfNothing();
    void writesJsonThatIsReadBack();
    void writesManyInTurnsOfTheEventLoop();
    void tellsWhenTheDeviceIsFull();
};

void TimelineExportTest::quotesAFieldWhereItMust_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    QTest::newRow("plain") << u"plain text"_s << u"plain text"_s;
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("comma") << u"a,b"_s << u"\"a,b\""_s;
    QTest::newRow("quote") << u"say \"hi\""_s << u"\"say \"\"hi\"\"\""_s;
    QTest::newRow("newline") << u"a\nb"_s << u"\"a\nb\""_s;
    QTest::newRow("formula") << u"=1+2"_s << u"'=1+2"_s;
    QTest::newRow("formula with a comma") << u"=SUM(A1,B1)"_s << u"\"'=SUM(A1,B1)\""_s;
    QTest::newRow("plus") << u"+1"_s << u"'+1"_s;
    QTest::newRow("minus") << u"-1"_s << u"'-1"_s;
    QTest::newRow("at") << u"@x"_s << u"'@x"_s;
    QTest::newRow("tab") << u"\t=1"_s << u"'\t=1"_s;
    QTest::newRow("equals within") << u"a=b"_s << u"a=b"_s;
    QTest::newRow("CJK") << u"正在排空，请稍候"_s << u"正在排空，请稍候"_s;
}

void TimelineExportTest::quotesAFieldWhereItMust()
{
    QFETCH(QString, text);
    QFETCH(QString, field);
    QCOMPARE(csvField(text), field);
}

void TimelineExportTest::writesALineForEachEntry()
{
    const QByteArray text =
        exported(TimelineExport::Format::Csv, { said(u"排空, \"now\""_s), gapEntry(0) });
    QCOMPARE(QString::fromUtf8(text),
             u"at,severity,kind,text,actor\r\n"
             "2026-11-26T06:00:00.125Z,warning,log,\"排空, \"\"now\"\"\",\r\n"
             "1970-01-01T00:00:00.000Z,warning,gap,Events may be missing here,\r\n"_s);
}

void TimelineExportTest::writesNothingButTheHeadOfNothing()
{
    QCOMPARE(exported(TimelineExport::Format::Csv, {}),
             QByteArray("at,severity,kind,text,actor\r\n"));
    const auto json = QJsonDocument::fromJson(exported(TimelineExport::Format::Json, {}));
    QVERIFY(json.isArray());
    QVERIFY(json.array().isEmpty());
}

void TimelineExportTest::writesJsonThatIsReadBack()
{
    const QByteArray text =
        exported(TimelineExport::Format::Json, { said(u"排空\n\"now\""_s), said(u"=1"_s) });
    const QJsonArray array = QJsonDocument::fromJson(text).array();
    QCOMPARE(array.size(), 2);
    QCOMPARE(array[0][u"kind"_s].toString(), u"log"_s);
    QCOMPARE(array[0][u"at"_s].toString(), u"2026-11-26T06:00:00.125Z"_s);
    QCOMPARE(array[0][u"text"_s].toString(), u"排空\\n\"now\""_s);
    QCOMPARE(array[1][u"text"_s].toString(), u"=1"_s);
}

void TimelineExportTest::writesManyInTurnsOfTheEventLoop()
{
    const QList<TimelineEntry> entries(TimelineExport::kRowsAtOnce * 5 + 1, said(u"x"_s));
    int turns = 0;
    QTimer turn;
    turn.setInterval(0);
    connect(&turn, &QTimer::timeout, this, [&turns] { ++turns; });
    turn.start();
    const QByteArray text = exported(TimelineExport::Format::Csv, entries);
    QCOMPARE(text.count('\n'), entries.size() + 1);
    QVERIFY(turns >= 5);
}

void TimelineExportTest::tellsWhenTheDeviceIsFull()
{
    auto device = std::make_unique<FullDevice>();
    device->open(QIODevice::WriteOnly);
    TimelineExport file(TimelineExport::Format::Csv, { said(u"x"_s) }, std::move(device));
    QSignalSpy finished(&file, &TimelineExport::finished);
    file.start();
    QVERIFY(finished.wait(5'000));
    QVERIFY(!finished.at(0).at(0).toString().isEmpty());
    QCOMPARE(finished.count(), 1);
}

QTEST_GUILESS_MAIN(TimelineExportTest)
#include "tst_timelineexport.moc"
