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
    QCOMPARE(readyLine(u"http://127.0.0.1:8080"_s, u"https://[::1]:9090"_s, 4711),
             u"quiesced ready traffic=http://127.0.0.1:8080 admin=https://[::1]:9090 pid=4711"_s);
}

QTEST_APPLESS_MAIN(ReadyLineTest)
#include "tst_readyline.moc"
