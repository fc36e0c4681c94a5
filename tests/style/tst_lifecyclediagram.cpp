// SPDX-License-Identifier: GPL-3.0-only
// Keeps the README's state diagram in step with the table of allowed transitions.
#include "tests/style/lifecyclediagram.h"

#include "common/lifecycle/state.h"

#include <QFile>
#include <QTest>

using namespace quiesce;
using namespace quiesce::style;
using namespace Qt::StringLiterals;

class LifecycleDiagramTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsEveryTransitionAndNoOther();
    void readsEdgesNamesAndRemarks();
    void refuses_data();
    void refuses();
};

namespace {

LifecycleEdges edgesOfTheTable()
{
    LifecycleEdges edges{ u"[*] -> starting"_s, u"stopped -> [*]"_s };
    for (const Transition &transition : kTransitions)
        edges.append(toWire(transition.from) + u" -> "_s + toWire(transition.to));
    edges.sort();
    return edges;
}

QString diagram(const QString &lines)
{
    return u"# Title\n<!-- lifecycle -->\n```mermaid\nstateDiagram-v2\n%1```\n<!-- /lifecycle -->\n"_s
        .arg(lines);
}

} // namespace

void LifecycleDiagramTest::showsEveryTransitionAndNoOther()
{
    QFile readme(QStringLiteral(QUIESCE_SOURCE_DIR "/README.md"));
    QVERIFY(readme.open(QIODevice::ReadOnly));
    const auto edges = readLifecycleDiagram(QString::fromUtf8(readme.readAll()));
    QVERIFY2(edges, edges ? "" : qPrintable(edges.error()));
    QCOMPARE(edges.value(), edgesOfTheTable());
}

void LifecycleDiagramTest::readsEdgesNamesAndRemarks()
{
    const auto edges = readLifecycleDiagram(diagram(uR"(    %% a remark
    state "lame-duck" as lameDuck
    [*] --> serving
    serving --> lameDuck : stop, or quiesce
    lameDuck --> [*]
)"_s));
    QVERIFY2(edges, edges ? "" : qPrintable(edges.error()));
    QCOMPARE(
        edges.value(),
        QStringList({ u"[*] -> serving"_s, u"lame-duck -> [*]"_s, u"serving -> lame-duck"_s }));
}

void LifecycleDiagramTest::refuses_data()
{
    QTest::addColumn<QString>("markdown");
    QTest::newRow("nothing") << QString();
    QTest::newRow("no markers") << u"```mermaid\nstateDiagram-v2\n    a --> b\n```\n"_s;
    QTest::newRow("an empty diagram") << diagram(QString());
    QTest::newRow("a line of another kind") << diagram(u"    a --> b\n    a -> c\n"_s);
}

void LifecycleDiagramTest::refuses()
{
    QFETCH(QString, markdown);
    QVERIFY(!readLifecycleDiagram(markdown));
}

QTEST_GUILESS_MAIN(LifecycleDiagramTest)
#include "tst_lifecyclediagram.moc"
