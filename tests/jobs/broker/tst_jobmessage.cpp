// SPDX-License-Identifier: GPL-3.0-only
// What a message to a broker looks like, and what is none.
#include "service/jobs/broker/jobmessage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

class JobMessageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isReadBack();
    void passesOverWhatItDoesNotKnow();
    void refusesWhatIsNone_data();
    void refusesWhatIsNone();
};

void JobMessageTest::isReadBack()
{
    const JobMessage message{ u"0196b1a0-0000-7000-8000-000000000001"_s, u"sleep"_s };
    QCOMPARE(toBytes(message),
             R"({"job":"0196b1a0-0000-7000-8000-000000000001","kind":"sleep"})"_ba);
    const auto read = parseJobMessage(toBytes(message), u"sleep"_s);
    QVERIFY(read);
    QCOMPARE(read.value().jobId, message.jobId);
    QCOMPARE(read.value().kind, message.kind);
}

void JobMessageTest::passesOverWhatItDoesNotKnow()
{
    QVERIFY(parseJobMessage(R"({"job":"j","kind":"sleep","priority":3})", u"sleep"_s));
}

void JobMessageTest::refusesWhatIsNone_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("begins");
    QTest::newRow("nothing") << QByteArray() << u"it is no JSON object: "_s;
    QTest::newRow("bytes") << QByteArray("\x00\xff\x1b[31m", 7) << u"it is no JSON object: "_s;
    QTest::newRow("an array") << "[]"_ba << u"it is no JSON object: "_s;
    QTest::newRow("no job") << R"({"kind":"a"})"_ba << u"it names no job"_s;
    QTest::newRow("a number") << R"({"job":1,"kind":"a"})"_ba << u"it names no job"_s;
    QTest::newRow("no kind") << R"({"job":"j"})"_ba << u"it is of kind \"\", and not of \"a\""_s;
    QTest::newRow("another kind") << R"({"job":"j","kind":"b"})"_ba
                                  << u"it is of kind \"b\", and not of \"a\""_s;
    QTest::newRow("a long one") << R"({"job":"j","kind":"a"})"_ba
            + QByteArray(kMaxMessageBytes, ' ')
                                << u"it has more than 4096 bytes"_s;
}

void JobMessageTest::refusesWhatIsNone()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, begins);
    const auto message = parseJobMessage(bytes, u"a"_s);
    QVERIFY(!message);
    QVERIFY2(message.error().startsWith(begins), qPrintable(message.error()));
}

QTEST_GUILESS_MAIN(JobMessageTest)
#include "tst_jobmessage.moc"
