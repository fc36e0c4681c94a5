// SPDX-License-Identifier: GPL-3.0-only
// The body of a request: what is taken, and what each refusal says.
#include "common/utc.h"
#include "service/http/admin/bodyreader.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using std::chrono::milliseconds;

class BodyReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTextsAndDurations();
    void readsCountsObjectsAndInstants();
    void takesABodyThatIsNotThereForEmpty();
    void aNullIsAsIfItWereNotThere();
    void refuses_data();
    void refuses();
    void wantsWhatIsRequired();
    void saysWhereTheJsonIsWrong();
    void takesAContentTypeWithParameters();
};

void BodyReaderTest::readsTextsAndDurations()
{
    BodyReader body("application/json", R"({"actor":"Ada \u00e4","graceMs":86400000,"byMs":0})");
    QCOMPARE(body.text(u"actor"_s), u"Ada ä"_s);
    QCOMPARE(body.duration(u"graceMs"_s), std::optional(milliseconds(86'400'000)));
    QCOMPARE(body.duration(u"byMs"_s), std::optional(milliseconds(0)));
    QVERIFY(!body.refusal());
}

void BodyReaderTest::readsCountsObjectsAndInstants()
{
    BodyReader body("application/json",
                    R"({"n":3,"o":{"a":1},"at":"2026-11-25T13:00:00.250+01:00"})");
    QCOMPARE(body.count(u"n"_s, 1, 3), std::optional(3));
    QCOMPARE(body.object(u"o"_s), (QJsonObject{ { u"a"_s, 1 } }));
    QCOMPARE(body.instant(u"at"_s), quiesce::utcAt({ 2026, 11, 25 }, { 12, 0, 0, 250 }));
    QCOMPARE(body.count(u"missing"_s, 1, 3), std::nullopt);
    QCOMPARE(body.object(u"missing"_s), QJsonObject());
    QVERIFY(!body.instant(u"missing"_s).isValid());
    QVERIFY(!body.refusal());
    BodyReader wrong("application/json", R"({"n":4})");
    QCOMPARE(wrong.count(u"n"_s, 1, 3), std::nullopt);
    QCOMPARE(wrong.refusal()->code, QByteArray("bad-field"));
}

void BodyReaderTest::takesABodyThatIsNotThereForEmpty()
{
    for (const QByteArray &nothing : { QByteArray(), QByteArray("  \r\n") }) {
        BodyReader body("text/plain", nothing); // what some clients send along
        QCOMPARE(body.text(u"actor"_s), QString());
        QVERIFY(!body.duration(u"graceMs"_s));
        QVERIFY(!body.refusal());
    }
}

void BodyReaderTest::aNullIsAsIfItWereNotThere()
{
    BodyReader body("application/json", R"({"actor":null,"graceMs":null})");
    QCOMPARE(body.text(u"actor"_s), QString());
    QVERIFY(!body.duration(u"graceMs"_s));
    QVERIFY(!body.refusal());
}

void BodyReaderTest::refuses_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("names");
    const QByteArray json = "application/json";
    const auto row = [&](const char *name, const QByteArray &content, int status,
                         const QByteArray &code, const QString &names) {
        QTest::newRow(name) << json << content << status << code << names;
    };
    QTest::newRow("a form") << QByteArray("application/x-www-form-urlencoded")
                            << QByteArray("actor=x") << 415 << QByteArray("unsupported-media-type")
                            << u"application/json"_s;
    QTest::newRow("no type") << QByteArray() << QByteArray("{}") << 415
                             << QByteArray("unsupported-media-type") << u"Content-Type"_s;
    QTest::newRow("nearly JSON's type")
        << QByteArray("application/jsonx") << QByteArray("{}") << 415
        << QByteArray("unsupported-media-type") << u"Content-Type"_s;
    row("half an object", R"({"actor":)", 400, "bad-json", u"Byte"_s);
    row("a list", "[]", 400, "bad-json", u"object"_s);
    row("a number", "1", 400, "bad-json", u"Byte"_s);
    row("broken UTF-8", "{\"actor\":\"\xff\xfe\"}", 400, "bad-json", u"Byte"_s);
    row("deeper than anybody means", QByteArray(5'000, '[') + QByteArray(5'000, ']'), 400,
        "bad-json", u"Byte"_s);
    row("a text that is a number", R"({"actor":1})", 422, "bad-field", u"actor"_s);
    row("a text too long", R"({"actor":")" + QByteArray(1'025, 'x') + R"("})", 422, "bad-field",
        u"actor"_s);
    row("a duration that is a text", R"({"graceMs":"1s"})", 422, "bad-field", u"graceMs"_s);
    row("a duration below zero", R"({"graceMs":-1})", 422, "bad-field", u"graceMs"_s);
    row("half a millisecond", R"({"graceMs":0.5})", 422, "bad-field", u"graceMs"_s);
    row("more than a day", R"({"graceMs":86400001})", 422, "bad-field", u"graceMs"_s);
    row("more than any number", R"({"graceMs":1e300})", 422, "bad-field", u"graceMs"_s);
    row("true", R"({"graceMs":true})", 422, "bad-field", u"graceMs"_s);
    row("misspelt", R"({"gracems":1})", 422, "unknown-field", u"\"gracems\""_s);
    row("a key too long to repeat", R"({")" + QByteArray(10'000, 'k') + R"(":1})", 422,
        "unknown-field", u'"' + QString(64, u'k') + u'"');
}

void BodyReaderTest::refuses()
{
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, content);
    BodyReader body(type, content);
    static_cast<void>(body.text(u"actor"_s));
    static_cast<void>(body.duration(u"graceMs"_s));
    const std::optional<Refusal> refusal = body.refusal();
    QVERIFY(refusal);
    QTEST(refusal->status, "status");
    QTEST(refusal->code, "code");
    QFETCH(const QString, names);
    QVERIFY2(refusal->detail.contains(names), qPrintable(refusal->detail));
    QVERIFY(refusal->detail.size() < 200);
}

void BodyReaderTest::wantsWhatIsRequired()
{
    BodyReader body({}, {});
    QVERIFY(!body.duration(u"byMs"_s, milliseconds(1), BodyReader::Need::Required));
    const std::optional<Refusal> refusal = body.refusal();
    QVERIFY(refusal);
    QCOMPARE(refusal->code, QByteArray("bad-field"));
    QVERIFY(refusal->detail.contains(u"byMs must be a whole number of milliseconds from 1 to"_s));
}

void BodyReaderTest::saysWhereTheJsonIsWrong()
{
    BodyReader body("application/json", R"({"actor": nobody})");
    QVERIFY(body.refusal());
    QVERIFY2(body.refusal()->detail.startsWith(u"Byte 1"_s), qPrintable(body.refusal()->detail));
}

void BodyReaderTest::takesAContentTypeWithParameters()
{
    BodyReader body("Application/JSON ; charset=utf-8", R"({"actor":"x"})");
    QCOMPARE(body.text(u"actor"_s), u"x"_s);
    QVERIFY(!body.refusal());
}

QTEST_APPLESS_MAIN(BodyReaderTest)
#include "tst_bodyreader.moc"
