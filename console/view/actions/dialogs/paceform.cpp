// SPDX-License-Identifier: GPL-3.0-only
// PaceForm: see the header.
#include "console/view/actions/dialogs/paceform.h"

#include "console/view/actions/dialogs/durationedit.h"

#include <QGridLayout>
#include <QRadioButton>

namespace quiesce {

using namespace std::chrono_literals;

PaceForm::PaceForm(QWidget *parent)
    : QWidget(parent)
    , m_forSuccessor(new QRadioButton(tr("Go on when its &successor serves; wait up to"), this))
    , m_forTime(new QRadioButton(tr("Go on after a &fixed time of"), this))
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins({});
    layout->setColumnStretch(2, 1);
    m_successorWait = addChoice(layout, m_forSuccessor, 2min);
    m_pause = addChoice(layout, m_forTime, 30s);
    m_successorWait->setAccessibleName(tr("How long to wait for a successor"));
    m_pause->setAccessibleName(tr("How long to wait between two stops"));
    m_forSuccessor->setToolTip(tr("Another process at the same address, ready. When none comes "
                                  "in time the rolling stop ends there."));
    m_forSuccessor->setChecked(true);
    m_pause->setEnabled(false);
}

DurationEdit *PaceForm::addChoice(QGridLayout *layout, QRadioButton *button,
                                  std::chrono::milliseconds wait)
{
    auto *edit = new DurationEdit(this);
    edit->setValue(wait);
    const int row = layout->rowCount();
    layout->addWidget(button, row, 0);
    layout->addWidget(edit, row, 1);
    connect(edit, &QLineEdit::textChanged, this, &PaceForm::edited);
    connect(button, &QRadioButton::toggled, edit, &QWidget::setEnabled);
    connect(button, &QRadioButton::toggled, this, &PaceForm::edited);
    return edit;
}

RollingStop::Pace PaceForm::pace() const
{
    return m_forSuccessor->isChecked() ? RollingStop::Pace::Successor : RollingStop::Pace::Pause;
}

const DurationEdit *PaceForm::chosen() const
{
    return m_forSuccessor->isChecked() ? m_successorWait : m_pause;
}

std::chrono::milliseconds PaceForm::wait() const
{
    return chosen()->value().value_or(0ms);
}

QString PaceForm::fault() const
{
    return wait() > 0ms ? QString() : tr("Say how long to wait, as 30s or 2m.");
}

} // namespace quiesce
