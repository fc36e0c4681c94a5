// SPDX-License-Identifier: GPL-3.0-only
// The guide "From Go to Quiesce" shows only what is compiled: its C++ blocks stand in the example.
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

QString read(const QString &path)
{
    QFile file(QStringLiteral(QUIESCE_SOURCE_DIR) + u'/' + path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// Without what a formatter may change: indentation and where lines break.
QString flattened(const QString &text)
{
    return text.simplified().remove(u' ');
}

QStringList blocksOf(const QString &guide)
{
    QStringList blocks;
    const QStringList pieces = guide.split(u"\n```cpp\n"_s);
    for (const QString &piece : pieces.mid(1))
        blocks.append(piece.section(u"\n```"_s, 0, 0));
    return blocks;
}

} // namespace

class GuideTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsOnlyWhatIsCompiled();
    void seesWhatIsNot();
};

void GuideTest::showsOnlyWhatIsCompiled()
{
    const QStringList blocks = blocksOf(read(u"resources/doxygen/from-go.md"_s));
    const QString example = flattened(read(u"resources/examples/fromgo/main.cpp"_s));
    QVERIFY(blocks.size() >= 8);
    for (const QString &block : blocks)
        QVERIFY2(example.contains(flattened(block)), qPrintable(block));
}

void GuideTest::seesWhatIsNot()
{
    const QStringList blocks =
        blocksOf(u"text\n```cpp\nint a = 1;\n```\n\n```cpp\nint b;\n```\n"_s);
    QCOMPARE(blocks, (QStringList{ u"int a = 1;"_s, u"int b;"_s }));
    QVERIFY(!flattened(u"int a = 2;"_s).contains(flattened(blocks[0])));
    QVERIFY(flattened(u"{\n    int a\n    = 1;\n}"_s).contains(flattened(blocks[0])));
}

QTEST_GUILESS_MAIN(GuideTest)
#include "tst_guide.moc"
