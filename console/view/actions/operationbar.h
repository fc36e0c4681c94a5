// SPDX-License-Identifier: GPL-3.0-only
// OperationBar: what becomes of the last change, in one line that follows the instance.
#pragma once

#include "console/model/acting/operations.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace quiesce {

class ToneBanner;

/// Shows itself when a change is asked for, and stays until it is dismissed. The ones before are in
/// a popup.
class OperationBar final : public QWidget
{
    Q_OBJECT

public:
    explicit OperationBar(Operations &operations, QWidget *parent = nullptr);

    /// Closed by a click beside it or Escape.
    void showHistory();

private:
    QToolButton *makeButton(const QString &text, const QString &toolTip);
    void take(qint64 id);
    void refresh();

    Operations &m_operations;
    qint64 m_shown = 0; ///< the id of the operation it tells of
    ToneBanner *m_banner;
    QLabel *m_others;
    QToolButton *m_history;
};

} // namespace quiesce
