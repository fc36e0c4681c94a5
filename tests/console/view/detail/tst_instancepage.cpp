// SPDX-License-Identifier: GPL-3.0-only
// InstancePage: a whole stop seen through it, and what an operator may ask for on it.
#include "console/model/instance/instancemodels.h"
#include "console/view/detail/chip.h"
#include "console/view/detail/instancepage.h"
#include "console/view/detail/lists/densetable.h"
#include "console/view/detail/stop/blockerview.h"
#include "console/view/detail/stop/lifecyclestepper.h"
#include "tests/console/fedinstance.h"
#include "tests/console/view/detail/fitting.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

class Panel final : public QWidget
{
public:
    void setInstance(Instance *instance) { m_instance = instance; }
    [[nodiscard]] Instance *instance() const { return m_instance; }

private:
    Instance *m_instance = nullptr;
};

} // namespace

class InstancePageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void followsAWholeStop();
    void asksForACancelOfTheSelectedBlocker();
    void offersNoCancelToAReader();
    void copiesIdsAndRows();
    void dimsAndDatesWhatIsOld();
    void offersToReconnect();
    void showsACrash();
    void asksForJobsWhenTheyAreLookedAt();
    void asksForACancelOfTheSelectedJob();
    void handsItsInstanceToWhatItHosts();
    void outlivesItsInstance();
    void keepsACalmPlaceForNoInstance();
    void hasRoomForAllOfItAtTwiceTheFont();

private:
    void drain(int blockerCount);
    [[nodiscard]] QString shownText() const;
    [[nodiscard]] QAction *action(const QString &text) const;
    [[nodiscard]] DenseTable *table(const QString &name) const;
    void openTab(const QString &text);

    std::unique_ptr<Instance> m_instance;
    std::unique_ptr<InstancePage> m_page;
};

