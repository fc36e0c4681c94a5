// SPDX-License-Identifier: GPL-3.0-only
// Command: see the header.
#include "console/client/command.h"

namespace quiesce {

Command::Command(CommandRequest request, QObject *parent)
    : QObject(parent)
    , m_request(std::move(request))
{ }

void Command::finish(const CommandOutcome &outcome)
{
    if (std::exchange(m_isFinished, true))
        return;
    Q_EMIT finished(outcome);
    deleteLater();
}

} // namespace quiesce
