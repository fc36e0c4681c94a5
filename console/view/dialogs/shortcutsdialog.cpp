// SPDX-License-Identifier: GPL-3.0-only
// ShortcutsDialog: see the header.
#include "console/view/dialogs/shortcutsdialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace quiesce {

namespace {

/// The text of a menu entry without what only a menu needs.
QString plainText(const QAction *action)
{
    QString text = action->text();
    if (text.endsWith(u'…'))
        text.chop(1);
    return text.remove(u'&');
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent)
    : QDialog(parent)
    , m_list(new QTreeWidget(this))
{
    constexpr int kColumns = 60; // characters
    constexpr int kLines = 26;
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keyboard shortcuts"));
    m_list->setHeaderLabels({ tr("What"), tr("Keys") });
    m_list->setRootIsDecorated(false);
    m_list->setAlternatingRowColors(true);
    m_list->setAccessibleName(windowTitle());
    for (const QAction *action : actions) {
        if (!action->shortcut().isEmpty())
            add(plainText(action), action->shortcut().toString(QKeySequence::NativeText));
    }
    add(tr("From the search to the list"), QKeySequence(Qt::Key_Down).toString());
    add(tr("Clear the search"), QKeySequence(Qt::Key_Escape).toString());
    add(tr("Copy the selected rows"),
        QKeySequence(QKeySequence::Copy).toString(QKeySequence::NativeText));
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    auto *column = new QVBoxLayout(this);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    column->addWidget(m_list);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(fontMetrics().averageCharWidth() * kColumns, fontMetrics().height() * kLines);
}

void ShortcutsDialog::add(const QString &what, const QString &keys)
{
    m_list->addTopLevelItem(new QTreeWidgetItem({ what, keys }));
}

} // namespace quiesce
