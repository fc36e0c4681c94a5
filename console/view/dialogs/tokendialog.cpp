// SPDX-License-Identifier: GPL-3.0-only
// TokenDialog: see the header.
#include "console/view/dialogs/tokendialog.h"

#include "console/view/dialogs/faultlabel.h"
#include "console/view/dialogs/secretedit.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;

TokenDialog::TokenDialog(const QString &name, const QString &why, QWidget *parent)
    : QDialog(parent)
    , m_token(new SecretEdit(this))
{
    constexpr int kColumns = 50; // characters
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Token wanted"));
    auto *column = new QVBoxLayout(this);
    auto *label =
        new QLabel(tr("&Token for %1:").arg(QString(name).replace(u"&"_s, u"&&"_s)), this);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(m_token);
    m_token->setMinimumWidth(fontMetrics().averageCharWidth() * kColumns);
    auto *fault = new FaultLabel(this);
    fault->setFault(why);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    QPushButton *use = buttons->button(QDialogButtonBox::Ok);
    use->setText(tr("&Use token"));
    use->setEnabled(false);
    for (QWidget *part : { static_cast<QWidget *>(label), static_cast<QWidget *>(m_token),
                           static_cast<QWidget *>(fault), static_cast<QWidget *>(buttons) })
        column->addWidget(part);
    connect(m_token, &QLineEdit::textChanged, use,
            [this, use] { use->setEnabled(m_token->hasSecret()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &TokenDialog::give);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void TokenDialog::give()
{
    if (!m_token->hasSecret())
        return;
    Q_EMIT tokenGiven(m_token->take());
    accept();
}

} // namespace quiesce