void InstancePageTest::init()
{
    m_page.reset();
    m_instance = std::make_unique<Instance>(spec());
    m_instance->takeLink(link(LinkState::Live));
    m_instance->takeRole(Role::Operator);
    m_instance->takeSnapshot(snapshot(LifecycleState::Serving, 12), false);
    m_page = std::make_unique<InstancePage>();
    m_page->setInstance(m_instance.get());
    m_page->resize(1'000, 700);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void InstancePageTest::drain(int blockerCount)
{
    Snapshot stopping = snapshot(LifecycleState::Draining, blockerCount);
    stopping.stop = stopView(5s, 5min, blockers(blockerCount));
    m_instance->takeState(entered(LifecycleState::Serving, LifecycleState::LameDuck));
    m_instance->takeState(entered(LifecycleState::LameDuck, LifecycleState::Draining));
    m_instance->takeSnapshot(stopping, false);
}

QString InstancePageTest::shownText() const
{
    QStringList texts;
    for (const QLabel *label : m_page->findChildren<QLabel *>()) {
        if (label->isVisible() && !label->text().isEmpty())
            texts << label->text();
    }
    for (const Chip *chip : m_page->findChildren<Chip *>()) {
        if (chip->isVisible())
            texts << chip->text();
    }
    return texts.join(u" | "_s);
}

QAction *InstancePageTest::action(const QString &text) const
{
    for (const QMenu *menu : m_page->findChildren<QMenu *>()) {
        for (QAction *action : menu->actions()) {
            if (action->text() == text)
                return action;
        }
    }
    return nullptr;
}

DenseTable *InstancePageTest::table(const QString &name) const
{
    for (DenseTable *table : m_page->findChildren<DenseTable *>()) {
        if (table->accessibleName() == name)
            return table;
    }
    return nullptr;
}

void InstancePageTest::openTab(const QString &text)
{
    auto *tabs = m_page->findChild<QTabWidget *>();
    for (int tab = 0; tab < tabs->count(); ++tab) {
        if (tabs->tabText(tab) == text)
            tabs->setCurrentIndex(tab);
    }
}

void InstancePageTest::followsAWholeStop()
{
    const auto *stepper = m_page->findChild<LifecycleStepper *>();
    QVERIFY(shownText().contains(u"A stop now would take about"_s));
    QVERIFY(!m_page->findChild<BlockerView *>()->isVisible());
    drain(12);
    QTRY_VERIFY(shownText().contains(u"&Waiting for 12"_s));
    QVERIFY(stepper->accessibleDescription().contains(u"Draining: under way"_s));
    const DenseTable *blockerTable = table(u"What the stop waits for"_s);
    QCOMPARE(blockerTable->model()->rowCount(), 12);
    RequestEvent end;
    end.id = u"0"_s;
    end.outcome = u"drained"_s;
    Q_EMIT m_instance->requestEnded(end);
    QTRY_COMPARE(blockerTable->model()->rowCount(), 11);
    m_instance->takeState(entered(LifecycleState::Draining, LifecycleState::Stopping));
    m_instance->takeReport(report(StopOutcome::Incomplete));
    LinkStatus gone = link(LinkState::Stopped);
    gone.outcome = StopOutcome::Incomplete;
    m_instance->takeLink(gone);
    QTRY_VERIFY(shownText().contains(u"Stopped, incomplete after 27 s"_s));
    QVERIFY(stepper->accessibleDescription().endsWith(u"Stopped: Incomplete."_s));
    QVERIFY(!m_page->findChild<BlockerView *>()->isVisible());
}

void InstancePageTest::asksForACancelOfTheSelectedBlocker()
{
    drain(12);
    QSignalSpy wanted(m_page.get(), &InstancePage::commandWanted);
    DenseTable *blockerTable = table(u"What the stop waits for"_s);
    blockerTable->selectRow(2);
    action(u"&Cancel this request…"_s)->trigger();
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.at(0).at(0).value<Instance *>(), m_instance.get());
    const auto request = wanted.at(0).at(1).value<CommandRequest>();
    QCOMPARE(request.verb, Verb::CancelRequest);
    QCOMPARE(request.target, u"2"_s);
    QCOMPARE(wanted.at(0).at(2).toString(), u"Request GET /work"_s);
}

void InstancePageTest::offersNoCancelToAReader()
{
    drain(3);
    m_instance->takeRole(Role::Reader);
    QSignalSpy wanted(m_page.get(), &InstancePage::commandWanted);
    DenseTable *blockerTable = table(u"What the stop waits for"_s);
    blockerTable->selectRow(0);
    Q_EMIT blockerTable->customContextMenuRequested({ 5, 5 });
    QAction *cancel = action(u"&Cancel this request…"_s);
    QVERIFY(!cancel->isEnabled());
    QVERIFY(!cancel->toolTip().isEmpty());
    cancel->trigger();
    QCOMPARE(wanted.count(), 0);
    for (QMenu *menu : m_page->findChildren<QMenu *>())
        menu->hide();
}

void InstancePageTest::copiesIdsAndRows()
{
    drain(3);
    DenseTable *blockerTable = table(u"What the stop waits for"_s);
    blockerTable->selectRow(1);
    action(u"Copy &ID"_s)->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"1"_s);
    QTest::keySequence(blockerTable, QKeySequence::Copy);
    QVERIFY(QGuiApplication::clipboard()->text().contains(u"\tRequest\tGET /work\t"_s));
}

void InstancePageTest::dimsAndDatesWhatIsOld()
{
    auto *blockerView = m_page->findChild<BlockerView *>();
    QVERIFY(!shownText().contains(u"as of"_s));
    m_instance->takeLink(link(LinkState::Stale));
    QTRY_VERIFY(shownText().contains(u"as of "_s));
    QVERIFY(shownText().contains(u"Connected, but silent"_s));
    QCOMPARE(blockerView->palette().color(QPalette::Active, QPalette::Text),
             QApplication::palette().color(QPalette::Active, QPalette::PlaceholderText));
    m_instance->takeLink(link(LinkState::Live));
    QTRY_VERIFY(!shownText().contains(u"as of "_s));
    QCOMPARE(blockerView->palette().color(QPalette::Active, QPalette::Text),
             QApplication::palette().color(QPalette::Active, QPalette::Text));
}

void InstancePageTest::offersToReconnect()
{
    QSignalSpy wanted(m_page.get(), &InstancePage::reconnectWanted);
    LinkStatus lost = link(LinkState::Unreachable, u"Connection refused"_s);
    lost.retryAt = utcNow().addSecs(60);
    lost.attempt = 2;
    m_instance->takeLink(lost);
    QTRY_VERIFY(shownText().contains(u"Connection refused"_s));
    QVERIFY(shownText().contains(u"Next attempt in "_s));
    for (QPushButton *button : m_page->findChildren<QPushButton *>()) {
        if (button->text() == u"Reconnect &now"_s)
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.at(0).at(0).value<Instance *>(), m_instance.get());
}

