// SPDX-License-Identifier: GPL-3.0-only
// An operator's hands: mouse and keys on what is shown, by way of its window as a desktop sends
// them.
#pragma once

#include <QKeySequence>
#include <QModelIndex>
#include <QString>
#include <Qt>

class QAbstractItemView;
class QLineEdit;
class QTabWidget;
class QWidget;

namespace quiesce::test {

/// All are false, and do nothing, where an operator could not: what is meant is hidden, disabled,
/// covered by something else, or behind a dialog that wants to be answered first. They look for it
/// for five seconds.

/// Once, in the middle of it.
[[nodiscard]] bool click(QWidget *widget, Qt::KeyboardModifiers modifiers = {});
/// The cell is scrolled to first.
[[nodiscard]] bool clickCell(QAbstractItemView *view, const QModelIndex &cell,
                             Qt::KeyboardModifiers modifiers = {},
                             Qt::MouseButton button = Qt::LeftButton);
/// By the tab's text, without the mark of its key.
[[nodiscard]] bool openTab(QTabWidget *tabs, const QString &text);
/// Instead of what is there. ASCII only.
[[nodiscard]] bool type(QLineEdit *edit, const QString &text);
/// In the window that has the focus.
[[nodiscard]] bool press(const QKeySequence &keys);
/// Of the menu that has popped up, by the entry's text without the mark of its key.
[[nodiscard]] bool chooseFromMenu(const QString &text);

/// What is shown of "&Drain and stop…".
[[nodiscard]] QString withoutMark(QString text);

} // namespace quiesce::test
