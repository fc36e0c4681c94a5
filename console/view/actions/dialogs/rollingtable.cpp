// SPDX-License-Identifier: GPL-3.0-only
// RollingTable: see the header.
#include "console/view/actions/dialogs/rollingtable.h"

#include "console/model/acting/operation.h"
#include "console/view/actions/verblook.h"
#include "console/view/look/look.h"

#include <QHeaderView>
#include <algorithm>

namespace quiesce {

RollingTable::RollingTable(const QList<Instance *> &targets,
                           ActionPolicy::PermissionOf permissionOf, QWidget *parent)
    : QTreeWidget(parent)
    , m_permissionOf(std::move(permissionOf))
{
    setAccessibleName(tr("Instances in the order in which they are stopped"));
    setColumnCount(ColumnCount);
    setHeaderLabels({ tr("No."), tr("Instance"), tr("Environment"), tr("State"), tr("Progress") });
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setIconSize(QSize(1, 1) * fontMetrics().height());
    header()->setSectionsMovable(false);
    for (Instance *target : targets) {
        m_targets.append(target);
        new QTreeWidgetItem(this);
        m_watch.watch(target);
    }
    refresh();
    setCurrentItem(topLevelItem(0));
    for (int column = 0; column < Progress; ++column)
        header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    const auto follow = [this] {
        refresh();
        Q_EMIT changed();
    };
    connect(&m_watch, &InstanceWatch::changed, this, follow);
    connect(&m_watch, &InstanceWatch::gone, this, follow);
}

QList<Instance *> RollingTable::granted() const
{
    QList<Instance *> granted;
    for (const QPointer<Instance> &target : m_targets) {
        if (target && m_permissionOf(*target).isGranted())
            granted.append(target);
    }
    return granted;
}

bool RollingTable::canMove(Direction direction) const
{
    const int row = indexOfTopLevelItem(currentItem());
    const int to = row + static_cast<int>(direction);
    return !m_run && row >= 0 && to >= 0 && to < topLevelItemCount();
}

void RollingTable::moveCurrent(Direction direction)
{
    if (!canMove(direction))
        return;
    const int row = indexOfTopLevelItem(currentItem());
    const int to = row + static_cast<int>(direction);
    m_targets.swapItemsAt(row, to);
    setCurrentItem(topLevelItem(to));
    refresh();
    Q_EMIT changed();
}

void RollingTable::start(const RollingStop &run)
{
    m_run = &run;
    setCurrentItem(nullptr);
    clearSelection();
    setSelectionMode(NoSelection);
    m_targets.clear();
    for (const RollingStop::Row &row : run.rows())
        m_targets.append(row.instance);
    while (topLevelItemCount() > m_targets.size())
        delete takeTopLevelItem(topLevelItemCount() - 1);
    connect(m_run, &RollingStop::rowChanged, this, &RollingTable::refresh);
    refresh();
}

QSize RollingTable::minimumSizeHint() const
{
    const int rowHeight = std::max(sizeHintForRow(0), fontMetrics().height());
    return { QTreeWidget::minimumSizeHint().width(),
             header()->sizeHint().height() + kMinRowsShown * rowHeight + 2 * frameWidth() };
}

void RollingTable::refresh()
{
    for (int row = 0; row < topLevelItemCount(); ++row)
        refreshRow(row);
}

void RollingTable::refreshRow(int row)
{
    QTreeWidgetItem *item = topLevelItem(row);
    const Instance *target = m_targets[row];
    item->setText(Order, QString::number(row + 1));
    if (target) {
        item->setText(Name, target->displayName());
        item->setText(Environment, environmentText(target->spec().environment));
        item->setForeground(Environment,
                            toneTextColor(toneOf(target->spec().environment), palette()));
        item->setText(State, conditionText(target->condition()));
        item->setIcon(State, m_icons.of(target->condition(), palette()));
    } else {
        item->setText(State, tr("No longer known here"));
        item->setIcon(State, {});
    }
    const QString progress = progressOf(row);
    item->setText(Progress, progress);
    item->setToolTip(Progress, plainToolTip(progress));
    const Tone tone = m_run ? toneOfRow(row) : Tone::Neutral;
    item->setIcon(Progress, tone == Tone::Neutral ? QIcon() : m_icons.of(tone, palette()));
}

QString RollingTable::progressOf(int row) const
{
    const Instance *target = m_targets[row];
    if (!m_run) {
        const QString refusal =
            target ? m_permissionOf(*target).refusal : tr("No longer known here.");
        return refusal.isEmpty() ? QString() : tr("Left out: %1").arg(refusal);
    }
    const RollingStop::Row &run = m_run->rows()[row];
    if (run.state == RollingStop::RowState::Stopping && target) {
        const Condition condition = target->condition();
        if (condition >= Condition::LameDuck && condition <= Condition::Stopping)
            return OperationCourse::drainText(*target);
    }
    if (run.reason.isEmpty())
        return rowStateText(run.state);
    return tr("%1: %2").arg(rowStateText(run.state), run.reason);
}

Tone RollingTable::toneOfRow(int row) const
{
    switch (m_run->rows()[row].state) {
    case RollingStop::RowState::Stopping:
    case RollingStop::RowState::AwaitingSuccessor:
        return Tone::Busy;
    case RollingStop::RowState::Done:
        return Tone::Good;
    case RollingStop::RowState::Failed:
        return Tone::Bad;
    case RollingStop::RowState::Left:
        return Tone::Warning;
    case RollingStop::RowState::Waiting:
    case RollingStop::RowState::Skipped:
        break;
    }
    return Tone::Neutral;
}

} // namespace quiesce
