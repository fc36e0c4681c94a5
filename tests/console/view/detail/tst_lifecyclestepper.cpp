// SPDX-License-Identifier: GPL-3.0-only
// LifecycleStepper: every step is painted whole, at any font and width, and is spoken.
#include "console/view/detail/stop/lifecyclestepper.h"
#include "console/view/detail/stop/stepmark.h"
#include "tests/console/fedinstance.h"
#include "tests/console/view/detail/fitting.h"

#include <QPainter>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using Mark = LifecycleStep::Mark;

namespace {

QList<LifecycleStep> stepsOf(LifecycleState state)
{
    Instance instance(spec());
    instance.takeLink(link(LinkState::Live));
    instance.takeSnapshot(snapshot(state), false);
    return lifecycleSteps(instance, utcNow());
}

QImage painted(Mark mark)
{
    QImage image(32, 32, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    paintStepMark(painter, QRectF(4, 4, 24, 24), mark, QPalette());
    return image;
}

} // namespace

class LifecycleStepperTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paintsAllOfItAtAnyFontAndWidth_data();
    void paintsAllOfItAtAnyFontAndWidth();
    void breaksIntoEqualLines();
    void growsWithTheFont();
    void isSpoken();
    void hasAnotherShapeForEachMark();
};

void LifecycleStepperTest::paintsAllOfItAtAnyFontAndWidth_data()
{
    QTest::addColumn<double>("factor");
    QTest::addColumn<int>("width");
    for (const double factor : { 1.0, 2.0 }) {
        for (const int width : { 300, 700, 1'400 })
            QTest::addRow("font x%g, %d wide", factor, width) << factor << width;
    }
}

void LifecycleStepperTest::paintsAllOfItAtAnyFontAndWidth()
{
    QFETCH(double, factor);
    QFETCH(int, width);
    LifecycleStepper stepper;
    stepper.setFont(scaledFont(factor));
    stepper.setSteps(stepsOf(LifecycleState::LameDuck));
    stepper.resize(width, stepper.heightForWidth(width));
    const QImage image = stepper.grab().toImage();
    QVERIFY(!isBlank(image));
    QVERIFY(width >= stepper.minimumSizeHint().width());
    QVERIFY(hasFreeEdges(image));
}

void LifecycleStepperTest::breaksIntoEqualLines()
{
    LifecycleStepper stepper;
    stepper.setSteps(stepsOf(LifecycleState::Serving));
    const int line = stepper.sizeHint().height();
    const int wide = stepper.sizeHint().width();
    QCOMPARE(stepper.heightForWidth(wide), line);
    QCOMPARE(stepper.heightForWidth(wide - 1), 2 * line);
    QCOMPARE(stepper.heightForWidth(wide / 2 - 1), 3 * line);
    QCOMPARE(stepper.heightForWidth(1), 6 * line);
}

void LifecycleStepperTest::growsWithTheFont()
{
    LifecycleStepper stepper;
    stepper.setSteps(stepsOf(LifecycleState::Serving));
    const QSize before = stepper.sizeHint();
    stepper.setFont(scaledFont(2));
    QVERIFY(stepper.sizeHint().height() > before.height() * 3 / 2);
    QVERIFY(stepper.sizeHint().width() > before.width() * 3 / 2);
}

void LifecycleStepperTest::isSpoken()
{
    LifecycleStepper stepper;
    stepper.setSteps(stepsOf(LifecycleState::LameDuck));
    QCOMPARE(stepper.accessibleName(), u"Lifecycle"_s);
    QVERIFY(stepper.accessibleDescription().contains(u"Lame duck: Quiesced"_s));
}

void LifecycleStepperTest::hasAnotherShapeForEachMark()
{
    QList<QImage> images;
    for (const Mark mark : { Mark::Ahead, Mark::Active, Mark::Paused, Mark::Done, Mark::Skipped,
                             Mark::Warned, Mark::Failed }) {
        // In grey: without its colour.
        const QImage image = painted(mark).convertToFormat(QImage::Format_Grayscale8);
        QVERIFY(!images.contains(image));
        images.append(image);
    }
}

QTEST_MAIN(LifecycleStepperTest)
#include "tst_lifecyclestepper.moc"
