// SPDX-License-Identifier: GPL-3.0-only
// What to tell about a connection: see the header.
#include "console/model/instance/linktext.h"

#include "common/printable.h"

#include <QCoreApplication>
#include <algorithm>

namespace quiesce {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::LinkText)
};

QString meaningOf(LinkState state)
{
    switch (state) {
    case LinkState::Idle:
        return Text::tr("Not connected.");
    case LinkState::Connecting:
        return Text::tr("Connecting …");
    case LinkState::Live:
    case LinkState::Stopped: // the report says all
        return {};
    case LinkState::Stale:
        return Text::tr("Connected, but silent: what is shown may be old.");
    case LinkState::Unreachable:
        return Text::tr("Does not answer. It may still be running: what is shown is old.");
    case LinkState::NotAuthorised:
        return Text::tr("The service refuses the token: it is missing, wrong or has changed.");
    case LinkState::NeedsToken:
        return Text::tr("A token is needed before anything can be asked.");
    case LinkState::Incompatible:
        return Text::tr("It answers, but not as any version that this console knows.");
    case LinkState::Crashed:
        return Text::tr("Gone without a report: the process has crashed or was killed.");
    }
    return {};
}

} // namespace

QString linkExplanation(const LinkStatus &link)
{
    const QString meaning = meaningOf(link.state);
    if (meaning.isEmpty() || link.reason.isEmpty())
        return meaning;
    return Text::tr("%1 (%2)", "what is the matter (reason)").arg(meaning, printable(link.reason));
}

QString retryText(const LinkStatus &link, const QDateTime &now)
{
    if (!link.retryAt.isValid())
        return {};
    // Rounded up: it is never "in 0 s" while it waits.
    const qint64 seconds = std::max<qint64>((now.msecsTo(link.retryAt) + 999) / 1'000, 0);
    if (seconds == 0)
        return Text::tr("Trying again …");
    return Text::tr("Next attempt in %1 s (failed so far: %2)").arg(seconds).arg(link.attempt);
}

bool canReconnect(const LinkStatus &link)
{
    return link.state != LinkState::Live && link.state != LinkState::Connecting;
}

bool isOld(const LinkStatus &link)
{
    return link.state != LinkState::Live && link.state != LinkState::Stopped;
}

} // namespace quiesce
