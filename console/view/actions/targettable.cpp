// SPDX-License-Identifier: GPL-3.0-only
// TargetTable: see the header.
#include "console/view/actions/targettable.h"

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
                  targets.size() > kMaxRowsShown ? QSizePolicy::Expanding : QSizePolicy::Fixed);
    setIconSize(QSize(1, 1) * fontMetrics().height());
    header()->setSectionsMovable(false);
    for (Instance *target : targets)
        addRow(target);
    refresh();
    for (int column = 0; column < Note; ++column)
        header()->setSectionResizeMode(column, QHeaderView::ResizeToContents);

    m_gather.setSingleShot(true);
    m_gather.setInterval(kGather);
    connect(&m_gather, &QTimer::timeout, this, [this] {
        refresh();
        Q_EMIT changed();
    });
}

void TargetTable::addRow(Instance *target)
{
    m_targets.append(target);
    auto *item = new QTreeWidgetItem(this);
    item->setText(Name, target->displayName());
    const auto later = [this] {
        if (!m_gather.isActive())
            m_gather.start();
    };
    connect(target, &Instance::conditionChanged, this, later);
    connect(target, &Instance::statsChanged, this, later);
    connect(target, &Instance::stopChanged, this, later);
    connect(target, &Instance::roleChanged, this, later);
    connect(target, &Instance::specChanged, this, later);
    // Nobody may be handed it from now on.
    connect(target, &QObject::destroyed, this, [this] {
        refresh();
        Q_EMIT changed();
    });
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

QSize TargetTable::sizeHint() const
{
    const int rows = std::clamp(topLevelItemCount(), 1, kMaxRowsShown);
    const int rowHeight = topLevelItemCount() > 0 ? sizeHintForRow(0) : fontMetrics().height();
    return { QTreeWidget::sizeHint().width(),
             header()->sizeHint().height() + rows * rowHeight + 2 * frameWidth() };
}

QSize TargetTable::minimumSizeHint() const
{
    return { QTreeWidget::minimumSizeHint().width(), sizeHint().height() };
}

void TargetTable::changeEvent(QEvent *event)
{
    QTreeWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
}

} // namespace quiesce
