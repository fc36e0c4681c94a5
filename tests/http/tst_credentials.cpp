// SPDX-License-Identifier: GPL-3.0-only
// Which token gives which access, and that none is kept.
#include "service/http/admin/credentials.h"

#include <QTest>
#include <cstring>

using quiesce::Access;
using quiesce::Credentials;

namespace {

constexpr char kOperator[] = "0123456789abcdef-operator";
constexpr char kRead[] = "0123456789abcdef-read";

} // namespace

class CredentialsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheAccessOfTheToken_data();
    void givesTheAccessOfTheToken();
    void withoutTokensNothingIsRight_data();
    void withoutTokensNothingIsRight();
    void knowsWhetherTokensAreStillTheSame();
    void aTokenThatStaysKeepsItsId_data();
    void aTokenThatStaysKeepsItsId();
    void noOtherCredentialsShareAnId();
    void keepsNothingOfAToken();
};

void CredentialsTest::givesTheAccessOfTheToken_data()
{
    QTest::addColumn<QByteArray>("presented");
    QTest::addColumn<Access>("access");
    QTest::newRow("operator") << QByteArray(kOperator) << Access::Operator;
    QTest::newRow("read") << QByteArray(kRead) << Access::Read;
    QTest::newRow("nothing") << QByteArray() << Access::None;
    QTest::newRow("a part") << QByteArray(kOperator).chopped(1) << Access::None;
    QTest::newRow("more") << QByteArray(kOperator) + 'x' << Access::None;
    QTest::newRow("with NUL") << QByteArray(kOperator, sizeof kOperator) << Access::None;
    QTest::newRow("other case") << QByteArray(kOperator).toUpper() << Access::None;
    QTest::newRow("both") << QByteArray(kOperator) + kRead << Access::None;
    QTest::newRow("long") << QByteArray(100'000, 'x') << Access::None;
}

void CredentialsTest::givesTheAccessOfTheToken()
{
    QFETCH(const QByteArray, presented);
    QFETCH(const Access, access);
    const Credentials credentials(kOperator, kRead);
    QCOMPARE(credentials.accessOf(presented), access);
    Credentials copy;
    copy = credentials;
    QCOMPARE(copy.accessOf(presented), access);
}

void CredentialsTest::withoutTokensNothingIsRight_data()
{
    QTest::addColumn<QByteArray>("presented");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("zeros") << QByteArray(32, '\0');
    QTest::newRow("something") << QByteArray(kOperator);
}

void CredentialsTest::withoutTokensNothingIsRight()
{
    QFETCH(const QByteArray, presented);
    QCOMPARE(Credentials().accessOf(presented), Access::None);
    const Credentials onlyOperator(kOperator, {});
    QCOMPARE(onlyOperator.accessOf(kRead), Access::None);
    QCOMPARE(onlyOperator.accessOf({}), Access::None);
}

void CredentialsTest::knowsWhetherTokensAreStillTheSame()
{
    const Credentials both(kOperator, kRead);
    QVERIFY(both.areOf(kOperator, kRead));
    QVERIFY(!both.areOf(kRead, kOperator));
    QVERIFY(!both.areOf(kOperator, {}));
    QVERIFY(!both.areOf(kOperator, "another"));
    const Credentials one(kOperator, {});
    QVERIFY(one.areOf(kOperator, {}));
    QVERIFY(!one.areOf(kOperator, kRead));
    QVERIFY(!Credentials().areOf({}, {}));
}

void CredentialsTest::aTokenThatStaysKeepsItsId_data()
{
    QTest::addColumn<QByteArray>("newOperator");
    QTest::addColumn<QByteArray>("newRead");
    QTest::addColumn<Access>("formerOperator"); // what the tokens from before may do now
    QTest::addColumn<Access>("formerReader");
    const QByteArray other = "0123456789abcdef-other";
    QTest::newRow("both stay") << QByteArray(kOperator) << QByteArray(kRead) << Access::Operator
                               << Access::Read;
    QTest::newRow("a new operator") << other << QByteArray(kRead) << Access::None << Access::Read;
    QTest::newRow("a new reader") << QByteArray(kOperator) << other << Access::Operator
                                  << Access::None;
    QTest::newRow("no reader") << QByteArray(kOperator) << QByteArray() << Access::Operator
                               << Access::None;
    QTest::newRow("swapped") << QByteArray(kRead) << QByteArray(kOperator) << Access::Read
                             << Access::Operator;
    QTest::newRow("the reader's is the operator's")
        << QByteArray(kRead) << other << Access::None << Access::Operator;
    QTest::newRow("none") << QByteArray() << QByteArray() << Access::None << Access::None;
}

void CredentialsTest::aTokenThatStaysKeepsItsId()
{
    QFETCH(const QByteArray, newOperator);
    QFETCH(const QByteArray, newRead);
    QFETCH(const Access, formerOperator);
    QFETCH(const Access, formerReader);
    const Credentials before(kOperator, kRead);
    const Credentials after = before.renewed(newOperator, newRead);
    QVERIFY(newOperator.isEmpty() || after.areOf(newOperator, newRead));
    QCOMPARE(after.accessById(before.match(kOperator).id), formerOperator);
    QCOMPARE(after.accessById(before.match(kRead).id), formerReader);
    const Credentials again = after.renewed(newOperator, newRead);
    QCOMPARE(again.match(newOperator).id, after.match(newOperator).id);
}

void CredentialsTest::noOtherCredentialsShareAnId()
{
    const Credentials one(kOperator, kRead);
    const Credentials other(kOperator, kRead);
    QCOMPARE(other.accessById(one.match(kOperator).id), Access::None);
    QCOMPARE(one.match("wrong").id, 0U);
    QCOMPARE(one.accessById(0), Access::None);
    QCOMPARE(Credentials().accessById(0), Access::None);
    QVERIFY(one.match(kOperator).id != one.match(kRead).id);
}

void CredentialsTest::keepsNothingOfAToken()
{
    const Credentials credentials(kOperator, kRead);
    const QByteArray bytes(reinterpret_cast<const char *>(&credentials), sizeof credentials);
    QVERIFY(!bytes.contains("0123456789"));
    const Credentials again(kOperator, kRead); // the same tokens under another key
    QVERIFY(std::memcmp(&credentials, &again, 3 * 32) != 0);
    for (const int at : { 0, 32, 64 })
        QVERIFY(std::memcmp(bytes.constData() + at, reinterpret_cast<const char *>(&again) + at, 32)
                != 0);
}

QTEST_APPLESS_MAIN(CredentialsTest)
#include "tst_credentials.moc"