void InstancePageTest::showsACrash()
{
    drain(3);
    m_instance->takeLink(link(LinkState::Crashed));
    QTRY_VERIFY(shownText().contains(u"the process has crashed or was killed"_s));
    QVERIFY(m_page->findChild<LifecycleStepper *>()->accessibleDescription().contains(
        u"Draining: Crashed"_s));
}

void InstancePageTest::asksForJobsWhenTheyAreLookedAt()
{
    const QSignalSpy wanted(m_page.get(), &InstancePage::jobsWanted);
    openTab(u"&Jobs"_s);
    QCOMPARE(wanted.count(), 1);
    m_instance->takeLink(link(LinkState::Unreachable));
    QCOMPARE(wanted.count(), 1);
    m_instance->takeLink(link(LinkState::Live));
    QCOMPARE(wanted.count(), 2);
    openTab(u"&Overview"_s);
    QCOMPARE(wanted.count(), 2);
}

void InstancePageTest::asksForACancelOfTheSelectedJob()
{
    openTab(u"&Jobs"_s);
    InstanceModels::of(m_instance.get())
        ->jobs()
        ->takePage({ job(u"j1"_s, JobState::Running), job(u"j2"_s, JobState::Succeeded) });
    const QSignalSpy wanted(m_page.get(), &InstancePage::commandWanted);
    DenseTable *jobs = table(u"Jobs"_s);
    QPushButton *cancel = nullptr;
    for (QPushButton *button : m_page->findChildren<QPushButton *>()) {
        if (button->text() == u"&Cancel this job…"_s)
            cancel = button;
    }
    QVERIFY(cancel);
    QVERIFY(!cancel->isEnabled());
    for (int row = 0; row < 2; ++row) {
        jobs->selectRow(row);
        cancel->click(); // does nothing for the one that has ended
    }
    QCOMPARE(wanted.count(), 1);
    const auto request = wanted.at(0).at(1).value<CommandRequest>();
    QCOMPARE(request.verb, Verb::CancelJob);
    QCOMPARE(request.target, u"j1"_s);
}

void InstancePageTest::handsItsInstanceToWhatItHosts()
{
    auto *charts = new Panel;
    auto *reports = new Panel;
    m_page->addChartsWidget(charts);
    m_page->addReportsWidget(reports);
    QCOMPARE(charts->instance(), m_instance.get());
    QVERIFY(m_page->isAncestorOf(charts));
    m_page->setInstance(nullptr);
    QCOMPARE(charts->instance(), nullptr);
    QCOMPARE(reports->instance(), nullptr);
    m_page->setInstance(m_instance.get());
    QCOMPARE(reports->instance(), m_instance.get());
}

void InstancePageTest::outlivesItsInstance()
{
    auto *charts = new Panel;
    m_page->addChartsWidget(charts);
    drain(12);
    openTab(u"T&imeline"_s);
    m_instance.reset();
    QCOMPARE(m_page->instance(), nullptr);
    QCOMPARE(charts->instance(), nullptr);
    QVERIFY(shownText().contains(u"Select an instance"_s));
    QVERIFY(!m_page->grab().isNull());
}

void InstancePageTest::keepsACalmPlaceForNoInstance()
{
    m_page->setInstance(nullptr);
    QCOMPARE(shownText(), u"Select an instance to see how it is."_s);
    m_instance->takeLink(link(LinkState::Stale)); // nobody listens any more
    m_page->setInstance(m_instance.get());
    m_page->setInstance(m_instance.get());
    QVERIFY(shownText().contains(u"orders-1"_s));
}

void InstancePageTest::hasRoomForAllOfItAtTwiceTheFont()
{
    m_page->setFont(scaledFont(2));
    m_page->resize(1'400, 1'100);
    drain(12);
    QTRY_COMPARE(clippedLabels(*m_page), QStringList());
}

QTEST_MAIN(InstancePageTest)
#include "tst_instancepage.moc"
