// SPDX-License-Identifier: GPL-3.0-only
// Operations: sends changes to instances, once each, and tells what becomes of them.
#pragma once

#include "console/model/acting/actionpolicy.h"
#include "console/model/acting/operationlog.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>
#include <functional>

namespace quiesce {

/// Thread:  event loop. Owns: its log; commands are their clients'.
/// Emits:   for each operation started(), changed() as often as its line changes, finished() once
///          at the end of it, unless it leaves the log first. pendingChanged() when a command of
///          the lifecycle is asked or answered.
/// Limits:  one command of the lifecycle an instance at a time, and one cancel a target; asked
/// again
///          meanwhile nothing is sent. OperationLog::kKept are followed. What follows from stats is
///          told at most ten times a second.
class Operations final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kGather{ 100 };

    using Send = std::function<Command *(Instance &, const CommandRequest &)>;

    /// `send`: by default the instance's own client; it may return null, which has failed.
    explicit Operations(QObject *parent = nullptr);
    explicit Operations(Send send, QObject *parent = nullptr);

    /// Null when it is not permitted; permission() says why.
    Command *send(Instance &instance, const CommandRequest &request);
    [[nodiscard]] Permission permission(const Instance &instance, Verb verb) const;
    /// The command of the lifecycle that has been asked and not been answered.
    [[nodiscard]] std::optional<Verb> pending(const Instance &instance) const;

    [[nodiscard]] OperationLog &log() { return m_log; }
    [[nodiscard]] const OperationLog &log() const { return m_log; }

Q_SIGNALS:
    void started(qint64 id);
    void changed(qint64 id);
    void finished(qint64 id);
    void pendingChanged(quiesce::Instance *instance);

private:
    struct Pending
    {
        Verb verb;
        QString target;
    };

    qint64 begin(Instance &instance, const CommandRequest &request);
    [[nodiscard]] bool isPending(const Instance &instance, const CommandRequest &request) const;
    void takeOutcome(qint64 id, const QPointer<Instance> &instance, const CommandRequest &request,
                     const CommandOutcome &outcome);
    void endPending(Instance *instance, const CommandRequest &request);
    void watch(Instance &instance, qint64 id);
    void follow(Instance *instance);
    void followGathered();
    void release(Instance *instance);
    void forget(Instance *instance);
    template <typename Change>
    void update(qint64 id, const Change &change);

    Send m_send;
    OperationLog m_log;
    qint64 m_lastId = 0;
    QHash<const Instance *, QList<Pending>> m_pending;
    QHash<Instance *, QList<qint64>> m_followed;
    QSet<Instance *> m_dirty;
    QTimer m_gather;
};

} // namespace quiesce
