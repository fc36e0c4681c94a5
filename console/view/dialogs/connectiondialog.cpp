// SPDX-License-Identifier: GPL-3.0-only
// ConnectionDialog: see the header.
#include "console/view/dialogs/connectiondialog.h"

#include "console/view/dialogs/connectionform.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QUuid>
#include <QVBoxLayout>

namespace quiesce {

namespace {

InstanceSpec newSpec()
{
    InstanceSpec spec;
    spec.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    spec.tokenSource = TokenSource::Keyring;
    return spec;
}

} // namespace

ConnectionDialog::ConnectionDialog(QWidget *parent)
    : QDialog(parent)
    , m_form(new ConnectionForm(newSpec(), this))
{
    setWindowTitle(tr("Add a connection"));
    setUp();
}

ConnectionDialog::ConnectionDialog(const InstanceSpec &spec, QWidget *parent)
    : QDialog(parent)
    , m_form(new ConnectionForm(spec, this))
{
    setWindowTitle(tr("Edit the connection"));
    setUp();
}

void ConnectionDialog::setUp()
{
    constexpr int kColumns = 80; // characters
    setAttribute(Qt::WA_DeleteOnClose);
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_form);
    column->addStretch();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    column->addWidget(buttons);
    QPushButton *save = buttons->button(QDialogButtonBox::Save);
    save->setEnabled(m_form->isRight());
    connect(m_form, &ConnectionForm::changed, save,
            [this, save] { save->setEnabled(m_form->isRight()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &ConnectionDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(std::max(sizeHint().width(), fontMetrics().averageCharWidth() * kColumns),
           sizeHint().height());
}

void ConnectionDialog::save()
{
    if (!m_form->isRight())
        return;
    Q_EMIT saved(m_form->spec(), m_form->takeToken());
    accept();
}

} // namespace quiesce
