// SPDX-License-Identifier: GPL-3.0-only
// ConnectionDesk: see the header.
#include "console/connectiondesk.h"

#include "console/view/dialogs/connectiondialog.h"
#include "console/view/dialogs/tokendialog.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QUuid>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QFileDialog *makeFileDialog(QWidget *window, const QString &title, QFileDialog::AcceptMode mode)
{
    auto *dialog = new QFileDialog(window, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(mode);
    dialog->setFileMode(mode == QFileDialog::AcceptOpen ? QFileDialog::ExistingFile
                                                        : QFileDialog::AnyFile);
    dialog->setDefaultSuffix(u"json"_s);
    dialog->setNameFilter(ConnectionDesk::tr("Connections (*.json)"));
    return dialog;
}

} // namespace

ConnectionDesk::ConnectionDesk(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
{ }

void ConnectionDesk::add()
{
    auto *dialog = new ConnectionDialog(&m_parts.window);
    connect(dialog, &ConnectionDialog::saved, this, &ConnectionDesk::saveNew, Qt::DirectConnection);
    dialog->open();
}

void ConnectionDesk::edit(Instance *instance)
{
    const std::optional<InstanceSpec> bookmark = m_parts.fleet.bookmarkOf(*instance);
    InstanceSpec spec = bookmark.value_or(instance->spec());
    spec.isLocal = false;
    spec.pid = 0;
    auto *dialog = new ConnectionDialog(spec, &m_parts.window);
    connect(dialog, &ConnectionDialog::saved, this,
            bookmark ? &ConnectionDesk::saveChanged : &ConnectionDesk::saveNew,
            Qt::DirectConnection);
    dialog->open();
}

void ConnectionDesk::saveNew(const InstanceSpec &spec, const Secret &token)
{
    const Result<QString, QString> id = m_parts.bookmarks.add(spec);
    if (!id)
        return tell(tr("The connection is not saved"), id.error());
    if (!token.isEmpty())
        m_parts.fleet.giveToken(id.value(), Secret(token.view()));
}

void ConnectionDesk::saveChanged(const InstanceSpec &spec, const Secret &token)
{
    const Result<Done, QString> saved = m_parts.bookmarks.replace(spec);
    if (!saved)
        return tell(tr("The connection is not changed"), saved.error());
    if (!token.isEmpty())
        m_parts.fleet.giveToken(spec.id, Secret(token.view()));
}

void ConnectionDesk::remove(const QList<Instance *> &instances)
{
    QStringList ids;
    QStringList names;
    for (const Instance *instance : instances) {
        if (const auto bookmark = m_parts.fleet.bookmarkOf(*instance)) {
            ids.append(bookmark->id);
            names.append(instance->displayName());
        } else {
            m_parts.fleet.dismiss(instance->spec().id);
        }
    }
    if (ids.isEmpty())
        return;
    auto *box = new QMessageBox(
        QMessageBox::Question, tr("Remove connections"),
        tr("Remove %n connection(s)? The services are not touched.", nullptr, int(ids.size())),
        QMessageBox::Cancel, &m_parts.window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(names.join(u'\n'));
    const QPushButton *confirm = box->addButton(tr("&Remove"), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(confirm, &QPushButton::clicked, this, [this, ids] { removeNow(ids); });
    box->open();
}

void ConnectionDesk::removeNow(const QStringList &ids)
{
    for (const QString &id : ids) {
        const Result<Done, QString> removed = m_parts.bookmarks.remove(id);
        if (!removed)
            return tell(tr("The connection is not removed"), removed.error());
        m_parts.tokens.forget(id, this, [this](const VaultAnswer &answer) {
            // Where there is no keyring none was kept.
            if (answer.status != VaultStatus::Ok && answer.status != VaultStatus::NoBackend)
                tell(tr("The token is still in the keyring"), answer.text);
        });
    }
}

void ConnectionDesk::importConnections()
{
    QFileDialog *dialog =
        makeFileDialog(&m_parts.window, tr("Import connections"), QFileDialog::AcceptOpen);
    connect(dialog, &QFileDialog::fileSelected, this, &ConnectionDesk::takeImport);
    dialog->open();
}

void ConnectionDesk::takeImport(const QString &path)
{
    const Result<Bookmarks::ImportTally, QString> tally = m_parts.bookmarks.importFrom(path);
    if (!tally)
        return tell(tr("Nothing is imported"), tally.error());
    QString text = tr("%n connection(s) added. Their tokens are asked for.", nullptr,
                      int(tally.value().added));
    if (tally.value().known > 0)
        text += u'\n' + tr("%n left out: known already.", nullptr, int(tally.value().known));
    if (!tally.value().faults.isEmpty())
        text += u'\n' + tally.value().faults.join(u'\n');
    tell(tr("Connections imported"), text);
}

void ConnectionDesk::exportConnections()
{
    QFileDialog *dialog = makeFileDialog(&m_parts.window, tr("Export connections, without tokens"),
                                         QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, &ConnectionDesk::takeExport);
    dialog->open();
}

void ConnectionDesk::takeExport(const QString &path)
{
    const Result<Done, QString> exported = m_parts.bookmarks.exportTo(path);
    if (!exported)
        tell(tr("Nothing is exported"), exported.error());
}

void ConnectionDesk::askForToken(Instance *instance, const QString &why)
{
    const bool isQueued =
        std::any_of(m_questions.cbegin(), m_questions.cend(),
                    [instance](const Question &q) { return q.instance == instance; });
    if (isQueued)
        return;
    m_questions.append({ instance, why });
    askNext();
}

void ConnectionDesk::askNext()
{
    while (!m_isAsking && !m_questions.isEmpty()) {
        const Question question = m_questions.constFirst();
        if (question.instance) {
            ask(question);
            return;
        }
        m_questions.removeFirst();
    }
}

void ConnectionDesk::ask(const Question &question)
{
    m_isAsking = true;
    const QString id = question.instance->spec().id;
    auto *dialog = new TokenDialog(question.instance->displayName(), question.why, &m_parts.window);
    connect(
        dialog, &TokenDialog::tokenGiven, this,
        [this, id](const Secret &token) { m_parts.fleet.giveToken(id, Secret(token.view())); },
        Qt::DirectConnection);
    connect(dialog, &QDialog::finished, this, [this] {
        m_isAsking = false;
        m_questions.removeFirst();
        askNext();
    });
    dialog->open();
}

void ConnectionDesk::reconnect(const QList<Instance *> &instances)
{
    for (Instance *instance : instances) {
        const LinkState state = instance->link().state;
        const bool isRefused = state == LinkState::NeedsToken || state == LinkState::NotAuthorised;
        if (isRefused && instance->spec().tokenSource != TokenSource::File)
            askForToken(instance, instance->link().reason);
        else if (InstanceClient *client = instance->client())
            client->reconnectNow();
    }
}

void ConnectionDesk::tell(const QString &title, const QString &text)
{
    auto *box =
        new QMessageBox(QMessageBox::Information, title, title, QMessageBox::Ok, &m_parts.window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(text);
    box->open();
}

} // namespace quiesce
