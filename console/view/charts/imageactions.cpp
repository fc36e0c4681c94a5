// SPDX-License-Identifier: GPL-3.0-only
// Copying and saving a widget's picture.
#include "console/view/charts/imageactions.h"

#include <QAction>
#include <QClipboard>
#include <QCoreApplication>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPixmap>
#include <QSaveFile>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct ImageActions
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::ImageActions)
};

QString fileNameOf(const QString &name)
{
    QString file;
    for (const QChar c : name)
        file += c.isLetterOrNumber() ? c.toLower() : u'-';
    return file + u".png"_s;
}

void save(QWidget &widget, const QPixmap &picture, const QString &path)
{
    QSaveFile file(path);
    const bool isSaved =
        file.open(QIODevice::WriteOnly) && picture.save(&file, "PNG") && file.commit();
    if (isSaved)
        return;
    auto *box = new QMessageBox(
        QMessageBox::Warning, ImageActions::tr("Save image"),
        ImageActions::tr("The image could not be saved as %1: %2").arg(path, file.errorString()),
        QMessageBox::Ok, &widget);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void askWhereToSave(QWidget &widget, const QString &name)
{
    const QPixmap picture = widget.grab(); // as it was when asked for
    auto *dialog = new QFileDialog(&widget, ImageActions::tr("Save image"), fileNameOf(name),
                                   ImageActions::tr("PNG images (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"png"_s);
    QObject::connect(dialog, &QFileDialog::fileSelected, &widget,
                     [&widget, picture](const QString &path) { save(widget, picture, path); });
    dialog->open();
}

} // namespace

void addImageActions(QWidget &widget, const QString &name)
{
    auto *copy = new QAction(ImageActions::tr("&Copy image"), &widget);
    QObject::connect(copy, &QAction::triggered, &widget,
                     [&widget] { QGuiApplication::clipboard()->setPixmap(widget.grab()); });
    auto *saveAs = new QAction(ImageActions::tr("&Save image…"), &widget);
    QObject::connect(saveAs, &QAction::triggered, &widget,
                     [&widget, name] { askWhereToSave(widget, name); });
    widget.addActions({ copy, saveAs });
    widget.setContextMenuPolicy(Qt::ActionsContextMenu);
}

} // namespace quiesce
