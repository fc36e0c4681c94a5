// SPDX-License-Identifier: GPL-3.0-only
// GroupChips: see the header.
#include "console/view/fleet/groupchips.h"

#include "console/view/look/look.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QToolButton>

namespace quiesce {

namespace {

/// A condition whose shape stands for the group.
Condition exampleOf(FleetGroup group)
{
    switch (group) {
    case FleetGroup::Serving:
        return Condition::Serving;
    case FleetGroup::Stopping:
        return Condition::Draining;
    case FleetGroup::Stopped:
        return Condition::StoppedClean;
    case FleetGroup::Trouble:
        return Condition::Crashed;
    }
    return Condition::Connecting;
}

} // namespace

GroupChips::GroupChips(QWidget *parent)
    : QWidget(parent)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    for (QToolButton *&chip : m_chips) {
        chip = new QToolButton(this);
        chip->setCheckable(true);
        chip->setAutoRaise(true);
        chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        connect(chip, &QToolButton::clicked, this, [this] { Q_EMIT chosen(groups()); });
        row->addWidget(chip);
    }
    setCounts({});
    drawIcons();
}

void GroupChips::setCounts(const FleetSummary &summary)
{
    for (size_t i = 0; i < kFleetGroups.size(); ++i) {
        const QString name = groupText(kFleetGroups[i]);
        m_chips[i]->setText(tr("%1 %2").arg(name, QLocale().toString(summary.of(kFleetGroups[i]))));
        m_chips[i]->setToolTip(tr("Show only: %1").arg(name));
    }
}

FleetGroups GroupChips::groups() const
{
    FleetGroups groups;
    for (size_t i = 0; i < kFleetGroups.size(); ++i)
        groups.setFlag(kFleetGroups[i], m_chips[i]->isChecked());
    return groups;
}

void GroupChips::setGroups(FleetGroups groups)
{
    for (size_t i = 0; i < kFleetGroups.size(); ++i)
        m_chips[i]->setChecked(groups.testFlag(kFleetGroups[i]));
}

void GroupChips::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        drawIcons();
}

void GroupChips::drawIcons()
{
    const int size = fontMetrics().height();
    for (size_t i = 0; i < kFleetGroups.size(); ++i) {
        m_chips[i]->setIconSize({ size, size });
        m_chips[i]->setIcon(conditionIcon(exampleOf(kFleetGroups[i]), palette()));
    }
}

} // namespace quiesce
