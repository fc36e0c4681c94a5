// SPDX-License-Identifier: GPL-3.0-only
// Who asked and why: see the header.
#include "console/model/instance/causetext.h"

#include "common/printable.h"

#include <QCoreApplication>

namespace quiesce {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::CauseText)
};

QString identityOf(qint64 pid, const std::optional<qint64> &uid)
{
    return uid ? Text::tr("pid %1, uid %2").arg(pid).arg(*uid) : Text::tr("pid %1").arg(pid);
}

/// Pid 0 is the kernel's "not visible from here"; pid 1 sends for others: neither tells who asked.
QString senderText(const StopCause &cause)
{
    const qint64 pid = cause.senderPid.value_or(0);
    const QString command = printable(cause.senderCommand);
    if (pid <= 0 || (pid == 1 && command.isEmpty()))
        return Text::tr("an unknown sender");
    if (pid == 1)
        return command;
    const QString identity = identityOf(pid, cause.senderUid);
    return command.isEmpty() ? identity
                             : Text::tr("%1 (%2)", "command (pid, uid)").arg(command, identity);
}

QString signalText(const StopCause &cause)
{
    const QString sender = senderText(cause);
    return cause.signal.isEmpty()
        ? Text::tr("a signal from %1").arg(sender)
        : Text::tr("%1 from %2", "signal from sender").arg(printable(cause.signal), sender);
}

/// With `who` at %1: "%1 (operator, from 10.0.0.7)".
QString callerText(const StopCause &cause, const QString &who)
{
    const QString role = printable(cause.role);
    const QString address = printable(cause.remoteAddress);
    if (!role.isEmpty() && !address.isEmpty())
        return Text::tr("%1 (%2, from %3)", "who (role, from address)").arg(who, role, address);
    if (!role.isEmpty())
        return Text::tr("%1 (%2)", "who (role)").arg(who, role);
    return address.isEmpty() ? who : Text::tr("%1 (from %2)").arg(who, address);
}

QString apiText(const StopCause &cause)
{
    return callerText(cause,
                      cause.actor.isEmpty()
                          ? Text::tr("the admin API")
                          : Text::tr("%1 through the admin API").arg(printable(cause.actor)));
}

} // namespace

QString askedByText(const StopCause &cause)
{
    switch (cause.kind) {
    case StopCause::Kind::Signal:
        return signalText(cause);
    case StopCause::Kind::Api:
        return apiText(cause);
    case StopCause::Kind::Internal:
        break;
    }
    return Text::tr("the service itself");
}

QString causeText(const StopCause &cause)
{
    const QString who = askedByText(cause);
    return cause.reason.isEmpty()
        ? who
        : Text::tr("%1: %2", "who: reason").arg(who, printable(cause.reason));
}

} // namespace quiesce
