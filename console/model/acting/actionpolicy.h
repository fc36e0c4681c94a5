// SPDX-License-Identifier: GPL-3.0-only
// ActionPolicy: which change may be asked of an instance, and why not.
#pragma once

#include "console/model/instance/instance.h"

#include <QCoreApplication>
#include <functional>

namespace quiesce {

/// What decides whether a change makes sense; taken from an Instance, or made up by a test.
struct Standing
{
    Condition condition = Condition::Connecting;
    Condition lastKnown = Condition::Starting; ///< by its lifecycle alone; counts while stale
    bool hasStop = false;
    bool isPastDeadline = false; ///< of the stop under way: what is left is being cancelled
    bool isReadOnly = false; ///< in this console
    Role role = Role::Unknown;
    QString linkReason; ///< why it is not connected, as LinkStatus says
    std::optional<Verb> pending; ///< of the lifecycle, asked and not yet answered

    [[nodiscard]] static Standing of(const Instance &instance, std::optional<Verb> pending = {});
};

/// Yes, or why not, for people.
struct Permission
{
    QString refusal;

    [[nodiscard]] bool isGranted() const { return refusal.isEmpty(); }
};

/// The rules. They spare the operator what the service would refuse for certain; where it is not
/// certain the service is asked, and its answer is shown.
///
/// A stale instance is judged by what was last heard of it: one that hangs is one to force.
class ActionPolicy final
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::ActionPolicy)

public:
    using PermissionOf = std::function<Permission(const Instance &)>;

    /// What a verb does to a selection.
    struct Division
    {
        struct Refused
        {
            Instance *instance;
            QString why;
        };
        QList<Instance *> granted;
        QList<Refused> refused;
    };

    [[nodiscard]] static Permission judge(const Standing &standing, Verb verb);
    /// In the order given.
    [[nodiscard]] static Division divide(const QList<Instance *> &selection,
                                         const PermissionOf &permissionOf);
    /// Of Quiesce to Force one is under way at a time; cancelling goes beside them.
    [[nodiscard]] static bool isOfLifecycle(Verb verb);
    /// What takes something away: production asks for the name to be typed, and a reason may be
    /// required. Resume and Extend save work, often against the clock, and ask for neither.
    [[nodiscard]] static bool isGrave(Verb verb);
    /// "Drain and stop", "Cancel the request" …
    [[nodiscard]] static QString verbText(Verb verb);

private:
    static QString refusalOf(const Standing &standing, Verb verb);
    static QString refusalOfLink(const Standing &standing);
    static QString refusalOfState(const Standing &standing, Verb verb);
    static QString refusalOfStop(const Standing &standing);
    static QString refusalOfExtend(const Standing &standing);
    static QString refusalOfQuiesce(const Standing &standing);
    static QString refusalOfResume(const Standing &standing);
    static QString pastNoReturn(Condition condition);
};

} // namespace quiesce
