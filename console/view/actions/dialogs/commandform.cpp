// SPDX-License-Identifier: GPL-3.0-only
// CommandForm: see the header.
#include "console/view/actions/dialogs/commandform.h"

#include "console/model/words/wording.h"
#include "console/view/actions/dialogs/durationedit.h"
#include "console/view/actions/verblook.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>
#include <array>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::array<std::chrono::seconds, 4> kExtensions{ 10s, 30s, 60s, 300s };

} // namespace

CommandForm::CommandForm(CommandRequest request, ReasonNeed reasonNeed, QWidget *parent)
    : QWidget(parent)
    , m_request(std::move(request))
    , m_reasonNeed(reasonNeed)
{
    auto *layout = new QFormLayout(this);
    layout->setContentsMargins({});
    layout->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    if (m_request.verb == Verb::Stop)
        addStopFields(layout);
    if (m_request.verb == Verb::Extend)
        addExtendField(layout);
    addWords(layout);
    addTyping(layout);
}

QLineEdit *CommandForm::watched(QLineEdit *edit)
{
    connect(edit, &QLineEdit::textChanged, this, &CommandForm::edited);
    return edit;
}

void CommandForm::addStopFields(QFormLayout *layout)
{
    const auto field = [this](const std::optional<std::chrono::milliseconds> &value) {
        auto *edit = new DurationEdit(this);
        edit->setPlaceholderText(tr("The service's own"));
        edit->setToolTip(tr("A time such as 30s, 1m 30s or 250ms; a bare number is seconds. Empty: "
                            "what the service is set to."));
        if (value)
            edit->setValue(*value);
        watched(edit);
        return edit;
    };
    m_lameDuck = field(m_request.lameDuck);
    m_grace = field(m_request.grace);
    auto *row = new QHBoxLayout;
    auto *graceLabel = new QLabel(tr("&Grace:"), this);
    graceLabel->setBuddy(m_grace);
    row->addWidget(m_lameDuck, 1);
    row->addSpacing(fontMetrics().averageCharWidth());
    row->addWidget(graceLabel);
    row->addWidget(m_grace, 1);
    auto *label = new QLabel(tr("&Lame duck:"), this);
    label->setBuddy(m_lameDuck);
    layout->addRow(label, row);
}

void CommandForm::addExtendField(QFormLayout *layout)
{
    m_by = new DurationEdit(this);
    m_by->setValue(m_request.by > 0ms ? m_request.by : kExtensions.front());
    m_by->setToolTip(tr("A time such as 30s, 1m 30s or 250ms; a bare number is seconds."));
    watched(m_by);
    auto *row = new QHBoxLayout;
    row->addWidget(m_by, 1);
    for (const std::chrono::seconds by : kExtensions) {
        auto *button = new QToolButton(this);
        button->setText(tr("+%1").arg(lengthText(by)));
        connect(button, &QToolButton::clicked, m_by, [edit = m_by, by] { edit->setValue(by); });
        row->addWidget(button);
    }
    auto *label = new QLabel(tr("Extend &by:"), this);
    label->setBuddy(m_by);
    layout->addRow(label, row);
}

void CommandForm::addWords(QFormLayout *layout)
{
    m_reason = watched(new QLineEdit(m_request.reason, this));
    m_reason->setMaxLength(kMaxTextLength);
    m_reason->setPlaceholderText(m_reasonNeed == ReasonNeed::Required ? tr("Required")
                                                                      : tr("Optional"));
    m_reason->setToolTip(tr("The service keeps it in its audit and its stop report."));
    layout->addRow(tr("Reas&on:"), m_reason);
    m_actor = watched(new QLineEdit(m_request.actor, this));
    m_actor->setMaxLength(kMaxTextLength);
    m_actor->setToolTip(tr("Who asks, as the service writes it down."));
    layout->addRow(tr("&Asked by:"), m_actor);
}

void CommandForm::addTyping(QFormLayout *layout)
{
    m_typed = watched(new QLineEdit(this));
    m_typedLabel = new QLabel(this);
    m_typedLabel->setTextFormat(Qt::PlainText);
    m_typedLabel->setText(tr("&Type to confirm:"));
    m_typedLabel->setBuddy(m_typed);
    layout->addRow(m_typedLabel, m_typed);
    m_typedLabel->hide();
    m_typed->hide();
}

void CommandForm::setPhrase(const QString &phrase)
{
    m_phrase = phrase;
    m_typed->setPlaceholderText(phrase);
    m_typed->setToolTip(
        plainToolTip(tr("Type “%1” exactly, because this is production.").arg(phrase)));
    m_typed->setVisible(!phrase.isEmpty());
    m_typedLabel->setVisible(!phrase.isEmpty());
}

CommandRequest CommandForm::request() const
{
    CommandRequest request = m_request;
    request.reason = m_reason->text().trimmed();
    request.actor = m_actor->text().trimmed();
    if (m_lameDuck) {
        request.lameDuck = m_lameDuck->value();
        request.grace = m_grace->value();
    }
    if (m_by)
        request.by = m_by->value().value_or(0ms);
    return request;
}

QString CommandForm::fault() const
{
    if (m_lameDuck && m_lameDuck->isWrong())
        return tr("The lame duck is no time: write it as 30s or 1m 30s.");
    if (m_grace && m_grace->isWrong())
        return tr("The grace is no time: write it as 30s or 1m 30s.");
    if (m_by && m_by->value().value_or(0ms) <= 0ms)
        return tr("Say by how much to extend, as 30s or 1m 30s.");
    if (m_reasonNeed == ReasonNeed::Required && m_reason->text().trimmed().isEmpty())
        return tr("Give a reason.");
    if (!m_phrase.isEmpty() && m_typed->text().trimmed() != m_phrase)
        return tr("This is production: type “%1” to confirm.").arg(m_phrase);
    return {};
}

void CommandForm::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter)
        focusNextChild();
    else
        QWidget::keyPressEvent(event);
}

} // namespace quiesce
