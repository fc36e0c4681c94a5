// SPDX-License-Identifier: GPL-3.0-only
// FleetPage: the menu of its rows, whose own entries only say what is wanted.
#include "console/model/fleet/fleetmodel.h"
#include "console/view/fleet/fleetpage.h"
#include "console/view/fleet/fleettable.h"
#include "console/view/look/iconname.h"
#include "console/view/look/look.h"

#include <QClipboard>
#include <QGuiApplication>

namespace quiesce {

using namespace Qt::StringLiterals;

void FleetPage::setUpMenu()
{
    m_copy = addToMenu(tr("&Copy rows"), u"copy"_s);
    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(m_copy);
    m_ownActions = m_copy;
    m_menu.addSeparator();
    m_edit = addToMenu(tr("&Edit connection…"), u"edit"_s);
    m_remove = addToMenu(tr("Remove from the &list…"), u"remove"_s);
    m_clearStopped = addToMenu(tr("Clear &stopped services"), {});
    connect(m_copy, &QAction::triggered, this,
            [this] { QGuiApplication::clipboard()->setText(m_table->selectedText()); });
    connect(m_edit, &QAction::triggered, this, [this] {
        if (const QList<Instance *> instances = selection(); instances.size() == 1)
            Q_EMIT editWanted(instances.first());
    });
    connect(m_remove, &QAction::triggered, this, [this] {
        if (const QList<Instance *> instances = selection(); !instances.isEmpty())
            Q_EMIT removeWanted(instances);
    });
    connect(m_clearStopped, &QAction::triggered, this, &FleetPage::clearStoppedWanted);
    connect(m_table, &QWidget::customContextMenuRequested, this, &FleetPage::showMenu);
}

QAction *FleetPage::addToMenu(const QString &text, const QString &iconName)
{
    QAction *action = m_menu.addAction(text);
    setIconName(action, iconName);
    return action;
}

void FleetPage::addRowActions(const QList<QAction *> &actions)
{
    m_menu.insertActions(m_ownActions, actions);
    m_menu.insertSeparator(m_ownActions);
}

void FleetPage::showMenu(const QPoint &at)
{
    const QList<Instance *> instances = selection();
    m_copy->setEnabled(!instances.isEmpty());
    m_edit->setEnabled(instances.size() == 1);
    m_remove->setEnabled(!instances.isEmpty());
    m_clearStopped->setEnabled(m_fleet->summary().of(FleetGroup::Stopped) > 0);
    m_menu.popup(m_table->viewport()->mapToGlobal(at));
}

void FleetPage::drawIcons()
{
    m_searchMark->setIcon(tintedIcon(u"search"_s, palette().color(QPalette::PlaceholderText)));
    drawActionIcons(m_menu.actions(), palette());
}

} // namespace quiesce
