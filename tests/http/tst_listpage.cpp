// SPDX-License-Identifier: GPL-3.0-only
// Pages of a list: each item once, in order, until next is null.
#include "service/http/admin/listpage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

QList<QJsonObject> items(int count)
{
    QList<QJsonObject> all;
    for (int i = 1; i <= count; ++i)
        all.append(QJsonObject{ { u"id"_s, QString::number(i) } });
    return all;
}

} // namespace

class ListPageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pagesShowEachItemOnce_data();
    void pagesShowEachItemOnce();
    void anIdThatIsGoneGivesNothing();
    void readsItsParameters();
    void refusesParameters_data();
    void refusesParameters();
};

void ListPageTest::pagesShowEachItemOnce_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("pages");
    QTest::newRow("none") << 0 << 3 << 1;
    QTest::newRow("one page exactly") << 3 << 3 << 1;
    QTest::newRow("one more") << 4 << 3 << 2;
    QTest::newRow("one at a time") << 5 << 1 << 5;
}

void ListPageTest::pagesShowEachItemOnce()
{
    QFETCH(const int, count);
    QFETCH(const int, limit);
    const QList<QJsonObject> all = items(count);
    ListPage page{ .limit = limit, .after = {} };
    QStringList seen;
    int pages = 0;
    for (bool goesOn = true; goesOn; ++pages) {
        const QJsonObject answer = page.of(all, "id"_L1);
        const QJsonArray shown = answer["items"_L1].toArray();
        QVERIFY(shown.size() <= limit);
        for (const QJsonValue item : shown)
            seen.append(item["id"_L1].toString());
        goesOn = answer["next"_L1].isString();
        QVERIFY(goesOn || answer["next"_L1].isNull());
        page.after = answer["next"_L1].toString();
    }
    QTEST(pages, "pages");
    QCOMPARE(seen.size(), count);
    for (int i = 1; i <= count; ++i)
        QCOMPARE(seen[i - 1], QString::number(i));
}

void ListPageTest::anIdThatIsGoneGivesNothing()
{
    const QJsonObject answer = ListPage{ .limit = 5, .after = u"99"_s }.of(items(3), "id"_L1);
    QCOMPARE(answer["items"_L1].toArray().size(), 0);
    QVERIFY(answer["next"_L1].isNull());
}

void ListPageTest::readsItsParameters()
{
    const auto page = ListPage::from(QUrlQuery(u"limit=7&after=a%20b"_s));
    QVERIFY(page.isOk());
    QCOMPARE(page.value().limit, 7);
    QCOMPARE(page.value().after, u"a b"_s);
    QCOMPARE(ListPage::from(QUrlQuery()).value().limit, ListPage::kDefaultLimit);
}

void ListPageTest::refusesParameters_data()
{
    QTest::addColumn<QString>("query");
    QTest::newRow("none") << u"limit=0"_s;
    QTest::newRow("below zero") << u"limit=-1"_s;
    QTest::newRow("too many") << u"limit=1001"_s;
    QTest::newRow("no number") << u"limit=all"_s;
    QTest::newRow("empty") << u"limit="_s;
    QTest::newRow("an id longer than any") << u"after="_s + QString(129, u'x');
}

void ListPageTest::refusesParameters()
{
    QFETCH(const QString, query);
    const auto page = ListPage::from(QUrlQuery(query));
    QVERIFY(!page.isOk());
    QCOMPARE(page.error().status, 400);
    QCOMPARE(page.error().code, QByteArray("bad-parameter"));
}

QTEST_APPLESS_MAIN(ListPageTest)
#include "tst_listpage.moc"
