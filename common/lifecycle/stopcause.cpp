// SPDX-License-Identifier: GPL-3.0-only
// A stop's cause as JSON and in words for people.
#include "common/lifecycle/stopcause.h"

#include "common/printable.h"

#include <QJsonObject>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace quiesce {

namespace {

QString kindToWire(StopCause::Kind kind)
{
    switch (kind) {
    case StopCause::Kind::Signal:
        return u"signal"_s;
    case StopCause::Kind::Api:
        return u"api"_s;
    case StopCause::Kind::Internal:
        return u"internal"_s;
    }
    return {};
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonValue orNull(const std::optional<qint64> &number)
{
    return number ? QJsonValue(*number) : QJsonValue(QJsonValue::Null);
}

/// Pid 0 is the kernel's "not visible from here"; a negative one names nobody either.
std::optional<qint64> knownPid(const StopCause &cause)
{
    return cause.senderPid && *cause.senderPid > 0 ? cause.senderPid : std::nullopt;
}

QString describeSender(const StopCause &cause)
{
    const std::optional<qint64> pid = knownPid(cause);
    const QString command = printable(cause.senderCommand);
    if (!pid || (*pid == 1 && command.isEmpty()))
        return u"an unknown sender"_s;
    if (*pid == 1)
        return command;
    QString identity = u"pid %1"_s.arg(*pid);
    if (cause.senderUid)
        identity += u", uid %1"_s.arg(*cause.senderUid);
    return command.isEmpty() ? identity : u"%1 (%2)"_s.arg(command, identity);
}

QString describeCaller(const StopCause &cause)
{
    QStringList details;
    if (!cause.role.isEmpty())
        details << printable(cause.role);
    if (!cause.remoteAddress.isEmpty())
        details << u"from "_s + printable(cause.remoteAddress);
    QString text = cause.actor.isEmpty() ? u"the admin API"_s
                                         : printable(cause.actor) + u" through the admin API"_s;
    if (!details.isEmpty())
        text += u" (%1)"_s.arg(details.join(u", "_s));
    return text;
}

QString describeWho(const StopCause &cause)
{
    switch (cause.kind) {
    case StopCause::Kind::Signal:
        return u"%1 from %2"_s.arg(cause.signal.isEmpty() ? u"a signal"_s : cause.signal,
                                   describeSender(cause));
    case StopCause::Kind::Api:
        return describeCaller(cause);
    case StopCause::Kind::Internal:
        return u"the service itself"_s;
    }
    return {};
}

} // namespace

QJsonObject toJson(const StopCause &cause)
{
    return {
        { u"kind"_s, kindToWire(cause.kind) },
        { u"signal"_s, orNull(cause.signal) },
        { u"senderPid"_s, orNull(knownPid(cause)) },
        { u"senderUid"_s, orNull(cause.senderUid) },
        { u"senderCommand"_s, orNull(cause.senderCommand) },
        { u"remoteAddress"_s, orNull(cause.remoteAddress) },
        { u"actor"_s, orNull(cause.actor) },
        { u"role"_s, orNull(cause.role) },
        { u"reason"_s, orNull(cause.reason) },
    };
}

QString describe(const StopCause &cause)
{
    const QString who = describeWho(cause);
    return cause.reason.isEmpty() ? who : u"%1: %2"_s.arg(who, printable(cause.reason));
}

} // namespace quiesce
