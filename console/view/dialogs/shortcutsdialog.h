// SPDX-License-Identifier: GPL-3.0-only
// ShortcutsDialog: which keys do what.
#pragma once

#include <QDialog>

class QAction;
class QTreeWidget;

namespace quiesce {

/// Lists the actions that have a shortcut, and the keys of the list of services. To be shown by
/// open(); goes when it is closed.
class ShortcutsDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent = nullptr);

private:
    void add(const QString &what, const QString &keys);

    QTreeWidget *m_list;
};

} // namespace quiesce
