// SPDX-License-Identifier: GPL-3.0-only
// LastEvent: see the header.
#include "console/model/fleet/lastevent.h"

#include "console/model/words/wording.h"

#include <QCoreApplication>

namespace quiesce {

namespace {

/// Of text that comes from elsewhere; a table's cell shows no more.
constexpr qsizetype kMaxText = 200;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::LastEvent)
};

QString oneLine(const QString &text)
{
    return text.left(kMaxText).simplified();
}

QString askedBy(const std::optional<StopCause> &cause)
{
    if (!cause || cause->kind == StopCause::Kind::Internal)
        return {};
    return oneLine(cause->actor.isEmpty() ? describe(*cause) : cause->actor);
}

QString stoppedText(const Instance &instance)
{
    const QString what = conditionText(instance.condition());
    const std::optional<StopReport> &report = instance.lastReport();
    if (!report)
        return what;
    const std::chrono::milliseconds took(report->requestedAt.msecsTo(report->stoppedAt));
    return Text::tr("%1 after %2").arg(what, lengthText(took));
}

QString liveText(const Instance &instance)
{
    const QString what = conditionText(instance.condition());
    const QString who = instance.snapshot() ? askedBy(instance.snapshot()->stateCause) : QString();
    if (who.isEmpty())
        return what;
    return Text::tr("%1, asked for by %2").arg(what, who);
}

} // namespace

LastEvent lastEventOf(const Instance &instance)
{
    const LinkStatus &link = instance.link();
    if (link.state == LinkState::Live && instance.snapshot())
        return { .at = instance.snapshot()->stateSinceAt, .text = liveText(instance) };
    if (link.state == LinkState::Stopped)
        return { .at = link.since, .text = stoppedText(instance) };
    const QString what = conditionText(instance.condition());
    if (link.reason.isEmpty())
        return { .at = link.since, .text = what };
    return { .at = link.since, .text = Text::tr("%1: %2").arg(what, oneLine(link.reason)) };
}

LastEvent lastEventOf(const AuditEvent &event)
{
    const QString who = askedBy(event.cause);
    if (event.result == u"refused")
        return { .at = event.at,
                 .text = Text::tr("Refused: %1 for %2 (%3)").arg(event.action, who, event.code) };
    return { .at = event.at, .text = Text::tr("Accepted: %1 for %2").arg(event.action, who) };
}

LastEvent lastEventOf(const LogEvent &event)
{
    return { .at = event.at,
             .text = Text::tr("Log %1: %2").arg(event.level, oneLine(event.message)) };
}

} // namespace quiesce
