// SPDX-License-Identifier: GPL-3.0-only
// InstanceActions: see the header.
#include "console/view/actions/instanceactions.h"

#include "console/model/acting/curltext.h"
#include "console/view/actions/dialogs/confirmdialog.h"
#include "console/view/actions/dialogs/rollingstopdialog.h"
#include "console/view/actions/verblook.h"
#include "console/view/look/look.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QMenu>
#include <algorithm>
#include <array>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kVerbs{ Verb::Quiesce, Verb::Stop, Verb::Extend, Verb::Resume, Verb::Force };

} // namespace

InstanceActions::InstanceActions(Operations &operations, QWidget *window)
    : QObject(window)
    , m_operations(operations)
    , m_window(window)
    , m_roll(new QAction(tr("Ro&lling stop…"), this))
    , m_reconnect(new QAction(tr("Reco&nnect now"), this))
    , m_curlMenu(new QMenu(tr("Co&py as curl"), window))
{
    addVerb(Verb::Quiesce, Qt::CTRL | Qt::SHIFT | Qt::Key_Q);
    addVerb(Verb::Stop, Qt::CTRL | Qt::SHIFT | Qt::Key_S);
    addVerb(Verb::Extend, Qt::CTRL | Qt::SHIFT | Qt::Key_E);
    addVerb(Verb::Resume, Qt::CTRL | Qt::SHIFT | Qt::Key_R);
    addVerb(Verb::Force, Qt::CTRL | Qt::SHIFT | Qt::Key_F);
    addOthers();
    connect(&m_watch, &InstanceWatch::changed, this, &InstanceActions::refresh);
    connect(&m_watch, &InstanceWatch::gone, &m_watch, &InstanceWatch::tellLater);
    connect(&m_operations, &Operations::pendingChanged, &m_watch, &InstanceWatch::tellLater);
    window->installEventFilter(this);
    refreshIcons();
    refresh();
}

void InstanceActions::addVerb(Verb verb, const QKeySequence &shortcut)
{
    auto *action = new QAction(menuText(verb), this);
    action->setShortcut(shortcut);
    m_actions.insert(verb, action);
    m_iconNames.insert(action, iconNameOf(verb));
    m_window->addAction(action);
    connect(action, &QAction::triggered, this,
            [this, verb] { ask(requestFor(verb), selection()); });
    QAction *curl = m_curlMenu->addAction(buttonText(verb));
    m_iconNames.insert(curl, iconNameOf(verb));
    connect(curl, &QAction::triggered, this, [this, verb] { copyCurl(verb); });
}

void InstanceActions::addOthers()
{
    m_roll->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_L);
    m_iconNames.insert(m_roll, u"roll"_s);
    connect(m_roll, &QAction::triggered, this, &InstanceActions::roll);
    m_reconnect->setShortcut(Qt::CTRL | Qt::Key_R);
    m_iconNames.insert(m_reconnect, u"refresh"_s);
    connect(m_reconnect, &QAction::triggered, this,
            [this] { Q_EMIT reconnectRequested(selection()); });
    m_window->addActions({ m_roll, m_reconnect });
}

void InstanceActions::fill(QMenu *menu) const
{
    menu->setToolTipsVisible(true);
    for (const Verb verb : kVerbs)
        menu->addAction(action(verb));
    menu->addSeparator();
    menu->addAction(m_roll);
    menu->addSeparator();
    menu->addMenu(m_curlMenu);
    menu->addAction(m_reconnect);
}

void InstanceActions::setSelection(const QList<Instance *> &selection)
{
    m_watch.clear();
    m_selection.clear();
    for (Instance *instance : selection) {
        m_selection.append(instance);
        m_watch.watch(instance);
    }
    refresh();
}

QList<Instance *> InstanceActions::selection() const
{
    QList<Instance *> alive;
    for (const QPointer<Instance> &instance : m_selection) {
        if (instance)
            alive.append(instance);
    }
    return alive;
}

