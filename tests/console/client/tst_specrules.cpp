// SPDX-License-Identifier: GPL-3.0-only
// What a connection must look like.
#include "console/client/discovery/specrules.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using Field = SpecFault::Field;

namespace {

InstanceSpec good()
{
    InstanceSpec spec;
    spec.name = u"orders"_s;
    spec.adminUrl = QUrl(u"https://orders.example.org:9090"_s);
    return spec;
}

const QString kPin = QString(u"ab"_s).repeated(32);

} // namespace

class SpecRulesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGoodOneHasNoFault();
    void namesTheFieldThatIsWrong_data();
    void namesTheFieldThatIsWrong();
    void wantsFilesThatCanBeRead();
    void readsPinsAsPeoplePasteThem_data();
    void readsPinsAsPeoplePasteThem();
    void writesPinsAsOpensslDoes();
    void knowsOneListenerByManyNames_data();
    void knowsOneListenerByManyNames();
};

void SpecRulesTest::aGoodOneHasNoFault()
{
    InstanceSpec spec = good();
    QVERIFY(!faultOf(spec));
    spec.name = QString(u"名"_s).repeated(64);
    spec.pinnedSha256 = *pinFromText(kPin);
    QVERIFY(!faultOf(spec));
    spec.name.clear(); // then it is called what the service calls itself
    QVERIFY(!faultOf(spec));
}

void SpecRulesTest::namesTheFieldThatIsWrong_data()
{
    QTest::addColumn<InstanceSpec>("spec");
    QTest::addColumn<int>("field");
    const auto add = [](const char *name, Field field, void (*change)(InstanceSpec &)) {
        InstanceSpec spec = good();
        change(spec);
        QTest::newRow(name) << spec << int(field);
    };
    add("a long name", Field::Name, [](InstanceSpec &s) { s.name = QString(65, u'x'); });
    add("a name of two lines", Field::Name, [](InstanceSpec &s) { s.name = u"a\nb"_s; });
    add("a long group", Field::Group, [](InstanceSpec &s) { s.group = QString(65, u'x'); });
    add("no url", Field::Url, [](InstanceSpec &s) { s.adminUrl = {}; });
    add("a file", Field::Url, [](InstanceSpec &s) { s.adminUrl = QUrl(u"file:///a"_s); });
    add("a password", Field::Url, [](InstanceSpec &s) { s.adminUrl = QUrl(u"http://a:b@c"_s); });
    add("a path", Field::Url, [](InstanceSpec &s) { s.adminUrl = QUrl(u"http://a/b"_s); });
    add("a long host", Field::Url,
        [](InstanceSpec &s) { s.adminUrl.setHost(QString(3'000, u'a')); });
    add("no token file", Field::TokenFile,
        [](InstanceSpec &s) { s.tokenSource = TokenSource::File; });
    add("a relative token file", Field::TokenFile, [](InstanceSpec &s) {
        s.tokenSource = TokenSource::File;
        s.tokenFile = u"token"_s;
    });
    add("a relative CA", Field::CaFile, [](InstanceSpec &s) { s.caFile = u"ca.pem"_s; });
    add("a short pin", Field::Pin, [](InstanceSpec &s) { s.pinnedSha256 = "abc"; });
    add("a pin without TLS", Field::Pin, [](InstanceSpec &s) {
        s.adminUrl.setScheme(u"http"_s);
        s.pinnedSha256 = QByteArray(32, 'a');
    });
}

void SpecRulesTest::namesTheFieldThatIsWrong()
{
    QFETCH(InstanceSpec, spec);
    QFETCH(int, field);
    const auto fault = formFaultOf(spec);
    QVERIFY(fault);
    QCOMPARE(int(fault->field), field);
    QVERIFY(!fault->text.isEmpty());
}

void SpecRulesTest::wantsFilesThatCanBeRead()
{
    const QTemporaryDir folder;
    InstanceSpec spec = good();
    spec.caFile = folder.filePath(u"ca.pem"_s);
    QVERIFY(!formFaultOf(spec)); // on a disk that is not there today
    QVERIFY(faultOf(spec));
    QCOMPARE(int(faultOf(spec)->field), int(Field::CaFile));
    QFile file(spec.caFile);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(!faultOf(spec));
    spec.caFile = folder.path(); // a folder
    QVERIFY(faultOf(spec));
}

void SpecRulesTest::readsPinsAsPeoplePasteThem_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isPin");
    QTest::newRow("plain") << kPin << true;
    QTest::newRow("upper case") << kPin.toUpper() << true;
    QTest::newRow("colons") << QString(u"AB:"_s).repeated(32).chopped(1) << true;
    QTest::newRow("blanks around") << u"  "_s + kPin + u"\n"_s << true;
    QTest::newRow("one too few") << kPin.chopped(1) << false;
    QTest::newRow("one too many") << kPin + u'a' << false;
    QTest::newRow("not hex") << kPin.chopped(1) + u'g' << false;
    QTest::newRow("digits of another script") << QString(64, QChar(0x0661)) << false;
    QTest::newRow("empty") << QString() << false;
}

void SpecRulesTest::readsPinsAsPeoplePasteThem()
{
    QFETCH(QString, text);
    QFETCH(bool, isPin);
    const auto pin = pinFromText(text);
    QCOMPARE(pin.has_value(), isPin);
    QVERIFY(!pin || *pin == QByteArray(32, '\xab'));
}

void SpecRulesTest::writesPinsAsOpensslDoes()
{
    QCOMPARE(pinText(QByteArray(32, '\xab')), QString(u"AB:"_s).repeated(32).chopped(1));
    QCOMPARE(pinFromText(pinText(QByteArray(32, '\x01'))), QByteArray(32, '\x01'));
    QCOMPARE(pinText({}), QString());
}

void SpecRulesTest::knowsOneListenerByManyNames_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<bool>("isSame");
    QTest::newRow("itself") << u"http://a:1"_s << u"http://a:1"_s << true;
    QTest::newRow("case") << u"http://A:1"_s << u"http://a:1/"_s << true;
    QTest::newRow("http's port") << u"http://a"_s << u"http://a:80"_s << true;
    QTest::newRow("https' port") << u"https://a"_s << u"https://a:443"_s << true;
    QTest::newRow("localhost") << u"http://localhost:1"_s << u"http://127.0.0.1:1"_s << true;
    QTest::newRow("another port") << u"http://a:1"_s << u"http://a:2"_s << false;
    QTest::newRow("another scheme") << u"http://a:1"_s << u"https://a:1"_s << false;
    QTest::newRow("another host") << u"http://a:1"_s << u"http://b:1"_s << false;
}

void SpecRulesTest::knowsOneListenerByManyNames()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(bool, isSame);
    QCOMPARE(isSameAdmin(QUrl(a), QUrl(b)), isSame);
    QCOMPARE(isSameAdmin(QUrl(b), QUrl(a)), isSame);
}

QTEST_GUILESS_MAIN(SpecRulesTest)
#include "tst_specrules.moc"
