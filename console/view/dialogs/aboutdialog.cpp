// SPDX-License-Identifier: GPL-3.0-only
// AboutDialog: see the header.
#include "console/view/dialogs/aboutdialog.h"

#include "console/view/look/look.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QLabel>
#include <QVBoxLayout>

namespace quiesce {

AboutDialog::AboutDialog(QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("About Quiesce"));
    const int size = fontMetrics().height() * 4;
    auto *mark = new QLabel(this);
    mark->setPixmap(applicationIcon().pixmap(QSize(size, size), devicePixelRatio()));
    auto *words = new QLabel(this);
    words->setTextFormat(Qt::PlainText);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    const QStringList lines{
        tr("Quiesce console %1").arg(QCoreApplication::applicationVersion()),
        tr("Qt %1, QCustomPlot, QtKeychain").arg(QString::fromLatin1(qVersion())),
        tr("Free software under the GNU General Public License, version 3; without any warranty."),
        tr("Quitting the console never touches a service: each runs on, and a stop that has begun "
           "goes on."),
    };
    words->setText(lines.join(QStringLiteral("\n\n")));
    words->setWordWrap(true);
    words->setMinimumWidth(fontMetrics().averageCharWidth() * 50);
    auto *row = new QHBoxLayout;
    row->addWidget(mark, 0, Qt::AlignTop);
    row->addWidget(words, 1);
    row->setSpacing(fontMetrics().height());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto *column = new QVBoxLayout(this);
    column->addLayout(row);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

} // namespace quiesce
