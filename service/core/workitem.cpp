// SPDX-License-Identifier: GPL-3.0-only
// The wire names of work kinds and outcomes.
#include "service/core/workitem.h"

namespace quiesce {

WorkItem::~WorkItem()
{
    Q_ASSERT_X(!m_isLinked, "WorkItem", "InFlight::end() comes before destruction");
}

QLatin1StringView toWire(WorkKind kind)
{
    switch (kind) {
    case WorkKind::Request:
        return QLatin1StringView("request");
    case WorkKind::Job:
        return QLatin1StringView("job");
    case WorkKind::Task:
        return QLatin1StringView("task");
    case WorkKind::Connection:
        return QLatin1StringView("connection");
    case WorkKind::Listener:
        return QLatin1StringView("listener");
    }
    return QLatin1StringView("");
}

QLatin1StringView toWire(WorkOutcome outcome)
{
    switch (outcome) {
    case WorkOutcome::Drained:
        return QLatin1StringView("drained");
    case WorkOutcome::Cancelled:
        return QLatin1StringView("cancelled");
    case WorkOutcome::Aborted:
    case WorkOutcome::ClientLeft:
        return QLatin1StringView("aborted");
    }
    return QLatin1StringView("");
}

} // namespace quiesce
