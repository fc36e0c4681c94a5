// SPDX-License-Identifier: GPL-3.0-only
// LinkMachine: what state a link is in after what has happened to it; no timers, no network.
#pragma once

#include "console/client/link/eventstream.h"
#include "console/client/linkstatus.h"

namespace quiesce {

/// How soon to try again.
enum class RetryPace : unsigned char {
    Backoff,
    Slow, ///< only somebody's doing can mend it: a token, another version
};

/// The rules of LinkState. What has been found out stays until something else is: attempts that
/// fail alike, and attempts under way, do not change the state, only `attempt` and `retryAt`.
///
/// live      ended after a report → Stopped, without → Connecting
/// an attempt that gets no answer leaves Stopped and Crashed as they are; else, when nobody listens
/// any more where it was live before and it has sent no report → Crashed; else → Unreachable.
/// An answer that is a no → NotAuthorised or Incompatible.
///
/// Thread: any one.
class LinkMachine final
{
public:
    [[nodiscard]] const LinkStatus &status() const { return m_status; }
    [[nodiscard]] bool isLive() const
    {
        return m_status.state == LinkState::Live || m_status.state == LinkState::Stale;
    }

    void rest(const QDateTime &now);
    void needToken(const QString &reason, const QDateTime &now);
    void beginAttempt(const QDateTime &now);
    void planRetry(const QDateTime &at) { m_status.retryAt = at; }

    void becomeLive(const QDateTime &now);
    void becomeStale(const QString &reason, const QDateTime &now);
    /// True when it was stale and is live again.
    bool hear(const QDateTime &now);
    /// The live stream has brought its report; none: an outcome that is not known here.
    void noteReport(std::optional<StopOutcome> outcome);

    /// `isProcessThere`: its process is known to run still, whatever its port says.
    RetryPace end(const StreamEnd &end, bool isProcessThere, const QDateTime &now);
    /// It answered, but not as the service does.
    RetryPace beIncompatible(const QString &reason, const QDateTime &now);
    RetryPace beUnauthorised(const QString &reason, const QDateTime &now);

private:
    [[nodiscard]] RetryPace endLive(const QString &reason, const QDateTime &now);
    [[nodiscard]] RetryPace endRejected(const StreamEnd &end, const QDateTime &now);
    [[nodiscard]] RetryPace endUnanswered(const StreamEnd &end, bool isProcessThere,
                                          const QDateTime &now);
    void enter(LinkState state, const QString &reason, const QDateTime &now);
    void fail(LinkState state, const QString &reason, const QDateTime &now);

    LinkStatus m_status;
    std::optional<StopOutcome> m_outcome; ///< of the report
    bool m_hasReport = false; ///< the live stream has brought one
    bool m_owesReport = false; ///< it was live, and no report has come since
};

} // namespace quiesce
