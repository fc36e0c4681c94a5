// SPDX-License-Identifier: GPL-3.0-only
// ConfirmDialog: see the header.
#include "console/view/actions/dialogs/confirmdialog.h"

#include "console/model/acting/consequence.h"
#include "console/view/actions/dialogs/targettable.h"
#include "console/view/actions/tonebanner.h"
#include "console/view/actions/verblook.h"
#include "console/view/look/look.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace quiesce {

ConfirmDialog::ConfirmDialog(const Setup &setup, const QList<Instance *> &targets, QWidget *parent)
    : QDialog(parent)
    , m_verb(setup.request.verb)
    , m_nameNeed(setup.nameNeed)
    , m_table(new TargetTable(targets, setup.permissionOf, this))
    , m_form(new CommandForm(
          setup.request, ActionPolicy::isGrave(m_verb) ? setup.reasonNeed : ReasonNeed::Optional,
          this))
    , m_mark(new QLabel(this))
    , m_heading(new QLabel(this))
    , m_production(new ToneBanner(ToneBanner::Lines::Wrapped, this))
    , m_consequence(new QLabel(this))
    , m_note(new ToneBanner(ToneBanner::Lines::Wrapped, this))
    , m_confirm(new QPushButton(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    build();
    setHeading(targets);
    connect(m_table, &TargetTable::changed, this, &ConfirmDialog::refresh);
    connect(m_form, &CommandForm::edited, this, &ConfirmDialog::refresh);
    refresh();
}

void ConfirmDialog::build()
{
    auto *layout = new QVBoxLayout(this);
    layout->setSizeConstraint(QLayout::SetMinimumSize);
    layout->addWidget(m_production);
    layout->addLayout(makeHeading());
    layout->addWidget(m_table, 1);
    m_consequence->setTextFormat(Qt::PlainText);
    m_consequence->setWordWrap(true);
    m_consequence->setMinimumWidth(fontMetrics().averageCharWidth() * kWidthInChars);
    layout->addWidget(m_consequence);
    layout->addWidget(m_form);
    layout->addWidget(m_note);
    layout->addLayout(makeButtons());
    m_production->setMark(QStringLiteral("production"));
    m_production->setMessage(Tone::Bad, tr("Production"));
}

QLayout *ConfirmDialog::makeHeading()
{
    auto *row = new QHBoxLayout;
    m_heading->setTextFormat(Qt::PlainText);
    m_heading->setWordWrap(true);
    QFont font = m_heading->font();
    font.setBold(true);
    m_heading->setFont(font);
    const int size = fontMetrics().height() * 3 / 2;
    m_mark->setPixmap(
        icon(iconNameOf(m_verb), palette()).pixmap(QSize(size, size), devicePixelRatio()));
    row->addWidget(m_mark);
    row->addWidget(m_heading, 1);
    return row;
}

QLayout *ConfirmDialog::makeButtons()
{
    auto *cancel = new QPushButton(tr("Ca&ncel"), this);
    cancel->setObjectName(QStringLiteral("cancel"));
    cancel->setDefault(true);
    cancel->setFocus();
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    m_confirm->setObjectName(QStringLiteral("confirm"));
    m_confirm->setText(buttonText(m_verb));
    m_confirm->setIcon(icon(iconNameOf(m_verb), palette()));
    m_confirm->setIconSize(QSize(1, 1) * fontMetrics().height());
    connect(m_confirm, &QPushButton::clicked, this, &ConfirmDialog::confirm);
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(m_confirm);
    row->addWidget(cancel);
    return row;
}

void ConfirmDialog::refresh()
{
    const QList<Instance *> targets = m_table->granted();
    m_form->setPhrase(phrase());
    m_consequence->setText(Consequence::of(m_form->request(), targets).join(QChar::LineFeed));
    m_consequence->setVisible(!targets.isEmpty());
    m_production->setVisible(isProduction());
    setHeading(targets);
    const bool isNone = targets.isEmpty();
    const QString fault = isNone ? m_table->firstRefusal() : m_form->fault();
    m_note->setMessage(isNone ? Tone::Warning : Tone::Neutral, fault);
    m_note->setVisible(!fault.isEmpty());
    m_confirm->setEnabled(fault.isEmpty());
    m_confirm->setToolTip(plainToolTip(fault));
}

void ConfirmDialog::setHeading(const QList<Instance *> &targets)
{
    if (targets.isEmpty())
        return; // what was asked stays readable
    const QString question = targets.size() == 1
        ? questionOf(m_verb, targets.first()->displayName())
        : questionOf(m_verb, static_cast<int>(targets.size()));
    m_heading->setText(question);
    setWindowTitle(question);
}

bool ConfirmDialog::isProduction() const
{
    const QList<Instance *> targets = m_table->granted();
    return std::any_of(targets.begin(), targets.end(), [](const Instance *target) {
        return target->spec().environment == Environment::Production;
    });
}

QString ConfirmDialog::phrase() const
{
    const QList<Instance *> targets = m_table->granted();
    if (m_nameNeed == NameNeed::Never || !ActionPolicy::isGrave(m_verb) || !isProduction())
        return {};
    return targets.size() == 1 ? targets.first()->displayName()
                               : phraseOf(m_verb, static_cast<int>(targets.size()));
}

/// What is shown may be a moment old: where it is, the operator is to see it first.
void ConfirmDialog::confirm()
{
    const QList<Instance *> shown = m_table->granted();
    m_table->refresh();
    refresh();
    if (!m_confirm->isEnabled() || m_table->granted() != shown)
        return;
    Q_EMIT confirmed(m_table->granted(), m_form->request());
    accept();
}

} // namespace quiesce
