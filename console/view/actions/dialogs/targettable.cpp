// SPDX-License-Identifier: GPL-3.0-only
// TargetTable: see the header.
#include "console/view/actions/dialogs/targettable.h"

#include "console/view/actions/verblook.h"
#include "console/view/look/look.h"

#include <QEvent>
#include <QHeaderView>
#include <algorithm>

namespace quiesce {

TargetTable::TargetTable(const QList<Instance *> &targets, ActionPolicy::PermissionOf permissionOf,
                         QWidget *parent)
    : QTreeWidget(parent)
    , m_permissionOf(std::move(permissionOf))
{
    setAccessibleName(tr("Instances it goes to"));
    setColumnCount(ColumnCount);
    setHeaderLabels({ tr("Instance"), tr("Environment"), tr("State"), tr("Note") });
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setSelectionMode(NoSelection);
    setSizePolicy(QSizePolicy::Expanding,
                  targets.size() > kMaxRowsShown ? QSizePolicy::Expanding : QSizePolicy::Maximum);
    setIconSize(QSize(1, 1) * fontMetrics().height());
    header()->setSectionsMovable(false);
    for (Instance *target : targets)
        addRow(target);
    refresh();
    for (int column = 0; column < Note; ++column)
        header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);

    const auto follow = [this] {
        refresh();
        Q_EMIT changed();
    };
    connect(&m_watch, &InstanceWatch::changed, this, follow);
    connect(&m_watch, &InstanceWatch::gone, this, follow);
}

void TargetTable::addRow(Instance *target)
{
    m_targets.append(target);
    m_looks.emplace_back(target);
    auto *item = new QTreeWidgetItem(this);
    item->setText(Name, target->displayName());
    m_watch.watch(target);
}

void TargetTable::refresh()
{
    m_granted.clear();
    m_firstRefusal.clear();
    for (int row = 0; row < topLevelItemCount(); ++row)
        refreshRow(row);
    setColumnHidden(Note, m_firstRefusal.isEmpty());
}

void TargetTable::refreshRow(int row)
{
    QTreeWidgetItem *item = topLevelItem(row);
    Instance *target = m_targets[row];
    QString refusal = tr("No longer known here.");
    if (target) {
        refusal = m_permissionOf(*target).refusal;
        item->setText(Environment, environmentText(target->spec().environment));
        item->setForeground(Environment,
                            toneTextColor(toneOf(target->spec().environment), palette()));
        item->setText(State, conditionText(target->condition()));
        item->setIcon(State, m_icons.of(target->condition(), palette()));
    }
    if (refusal.isEmpty())
        m_granted.append(target);
    else if (m_firstRefusal.isEmpty())
        m_firstRefusal = refusal;
    item->setText(Note, refusal.isEmpty() ? QString() : tr("Left out: %1").arg(refusal));
    item->setDisabled(!refusal.isEmpty());
    item->setToolTip(Note, plainToolTip(refusal));
}

int TargetTable::heightFor(int rows) const
{
    const int row = topLevelItemCount() > 0 ? sizeHintForRow(0) : fontMetrics().height();
    return header()->sizeHint().height() + rows * row + 2 * frameWidth();
}

QSize TargetTable::sizeHint() const
{
    return { QTreeWidget::sizeHint().width(),
             heightFor(std::clamp(topLevelItemCount(), 1, kMaxRowsShown)) };
}

QSize TargetTable::minimumSizeHint() const
{
    return { QTreeWidget::minimumSizeHint().width(),
             heightFor(std::clamp(topLevelItemCount(), 1, kLeastRowsShown)) };
}

void TargetTable::changeEvent(QEvent *event)
{
    QTreeWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

} // namespace quiesce
