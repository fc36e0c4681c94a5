// SPDX-License-Identifier: GPL-3.0-only
// ConnectionDesk: the dialogs about connections and tokens, and what comes of them.
#pragma once

#include "console/client/discovery/bookmarks.h"
#include "console/client/tokens/tokenkeeper.h"
#include "console/model/fleet/fleet.h"

#include <QObject>
#include <QPointer>
#include <QWidget>

namespace quiesce {

/// Adds, changes, removes, imports and exports connections, and asks for tokens, one at a time.
///
/// Thread:  event loop. Owns: the dialogs it opens, as children of the window. The window, the
///          bookmarks, the tokens and the fleet outlive it.
/// Limits:  as many questions wait as there are instances; each once.
class ConnectionDesk final : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        Bookmarks &bookmarks;
        TokenKeeper &tokens;
        Fleet &fleet;
        QWidget &window;
    };

    explicit ConnectionDesk(const Parts &parts, QObject *parent = nullptr);

public Q_SLOTS:
    void add();
    /// One that is no bookmark yet becomes one.
    void edit(quiesce::Instance *instance);
    void remove(const QList<quiesce::Instance *> &instances);
    void importConnections();
    void exportConnections();
    /// `why`: what was wrong with the last one; empty when it is just asked for.
    void askForToken(quiesce::Instance *instance, const QString &why);
    /// At once; asks for a token first where one is missing or wrong.
    void reconnect(const QList<quiesce::Instance *> &instances);

private:
    struct Question
    {
        QPointer<Instance> instance;
        QString why;
    };

    void saveNew(const InstanceSpec &spec, const Secret &token);
    void saveChanged(const InstanceSpec &spec, const Secret &token);
    void removeNow(const QStringList &ids);
    void askNext();
    void ask(const Question &question);
    void takeImport(const QString &path);
    void takeExport(const QString &path);
    void tell(const QString &title, const QString &text);

    Parts m_parts;
    QList<Question> m_questions;
    bool m_isAsking = false;
};

} // namespace quiesce
