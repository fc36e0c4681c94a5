// SPDX-License-Identifier: GPL-3.0-only
// An operator's hands: see the header.
#include "tests/console/endtoend/hands.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>
#include <QWindow>
#include <functional>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

/// What has just been shown is laid out, which takes turns of the event loop. Of those it gets
/// enough in that time, however loaded the machine is.
constexpr int kLayoutWait = 5'000;

/// What is on top of all in the window it is in.
bool isReachable(const QWidget &widget, QPoint at)
{
    const QWidget *window = widget.window();
    const QWidget *modal = QApplication::activeModalWidget();
    if (!widget.isVisible() || !widget.isEnabled() || (modal && modal != window))
        return false;
    const QWidget *top = window->childAt(widget.mapTo(window, at));
    return (top ? top : window) == &widget || widget.isAncestorOf(top);
}

/// `at`: where it is by then.
bool clickAt(QWidget *widget, const std::function<QPoint()> &at, Qt::MouseButton button,
             Qt::KeyboardModifiers modifiers)
{
    const auto canBe = [&] { return isReachable(*widget, at()); };
    if (!widget || !QTest::qWaitFor(canBe, kLayoutWait))
        return false;
    QWidget *window = widget->window();
    QTest::mouseClick(window->windowHandle(), button, modifiers, widget->mapTo(window, at()));
    return true;
}

} // namespace

bool click(QWidget *widget, Qt::KeyboardModifiers modifiers)
{
    return clickAt(
        widget, [widget] { return widget->rect().center(); }, Qt::LeftButton, modifiers);
}

bool clickCell(QAbstractItemView *view, const QModelIndex &cell, Qt::KeyboardModifiers modifiers,
               Qt::MouseButton button)
{
    if (!view || !cell.isValid())
        return false;
    const QPersistentModelIndex wanted(cell);
    const auto middle = [view, &wanted] {
        view->scrollTo(wanted);
        return view->visualRect(wanted).center();
    };
    return clickAt(view->viewport(), middle, button, modifiers);
}

bool openTab(QTabWidget *tabs, const QString &text)
{
    for (int tab = 0; tabs && tab < tabs->count(); ++tab) {
        if (withoutMark(tabs->tabText(tab)) == text) {
            QTabBar *bar = tabs->tabBar();
            const auto middle = [bar, tab] { return bar->tabRect(tab).center(); };
            return clickAt(bar, middle, Qt::LeftButton, {}) && tabs->currentIndex() == tab;
        }
    }
    return false;
}

bool type(QLineEdit *edit, const QString &text)
{
    if (!click(edit) || !edit->hasFocus())
        return false;
    QWindow *window = edit->window()->windowHandle();
    QTest::keySequence(window, QKeySequence::SelectAll);
    QTest::keyClick(window, Qt::Key_Delete);
    for (const char letter : text.toLatin1())
        QTest::keyClick(window, letter);
    return edit->text() == text;
}

bool press(const QKeySequence &keys)
{
    QWindow *window = QGuiApplication::focusWindow();
    if (window)
        QTest::keySequence(window, keys);
    return window;
}

bool chooseFromMenu(const QString &text)
{
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    if (!menu)
        return false;
    for (QAction *action : menu->actions()) {
        if (withoutMark(action->text()) == text && action->isEnabled() && action->isVisible()) {
            QTest::mouseClick(menu->windowHandle(), Qt::LeftButton, {},
                              menu->actionGeometry(action).center());
            return true;
        }
    }
    return false;
}

QString withoutMark(QString text)
{
    return text.remove(u'&');
}

} // namespace quiesce::test
