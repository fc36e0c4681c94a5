// SPDX-License-Identifier: GPL-3.0-only
// OperationHistory: a popup with the last changes asked for from this console.
#pragma once

#include <QFrame>

namespace quiesce {

class OperationLog;

/// Goes when it is closed.
class OperationHistory final : public QFrame
{
    Q_OBJECT

public:
    OperationHistory(OperationLog &log, QWidget *parent);

    /// Above `anchor` where there is room, else below.
    void popUp(const QWidget &anchor);
};

} // namespace quiesce