void InstanceActions::refresh()
{
    const QList<Instance *> selected = selection();
    for (const Verb verb : kVerbs)
        refreshVerb(verb, selected);
    m_curlMenu->setEnabled(!selected.isEmpty());
    m_reconnect->setEnabled(!selected.isEmpty());
    m_roll->setEnabled(action(Verb::Stop)->isEnabled());
    explain(m_roll,
            m_roll->isEnabled() ? tr("Stops the selected instances one after another.")
                                : action(Verb::Stop)->statusTip());
    explain(m_reconnect,
            selected.isEmpty() ? tr("No instance is selected.")
                               : tr("Connects anew instead of waiting."));
}

void InstanceActions::refreshVerb(Verb verb, const QList<Instance *> &selected)
{
    const auto division = ActionPolicy::divide(selected, [this, verb](const Instance &instance) {
        return m_operations.permission(instance, verb);
    });
    QString text = ActionPolicy::verbText(verb);
    if (selected.isEmpty())
        text = tr("No instance is selected.");
    else if (division.granted.isEmpty())
        text = division.refused.first().why;
    else if (!division.refused.isEmpty())
        text =
            tr("Goes to %1 of the %2 selected.").arg(division.granted.size()).arg(selected.size());
    action(verb)->setEnabled(!division.granted.isEmpty());
    explain(action(verb), text);
}

void InstanceActions::explain(QAction *action, const QString &text) const
{
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    action->setStatusTip(text);
    action->setToolTip(plainToolTip(tr("%1 (%2)").arg(text, keys)));
}

void InstanceActions::refreshIcons()
{
    for (auto it = m_iconNames.cbegin(); it != m_iconNames.cend(); ++it)
        it.key()->setIcon(icon(it.value(), m_window->palette()));
}

bool InstanceActions::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_window && event->type() == QEvent::PaletteChange)
        refreshIcons();
    return QObject::eventFilter(watched, event);
}

void InstanceActions::askToCancelRequest(Instance *instance, const QString &id)
{
    ask({ .verb = Verb::CancelRequest, .target = id, .actor = m_defaults.actor }, { instance });
}

void InstanceActions::askToCancelJob(Instance *instance, const QString &id)
{
    ask({ .verb = Verb::CancelJob, .target = id, .actor = m_defaults.actor }, { instance });
}

CommandRequest InstanceActions::requestFor(Verb verb) const
{
    CommandRequest request{ .verb = verb, .actor = m_defaults.actor };
    if (verb == Verb::Extend)
        request.by = m_defaults.extension;
    return request;
}

void InstanceActions::ask(const CommandRequest &request, const QList<Instance *> &targets)
{
    if (targets.isEmpty())
        return;
    const auto permissionOf = [operations = &m_operations,
                               verb = request.verb](const Instance &instance) {
        return operations->permission(instance, verb);
    };
    auto *dialog = new ConfirmDialog({ .request = request,
                                       .reasonNeed = m_defaults.reasonNeed,
                                       .nameNeed = m_defaults.nameNeed,
                                       .permissionOf = permissionOf },
                                     targets, m_window);
    connect(dialog, &ConfirmDialog::confirmed, this,
            [this](const QList<Instance *> &confirmed, const CommandRequest &asked) {
                for (Instance *instance : confirmed)
                    m_operations.send(*instance, asked);
            });
    dialog->open();
}

void InstanceActions::roll()
{
    if (selection().isEmpty())
        return;
    Operations *operations = &m_operations;
    auto *dialog = new RollingStopDialog(
        { .actor = m_defaults.actor,
          .reasonNeed = m_defaults.reasonNeed,
          .nameNeed = m_defaults.nameNeed,
          .permissionOf =
              [operations](const Instance &instance) {
                  return operations->permission(instance, Verb::Stop);
              },
          .send =
              [operations](Instance *instance, const CommandRequest &request) {
                  return operations->send(*instance, request);
              } },
        selection(), m_window);
    dialog->show();
}

bool InstanceActions::isRolling() const
{
    const QList<RollingStopDialog *> dialogs = m_window->findChildren<RollingStopDialog *>();
    return std::any_of(dialogs.begin(), dialogs.end(),
                       [](const RollingStopDialog *dialog) { return dialog->isRunning(); });
}

void InstanceActions::copyCurl(Verb verb) const
{
    const CommandRequest request = requestFor(verb);
    QStringList commands;
    for (const Instance *instance : selection())
        commands.append(curlText(instance->spec(), request));
    QGuiApplication::clipboard()->setText(commands.join(u'\n'));
}

} // namespace quiesce
