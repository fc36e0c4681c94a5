// SPDX-License-Identifier: GPL-3.0-only
// Operation: one change asked of one instance from this console, and how far it has come.
#pragma once

#include "console/model/instance/instance.h"

#include <QCoreApplication>
#include <QPointer>

namespace quiesce {

/// From the click to what the service did: first its answer, then what is seen of it.
struct Operation
{
    enum class Stage { // with a type, lupdate of Qt 6.8 loses its way
        Asked, ///< no answer yet
        Followed, ///< accepted; what it leads to is watched
        Finished,
    };

    qint64 id = 0;
    QPointer<Instance> instance; ///< null: no longer known here
    QString instanceName;
    QString instanceId; ///< of the process that was asked; another one answers for itself
    CommandRequest request;
    QDateTime askedAt; ///< UTC
    QDateTime changedAt; ///< UTC
    Stage stage = Stage::Asked;
    Tone tone = Tone::Busy;
    bool hasBegun = false; ///< what was asked for has been seen to begin
    QString status; ///< "Draining: 3 requests in flight …"
};

/// Moves an operation on, by the answer and by what its instance is. Pure: nothing is sent.
///
/// Order: start(), then takeOutcome() once; follow() whenever the instance has changed, also before
/// the answer, which may come later than the events it causes.
class OperationCourse final
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::OperationCourse)

public:
    static void start(Operation &operation);
    static void takeOutcome(Operation &operation, const CommandOutcome &outcome);
    /// True when something has changed.
    static bool follow(Operation &operation);
    /// The instance is no longer known here.
    static void lose(Operation &operation);
    /// "api-1, drain and stop: stopped cleanly."
    [[nodiscard]] static QString line(const Operation &operation);
    /// Of a stop under way: "Draining, 12 s left: 3 requests in flight and 1 job running."
    [[nodiscard]] static QString drainText(const Instance &instance);

private:
    static void finish(Operation &operation, Tone tone, const QString &status);
    static void accept(Operation &operation, const CommandOutcome &outcome);
    static void see(Operation &operation, const Instance &instance);
    static void seeRotation(Operation &operation, const Instance &instance, Condition wanted,
                            Condition overtaken);
    static void seeStop(Operation &operation, const Instance &instance);
    static void seeProgress(Operation &operation, const Instance &instance);
    static QString endText(const Instance &instance);
    static QString extendedText(const CommandOutcome &outcome);
};

/// Why the service said no, and what can be done about it.
[[nodiscard]] QString refusalText(const CommandRequest &request, const CommandOutcome &outcome);

} // namespace quiesce
