// SPDX-License-Identifier: GPL-3.0-only
// TimelineView: follows the newest event, stays where one reads, finds words again.
#include "console/model/instance/instancemodels.h"
#include "console/view/detail/lists/densetable.h"
#include "console/view/detail/lists/timelineview.h"
#include "tests/console/fedinstance.h"

#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;

class TimelineViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void followsTheNewest();
    void staysWhereOneReadsAndCountsWhatIsNew();
    void searchesAndComesBack();
    void hidesAKind();
    void exportsWhatIsShown();

private:
    void log(int count);
    [[nodiscard]] QScrollBar *bar() const;
    [[nodiscard]] QPushButton *button(const QString &text) const;

    std::unique_ptr<Instance> m_instance;
    std::unique_ptr<TimelineView> m_view;
    DenseTable *m_table = nullptr;
};

void TimelineViewTest::init()
{
    m_view = std::make_unique<TimelineView>();
    m_instance = std::make_unique<Instance>(spec());
    InstanceModels::of(m_instance.get())->beginShowing();
    m_view->setInstance(m_instance.get());
    m_view->resize(900, 400);
    m_view->show();
    m_table = m_view->findChild<DenseTable *>();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    log(500);
    QTRY_COMPARE(m_table->model()->rowCount(), 500);
}

void TimelineViewTest::log(int count)
{
    for (int i = 0; i < count; ++i) {
        LogEvent event;
        event.at = utcNow();
        event.level = u"warning"_s;
        event.message = u"message %1"_s.arg(i);
        Q_EMIT m_instance->logged(event);
    }
}

QScrollBar *TimelineViewTest::bar() const
{
    return m_table->verticalScrollBar();
}

QPushButton *TimelineViewTest::button(const QString &text) const
{
    for (QPushButton *button : m_view->findChildren<QPushButton *>()) {
        if (button->text() == text)
            return button;
    }
    return nullptr;
}

void TimelineViewTest::followsTheNewest()
{
    QCOMPARE(bar()->value(), bar()->maximum());
    log(100);
    QTRY_COMPARE(m_table->model()->rowCount(), 600);
    QTRY_COMPARE(bar()->value(), bar()->maximum());
}

void TimelineViewTest::staysWhereOneReadsAndCountsWhatIsNew()
{
    bar()->triggerAction(QScrollBar::SliderPageStepSub);
    QVERIFY(button(u"&Pause"_s)->isChecked());
    const int at = bar()->value();
    log(7);
    QTRY_VERIFY(button(u"7 new"_s));
    QVERIFY(button(u"7 new"_s)->isVisible());
    QCOMPARE(bar()->value(), at);
    QTest::mouseClick(button(u"7 new"_s), Qt::LeftButton);
    QCOMPARE(bar()->value(), bar()->maximum());
    QVERIFY(!button(u"&Pause"_s)->isChecked());
    QVERIFY(!button(u"0 new"_s)->isVisible());
}

void TimelineViewTest::searchesAndComesBack()
{
    auto *words = m_view->findChild<QLineEdit *>();
    QTest::keySequence(m_table, QKeySequence::Find);
    QTRY_VERIFY(words->hasFocus());
    QTest::keyClicks(words, u"message 499"_s);
    QTRY_COMPARE(m_table->model()->rowCount(), 1);
    words->setText(u"no such words"_s);
    QTRY_COMPARE(m_table->model()->rowCount(), 0);
    words->clear();
    QTRY_COMPARE(m_table->model()->rowCount(), 500);
    QTRY_COMPARE(bar()->value(), bar()->maximum());
}

void TimelineViewTest::hidesAKind()
{
    for (QToolButton *chip : m_view->findChildren<QToolButton *>()) {
        if (chip->text() == u"Log"_s)
            chip->click();
    }
    QTRY_COMPARE(m_table->model()->rowCount(), 0);
    m_instance->takeState(entered(LifecycleState::Starting, LifecycleState::Serving));
    QTRY_COMPARE(m_table->model()->rowCount(), 1);
}

void TimelineViewTest::exportsWhatIsShown()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"timeline.csv"_s);
    for (QMenu *menu : m_view->findChildren<QMenu *>()) {
        for (QAction *action : menu->actions()) {
            if (action->text() == u"&CSV…"_s)
                action->trigger();
        }
    }
    auto *dialog = m_view->findChild<QFileDialog *>();
    QVERIFY(dialog);
    Q_EMIT dialog->fileSelected(file);
    dialog->close();
    QTRY_VERIFY(QFile::exists(file));
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(written.readAll().count('\n'), 501);
}

QTEST_MAIN(TimelineViewTest)
#include "tst_timelineview.moc"
