// SPDX-License-Identifier: GPL-3.0-only
// PathEdit: see the header.
#include "console/view/dialogs/pathedit.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace quiesce {

PathEdit::PathEdit(const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_name(name)
    , m_path(new QLineEdit(this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->addWidget(m_path, 1);
    auto *button = new QPushButton(tr("Choose…"), this);
    button->setAccessibleName(tr("Choose: %1").arg(name));
    button->setAutoDefault(false);
    row->addWidget(button);
    m_path->setAccessibleName(name);
    m_path->setMaxLength(kMaxPath);
    setFocusProxy(m_path);
    connect(m_path, &QLineEdit::textChanged, this, &PathEdit::changed);
    connect(button, &QPushButton::clicked, this, &PathEdit::browse);
}

QString PathEdit::path() const
{
    return m_path->text().trimmed();
}

void PathEdit::setPath(const QString &path)
{
    m_path->setText(path);
}

void PathEdit::browse()
{
    auto *dialog = new QFileDialog(this, m_name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &PathEdit::setPath);
    dialog->open();
}

} // namespace quiesce
