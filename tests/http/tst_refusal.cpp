// SPDX-License-Identifier: GPL-3.0-only
// The problem+json of a refusal.
#include "service/http/refusal.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::problemJson;
using quiesce::reasonPhrase;

class RefusalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatTheContractSays();
    void quotesWhatJsonWantsQuoted();
    void knowsTheReasonOfEachStatusItUses();
};

void RefusalTest::saysWhatTheContractSays()
{
    const QByteArray json =
        problemJson({ .status = 413, .code = "body-too-large", .detail = u"Too large."_s });
    const QJsonObject expected{
        { u"type"_s, u"about:blank"_s },
        { u"title"_s, u"Content Too Large"_s },
        { u"status"_s, 413 },
        { u"detail"_s, u"Too large."_s },
        { u"code"_s, u"body-too-large"_s },
    };
    QCOMPARE(QJsonDocument::fromJson(json).object(), expected);
}

void RefusalTest::quotesWhatJsonWantsQuoted()
{
    const QString detail = u"a \"quote\"\r\n\u00e4"_s;
    const QByteArray json = problemJson({ .status = 400, .code = "x", .detail = detail });
    QVERIFY(!json.contains('\n'));
    QCOMPARE(QJsonDocument::fromJson(json).object().value(u"detail"_s).toString(), detail);
}

void RefusalTest::knowsTheReasonOfEachStatusItUses()
{
    for (const int status : { 400, 404, 405, 408, 413, 414, 417, 431, 500, 501, 503, 504, 505 })
        QVERIFY2(!reasonPhrase(status).isEmpty(), QByteArray::number(status).constData());
    QCOMPARE(reasonPhrase(299), QByteArray());
}

QTEST_APPLESS_MAIN(RefusalTest)
#include "tst_refusal.moc"
