// SPDX-License-Identifier: GPL-3.0-only
// OverviewPanes: which way its two stand, who gets the room, and that an operator's choice stays.
#include "console/view/detail/overviewpanes.h"

#include <QApplication>
#include <QLabel>
#include <QTest>
#include <cmath>
#include <memory>

using namespace quiesce;

class OverviewPanesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void standBesideEachOtherWhereItIsWide();
    void theSecondHasAllWhileTheFirstIsHidden();
    void theFirstHasTheLargerPart_data();
    void theFirstHasTheLargerPart();
    void aChosenShareStays();
    void aChoiceIsOfItsWayOnly();
    void remembersOverRuns();
    void refusesAForeignState_data();
    void refusesAForeignState();

private:
    [[nodiscard]] static std::unique_ptr<OverviewPanes> makePanes(const QSize &size);
    /// Moves the handle to that part of the whole.
    static void drag(OverviewPanes &panes, double share);
    [[nodiscard]] static double shareOf(const OverviewPanes &panes);

    QSize m_wide;
    QSize m_narrow;
    std::unique_ptr<OverviewPanes> m_panes;
};

std::unique_ptr<OverviewPanes> OverviewPanesTest::makePanes(const QSize &size)
{
    auto panes = std::make_unique<OverviewPanes>();
    panes->addWidget(new QLabel(QStringLiteral("first")));
    panes->addWidget(new QLabel(QStringLiteral("second")));
    panes->resize(size);
    panes->show();
    return panes;
}

void OverviewPanesTest::drag(OverviewPanes &panes, double share)
{
    QWidget *handle = panes.handle(1);
    const QPoint middle = handle->rect().center();
    const QPoint to(static_cast<int>(panes.width() * share),
                    static_cast<int>(panes.height() * share));
    QTest::mousePress(handle, Qt::LeftButton, {}, middle);
    QTest::mouseMove(handle, handle->mapFrom(&panes, to));
    QTest::mouseRelease(handle, Qt::LeftButton, {}, handle->mapFrom(&panes, to));
}

double OverviewPanesTest::shareOf(const OverviewPanes &panes)
{
    const QList<int> sizes = panes.sizes();
    return static_cast<double>(sizes[0]) / (sizes[0] + sizes[1]);
}

void OverviewPanesTest::init()
{
    const int em = QFontMetrics(QApplication::font()).averageCharWidth();
    m_wide = { em * 170, em * 60 };
    m_narrow = { em * 100, em * 60 };
    m_panes = makePanes(m_wide);
    QVERIFY(QTest::qWaitForWindowExposed(m_panes.get()));
}

void OverviewPanesTest::standBesideEachOtherWhereItIsWide()
{
    QCOMPARE(m_panes->orientation(), Qt::Horizontal);
    m_panes->resize(m_narrow);
    QCOMPARE(m_panes->orientation(), Qt::Vertical);
    QFont large = m_panes->font();
    large.setPointSizeF(large.pointSizeF() * 2);
    m_panes->resize(m_wide);
    QCOMPARE(m_panes->orientation(), Qt::Horizontal);
    m_panes->setFont(large);
    QCOMPARE(m_panes->orientation(), Qt::Vertical);
}

void OverviewPanesTest::theSecondHasAllWhileTheFirstIsHidden()
{
    m_panes->setFirstShown(false);
    QVERIFY(!m_panes->widget(0)->isVisible());
    QTRY_COMPARE(m_panes->widget(1)->size(), m_panes->size());
    m_panes->setFirstShown(true);
    QVERIFY(m_panes->widget(0)->isVisible());
    QTRY_VERIFY(m_panes->widget(0)->width() > m_panes->widget(1)->width());
}

void OverviewPanesTest::theFirstHasTheLargerPart_data()
{
    QTest::addColumn<bool>("isWide");
    QTest::newRow("beside") << true;
    QTest::newRow("below") << false;
}

void OverviewPanesTest::theFirstHasTheLargerPart()
{
    QFETCH(const bool, isWide);
    m_panes->resize(isWide ? m_wide : m_narrow);
    QVERIFY2(shareOf(*m_panes) > 0.55, qPrintable(QString::number(shareOf(*m_panes))));
    QVERIFY2(shareOf(*m_panes) < 0.65, qPrintable(QString::number(shareOf(*m_panes))));
}

void OverviewPanesTest::aChosenShareStays()
{
    drag(*m_panes, 0.3);
    const double chosen = shareOf(*m_panes);
    QVERIFY2(std::abs(chosen - 0.3) < 0.05, qPrintable(QString::number(chosen)));
    m_panes->resize(m_wide * 3 / 2);
    QVERIFY(std::abs(shareOf(*m_panes) - chosen) < 0.02);
    m_panes->setFirstShown(false);
    m_panes->setFirstShown(true); // the next stop
    QVERIFY(std::abs(shareOf(*m_panes) - chosen) < 0.02);
    m_panes->resetShares();
    QVERIFY(shareOf(*m_panes) > 0.55);
}

void OverviewPanesTest::aChoiceIsOfItsWayOnly()
{
    drag(*m_panes, 0.3);
    m_panes->resize(m_narrow);
    QVERIFY(shareOf(*m_panes) > 0.55);
    drag(*m_panes, 0.4);
    m_panes->resize(m_wide);
    QVERIFY(std::abs(shareOf(*m_panes) - 0.3) < 0.05);
}

void OverviewPanesTest::remembersOverRuns()
{
    drag(*m_panes, 0.3);
    const std::unique_ptr<OverviewPanes> next = makePanes(m_wide);
    QVERIFY(next->restoreShares(m_panes->saveShares()));
    QVERIFY(std::abs(shareOf(*next) - shareOf(*m_panes)) < 0.02);
    next->resize(m_narrow); // which was not chosen
    QVERIFY(shareOf(*next) > 0.55);
}

void OverviewPanesTest::refusesAForeignState_data()
{
    QTest::addColumn<QByteArray>("state");
    const QByteArray good = OverviewPanes().saveShares();
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("garbage") << QByteArray("garbage, and more than is needed");
    QTest::newRow("half") << good.first(good.size() / 2);
}

void OverviewPanesTest::refusesAForeignState()
{
    QFETCH(const QByteArray, state);
    drag(*m_panes, 0.3);
    QVERIFY(!m_panes->restoreShares(state));
    QVERIFY(std::abs(shareOf(*m_panes) - 0.3) < 0.05);
}

QTEST_MAIN(OverviewPanesTest)
#include "tst_overviewpanes.moc"
