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
    const std::optional<JobMessage> read = parseJobMessage(toBytes(message));
    QVERIFY(read.has_value());
    QCOMPARE(read->jobId, message.jobId);
    QCOMPARE(read->kind, message.kind);
}

void JobMessageTest::passesOverWhatItDoesNotKnow()
{
    QVERIFY(parseJobMessage(
        R"({"job":"0196b1a0-0000-7000-8000-000000000001","kind":"sleep","priority":3})"_ba));
}

void JobMessageTest::refusesWhatIsNone_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no JSON") << "hello"_ba;
    QTest::newRow("an array") << "[]"_ba;
    QTest::newRow("no job") << R"({"kind":"sleep"})"_ba;
    QTest::newRow("no id") << R"({"job":"1","kind":"sleep"})"_ba;
    QTest::newRow("a number") << R"({"job":1,"kind":"sleep"})"_ba;
    QTest::newRow("no kind") << R"({"job":"0196b1a0-0000-7000-8000-000000000001"})"_ba;
    QTest::newRow("a long kind") << R"({"job":"0196b1a0-0000-7000-8000-000000000001","kind":")"_ba
            + QByteArray(65, 'a') + R"("})";
    QTest::newRow("a long one") << R"({"job":"0196b1a0-0000-7000-8000-000000000001","kind":"a"})"_ba
            + QByteArray(kMaxMessageBytes, ' ');
}

void JobMessageTest::refusesWhatIsNone()
{
    QFETCH(const QByteArray, bytes);
    QVERIFY(!parseJobMessage(bytes));
}

QTEST_GUILESS_MAIN(JobMessageTest)
#include "tst_jobmessage.moc"
