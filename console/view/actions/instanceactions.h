// SPDX-License-Identifier: GPL-3.0-only
// InstanceActions: the menu entries and buttons that act on the selected instances.
#pragma once

#include "console/model/acting/operations.h"
#include "console/model/instance/instancewatch.h"
#include "console/view/actions/dialogs/commandform.h"

#include <QHash>
#include <QObject>
#include <QPointer>

class QAction;
class QMenu;
class QWidget;

namespace quiesce {

/// Each action is enabled as the policy says, follows the instances, and tells in its tool tip why
/// it is not. What it does it asks first, in a ConfirmDialog; what is confirmed goes to Operations.
///
/// Thread:  event loop. Owns: its actions and the menu. The window and the operations outlive it.
/// Emits:   reconnectRequested(), which is another's to do.
/// Limits:  follows its instances at most ten times a second.
class InstanceActions final : public QObject
{
    Q_OBJECT

public:
    /// What dialogs begin with.
    struct Defaults
    {
        QString actor;
        ReasonNeed reasonNeed = ReasonNeed::Optional;
        NameNeed nameNeed = NameNeed::InProduction;
        std::chrono::milliseconds extension = std::chrono::seconds(30); ///< of Extend
    };

    /// Shortcuts work in `window`, which the dialogs belong to.
    InstanceActions(Operations &operations, QWidget *window);

    void setDefaults(const Defaults &defaults) { m_defaults = defaults; }
    /// Those that may vanish do so by themselves.
    void setSelection(const QList<Instance *> &selection);
    [[nodiscard]] QList<Instance *> selection() const;

    /// Quiesce, Stop, Extend, Resume, Force; null for the cancels, which have a target.
    [[nodiscard]] QAction *action(Verb verb) const { return m_actions.value(verb); }
    [[nodiscard]] QAction *rollAction() const { return m_roll; }
    [[nodiscard]] QAction *reconnectAction() const { return m_reconnect; }
    /// "Copy as curl", a verb an entry.
    [[nodiscard]] QMenu *curlMenu() const { return m_curlMenu; }
    /// In the order of a menu: verbs, rolling stop, curl, reconnect, with separators.
    void fill(QMenu *menu) const;
    /// That would end with the window.
    [[nodiscard]] bool isRolling() const;

public Q_SLOTS:
    void askToCancelRequest(quiesce::Instance *instance, const QString &id);
    void askToCancelJob(quiesce::Instance *instance, const QString &id);

Q_SIGNALS:
    void reconnectRequested(const QList<quiesce::Instance *> &selection);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addVerb(Verb verb, const QKeySequence &shortcut);
    void addOthers();
    void refresh();
    void refreshVerb(Verb verb, const QList<Instance *> &selected);
    void refreshIcons();
    void explain(QAction *action, const QString &text) const;
    [[nodiscard]] CommandRequest requestFor(Verb verb) const;
    void ask(const CommandRequest &request, const QList<Instance *> &targets);
    void roll();
    void copyCurl(Verb verb) const;

    Operations &m_operations;
    QWidget *m_window;
    Defaults m_defaults;
    QList<QPointer<Instance>> m_selection;
    QHash<Verb, QAction *> m_actions;
    QHash<QAction *, QString> m_iconNames;
    QAction *m_roll;
    QAction *m_reconnect;
    QMenu *m_curlMenu;
    InstanceWatch m_watch;
};

} // namespace quiesce
