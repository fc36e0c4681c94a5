// SPDX-License-Identifier: GPL-3.0-only
// RollingStopDialog: see the header.
#include "console/view/actions/dialogs/rollingstopdialog.h"

#include "console/view/actions/dialogs/paceform.h"
#include "console/view/actions/dialogs/rollingtable.h"
#include "console/view/actions/tonebanner.h"
#include "console/view/actions/verblook.h"
#include "console/view/look/look.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

RollingStopDialog::RollingStopDialog(const Setup &setup, const QList<Instance *> &targets,
                                     QWidget *parent)
    : QDialog(parent)
    , m_nameNeed(setup.nameNeed)
    , m_send(setup.send)
    , m_table(new RollingTable(targets, setup.permissionOf, this))
    , m_up(new QPushButton(tr("Move &up"), this))
    , m_down(new QPushButton(tr("Move dow&n"), this))
    , m_pace(new PaceForm(this))
    , m_form(new CommandForm({ .verb = Verb::Stop, .actor = setup.actor }, setup.reasonNeed, this))
    , m_heading(new QLabel(this))
    , m_note(new ToneBanner(ToneBanner::Lines::Wrapped, this))
    , m_start(new QPushButton(this))
    , m_close(new QPushButton(tr("&Cancel"), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Rolling stop"));
    build();
    connect(m_table, &RollingTable::changed, this, &RollingStopDialog::refresh);
    connect(m_table, &QTreeWidget::currentItemChanged, this, &RollingStopDialog::refresh);
    connect(m_pace, &PaceForm::edited, this, &RollingStopDialog::refresh);
    connect(m_form, &CommandForm::edited, this, &RollingStopDialog::refresh);
    refresh();
}

void RollingStopDialog::build()
{
    auto *layout = new QVBoxLayout(this);
    QFont font = m_heading->font();
    font.setBold(true);
    m_heading->setFont(font);
    layout->addWidget(m_heading);
    layout->addLayout(makeList(), 1);
    layout->addWidget(m_pace);
    layout->addWidget(m_form);
    layout->addWidget(m_note);
    layout->addLayout(makeButtons());
    setMinimumWidth(fontMetrics().averageCharWidth() * kWidthInChars);
}

QLayout *RollingStopDialog::makeList()
{
    auto *row = new QHBoxLayout;
    row->addWidget(m_table, 1);
    auto *buttons = new QVBoxLayout;
    for (QPushButton *button : { m_up, m_down }) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    row->addLayout(buttons);
    connect(m_up, &QPushButton::clicked, m_table,
            [table = m_table] { table->moveCurrent(RollingTable::Direction::Up); });
    connect(m_down, &QPushButton::clicked, m_table,
            [table = m_table] { table->moveCurrent(RollingTable::Direction::Down); });
    return row;
}

QLayout *RollingStopDialog::makeButtons()
{
    m_start->setObjectName(u"start"_s);
    m_start->setIcon(icon(u"roll"_s, palette()));
    m_start->setIconSize(QSize(1, 1) * fontMetrics().height());
    m_start->setText(tr("Start th&e rolling stop"));
    connect(m_start, &QPushButton::clicked, this, [this] { m_run ? m_run->abort() : start(); });
    m_close->setObjectName(u"close"_s);
    m_close->setDefault(true);
    m_close->setFocus();
    connect(m_close, &QPushButton::clicked, this, &RollingStopDialog::reject);
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(m_start);
    row->addWidget(m_close);
    return row;
}

void RollingStopDialog::refresh()
{
    if (m_run)
        return;
    const QList<Instance *> targets = m_table->granted();
    m_heading->setText(targets.size() == 1 ? tr("Stop 1 instance")
                                           : tr("Stop %n instances, one after another", nullptr,
                                                static_cast<int>(targets.size())));
    m_up->setEnabled(m_table->canMove(RollingTable::Direction::Up));
    m_down->setEnabled(m_table->canMove(RollingTable::Direction::Down));
    m_form->setPhrase(phraseFor(targets));
    const QString fault = faultOf(targets);
    m_note->setMessage(targets.isEmpty() ? Tone::Warning : Tone::Neutral,
                       fault.isEmpty() ? tr("It ends at the first that does not stop cleanly; "
                                            "the rest are left alone.")
                                       : fault);
    m_start->setEnabled(fault.isEmpty());
}

QString RollingStopDialog::phraseFor(const QList<Instance *> &targets) const
{
    const bool isProduction =
        std::any_of(targets.begin(), targets.end(), [](const Instance *target) {
            return target->spec().environment == Environment::Production;
        });
    if (m_nameNeed == NameNeed::Never || !isProduction)
        return {};
    return targets.size() == 1 ? targets.first()->displayName()
                               : phraseOf(Verb::Stop, static_cast<int>(targets.size()));
}

QString RollingStopDialog::faultOf(const QList<Instance *> &targets) const
{
    if (targets.isEmpty())
        return tr("None of these can be stopped.");
    const QString fault = m_pace->fault();
    return fault.isEmpty() ? m_form->fault() : fault;
}

void RollingStopDialog::start()
{
    refresh(); // by what is true now
    if (!m_start->isEnabled())
        return;
    const RollingStop::Plan plan{ .instances = m_table->granted(),
                                  .request = m_form->request(),
                                  .pace = m_pace->pace(),
                                  .wait = m_pace->wait() };
    m_run = new RollingStop(plan, m_send, this);
    connect(m_run, &RollingStop::finished, this, &RollingStopDialog::finish);
    m_table->start(*m_run);
    for (QWidget *setup : { static_cast<QWidget *>(m_pace), static_cast<QWidget *>(m_form),
                            static_cast<QWidget *>(m_up), static_cast<QWidget *>(m_down) })
        setup->hide();
    m_heading->setText(tr("Stopping one after another"));
    m_note->setMessage(Tone::Busy,
                       tr("Abort leaves the one under way to itself and stops no other."));
    m_start->setText(tr("&Abort"));
    m_start->setIcon(icon(u"cancel"_s, palette()));
    m_close->setText(tr("&Close"));
    m_close->setEnabled(false);
    m_start->setFocus();
    adjustSize();
    m_run->start();
}

void RollingStopDialog::finish(RollingStop::Outcome outcome)
{
    const bool isDone = outcome == RollingStop::Outcome::Done;
    const bool isFailed = outcome == RollingStop::Outcome::Failed;
    m_heading->setText(isDone ? tr("Done") : isFailed ? tr("Ended by a failure") : tr("Aborted"));
    m_note->setMessage(isDone         ? Tone::Good
                           : isFailed ? Tone::Bad
                                      : Tone::Warning,
                       summary(outcome));
    m_start->hide();
    m_close->setEnabled(true);
    m_close->setFocus();
}

QString RollingStopDialog::summary(RollingStop::Outcome outcome) const
{
    const QList<RollingStop::Row> &rows = m_run->rows();
    const auto done = std::count_if(rows.begin(), rows.end(), [](const RollingStop::Row &row) {
        return row.state == RollingStop::RowState::Done;
    });
    const auto failed = std::find_if(rows.begin(), rows.end(), [](const RollingStop::Row &row) {
        return row.state == RollingStop::RowState::Failed;
    });
    const QString count = tr("%1 of %2 stopped cleanly.").arg(done).arg(rows.size());
    if (outcome != RollingStop::Outcome::Failed || failed == rows.end())
        return count;
    return tr("%1 %2: %3.").arg(count, failed->name, failed->reason);
}

void RollingStopDialog::reject()
{
    if (isRunning())
        m_note->setMessage(Tone::Warning, tr("It is under way: abort it before you close it."));
    else
        QDialog::reject();
}

} // namespace quiesce
