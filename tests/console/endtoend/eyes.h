// SPDX-License-Identifier: GPL-3.0-only
// An operator's eyes: what can be read in a part of the window, and waiting until something can.
#pragma once

#include <QString>
#include <functional>

class QAbstractItemView;
class QWidget;

namespace quiesce::test {

/// All that is shown in it, a text a line: labels, buttons, fields, the cells of lists, and what
/// painted parts tell a screen reader. Nothing of what is hidden; nothing at all of null.
[[nodiscard]] QString textIn(const QWidget *part);
/// Rows a line, cells divided by " | ".
[[nodiscard]] QString rowsIn(const QAbstractItemView *view);

/// False after kLongestWait, then a warning says what was shown instead.
[[nodiscard]] bool isSoonIn(const QWidget *part, const QString &text);
[[nodiscard]] bool isSoonGoneFrom(const QWidget *part, const QString &text);
/// False after kLongestWait.
[[nodiscard]] bool isSoon(const std::function<bool()> &holds);

} // namespace quiesce::test
