// SPDX-License-Identifier: GPL-3.0-only
// BlockerView: what a stop waits for, oldest first, and the way to cancel one of them.
#pragma once

#include "console/client/command.h"
#include "console/model/instance/instance.h"
#include "console/model/lists/blockermodel.h"

#include <QPointer>
#include <QWidget>

class QAction;
class QLabel;
class QMenu;

namespace quiesce {

class DenseTable;

/// Thread: GUI. Emits: cancelWanted() when an operator wants one cancelled; nothing is done here.
class BlockerView final : public QWidget
{
    Q_OBJECT

public:
    explicit BlockerView(QWidget *parent = nullptr);

    void setInstance(Instance *instance);

Q_SIGNALS:
    /// `what`: for people, "GET /work, 12 s old".
    void cancelWanted(const quiesce::CommandRequest &request, const QString &what);

private:
    void layOut();
    void makeActions();
    void showCounts();
    void showMenu(const QPoint &at);
    void cancelCurrent();
    void copyId();
    [[nodiscard]] std::optional<Blocker> current() const;
    [[nodiscard]] bool canCancel(const Blocker &blocker) const;

    QPointer<Instance> m_instance;
    QPointer<BlockerModel> m_model;
    QLabel *m_title;
    QLabel *m_more;
    DenseTable *m_table;
    QAction *m_cancel;
    QMenu *m_menu;
};

} // namespace quiesce
