// SPDX-License-Identifier: GPL-3.0-only
// The ready line, to the letter, since scripts read it.
#include "service/host/readyline.h"

#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::readyLine;

class ReadyLineTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhereTheServiceListens();
};

void ReadyLineTest::saysWhereTheServiceListens()
{
    QCOMPARE(
        readyLine({ u"127.0.0.1"_s, 8080 }, { u"127.0.0.1"_s, 9090 }, 4711),
        u"quiesced ready traffic=http://127.0.0.1:8080 admin=http://127.0.0.1:9090 pid=4711"_s);
    QCOMPARE(readyLine({ u"fe80::1%3"_s, 1 }, { u"::1"_s, 2 }, 3),
             u"quiesced ready traffic=http://[fe80::1%3]:1 admin=http://[::1]:2 pid=3"_s);
}

QTEST_APPLESS_MAIN(ReadyLineTest)
#include "tst_readyline.moc"
