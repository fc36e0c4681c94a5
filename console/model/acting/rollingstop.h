// SPDX-License-Identifier: GPL-3.0-only
// RollingStop: stops several instances one after the other, and no more once something goes wrong.
#pragma once

#include "console/model/instance/instance.h"

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <functional>

namespace quiesce {

/// For each in turn: asks for the stop, waits for its end, then until another process serves at
/// that address (or just for a while), and only then the next. A refusal, an end that is not clean,
/// a crash, a lost connection or a time-out ends it: what is left is skipped.
///
/// Thread:  event loop. Owns: nothing but its list; an Instance may go, which is a failure.
/// Emits:   rowChanged() for each change; finished() exactly once, never within start() or abort().
/// Limits:  each wait has an end, see Plan.
class RollingStop final : public QObject
{
    Q_OBJECT

public:
    enum class Pace : unsigned char {
        Successor, ///< go on when another process serves there; none within `wait` is a failure
        Pause, ///< go on after `wait`
    };

    struct Plan
    {
        QList<Instance *> instances = {};
        CommandRequest request = {}; ///< of Verb::Stop: reason, actor, grace …
        Pace pace = Pace::Successor;
        std::chrono::milliseconds wait = std::chrono::minutes(2);
        /// For one to stop; to be longer than its lame duck, grace and extensions together.
        std::chrono::milliseconds stopTimeout = std::chrono::minutes(30);
    };

    enum class RowState : unsigned char {
        Waiting,
        Stopping,
        AwaitingSuccessor, ///< or pausing
        Done,
        Failed,
        Left, ///< aborted in the middle: it goes on as it is
        Skipped,
    };

    struct Row
    {
        QPointer<Instance> instance;
        QString name; ///< also when the instance has gone
        RowState state = RowState::Waiting;
        QString reason; ///< for people; of Failed, Left and Skipped
    };

    enum class Outcome : unsigned char { Done, Failed, Aborted };

    /// The command for one instance; none when it cannot be sent.
    using Send = std::function<Command *(Instance *, const CommandRequest &)>;

    RollingStop(const Plan &plan, Send send, QObject *parent = nullptr);

    void start(); ///< once
    /// Stops nothing that is under way: that is left to its instance.
    void abort();

    [[nodiscard]] const QList<Row> &rows() const { return m_rows; }
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    [[nodiscard]] const Plan &plan() const { return m_plan; }

Q_SIGNALS:
    void rowChanged(qsizetype row);
    void finished(quiesce::RollingStop::Outcome outcome);

private:
    void next();
    void begin(Instance *instance);
    void watch(Instance *instance);
    void takeCommandOutcome(const CommandOutcome &outcome);
    void look();
    void lookForItsEnd(const Instance &instance);
    void lookForItsSuccessor(const Instance &instance);
    void takeStopOutcome(StopOutcome outcome);
    void takeTimeout();
    void rowDone();
    void rowFailed(const QString &reason);
    void setRow(qsizetype row, RowState state, const QString &reason = {});
    void finish(Outcome outcome, const QString &whySkipped);

    Plan m_plan;
    Send m_send;
    QList<Row> m_rows;
    qsizetype m_current = -1;
    QString m_instanceId; ///< of the process that is being stopped
    QTimer m_timer;
    QObject *m_watched = nullptr; ///< what the connections to the current instance hang on
    bool m_isRunning = false;
};

[[nodiscard]] QString rowStateText(RollingStop::RowState state);

} // namespace quiesce
