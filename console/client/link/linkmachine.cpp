// SPDX-License-Identifier: GPL-3.0-only
// LinkMachine: see the header.
#include "console/client/link/linkmachine.h"

#include <utility>

namespace quiesce {

namespace {

enum class Rejection : unsigned char { Token, Version, Passing };

Rejection rejectionOf(int status)
{
    switch (status) {
    case 401:
    case 403:
        return Rejection::Token;
    case 408: // Request Timeout
    case 429: // Too Many Requests
        return Rejection::Passing;
    default:
        return status >= 500 ? Rejection::Passing : Rejection::Version;
    }
}

} // namespace

void LinkMachine::enter(LinkState state, const QString &reason, const QDateTime &now)
{
    if (std::exchange(m_status.state, state) != state)
        m_status.since = now;
    m_status.reason = reason;
    m_status.retryAt = {};
    if (state != LinkState::Stopped)
        m_status.outcome.reset();
}

void LinkMachine::fail(LinkState state, const QString &reason, const QDateTime &now)
{
    enter(state, reason, now);
    ++m_status.attempt;
}

void LinkMachine::rest(const QDateTime &now)
{
    enter(LinkState::Idle, {}, now);
    m_status.attempt = 0;
    m_hasReport = false;
    m_owesReport = false;
}

void LinkMachine::needToken(const QString &reason, const QDateTime &now)
{
    enter(LinkState::NeedsToken, reason, now);
}

void LinkMachine::beginAttempt(const QDateTime &now)
{
    m_status.retryAt = {};
    const bool isNew = m_status.state == LinkState::Idle || m_status.state == LinkState::NeedsToken;
    if (isNew || isLive())
        enter(LinkState::Connecting, {}, now);
}

void LinkMachine::becomeLive(const QDateTime &now)
{
    enter(LinkState::Live, {}, now);
    m_status.attempt = 0;
    m_hasReport = false;
    m_owesReport = true;
}

void LinkMachine::noteReport(std::optional<StopOutcome> outcome)
{
    m_hasReport = true;
    m_outcome = outcome;
    m_owesReport = false;
}

void LinkMachine::becomeStale(const QString &reason, const QDateTime &now)
{
    if (m_status.state == LinkState::Live)
        enter(LinkState::Stale, reason, now);
}

bool LinkMachine::hear(const QDateTime &now)
{
    m_status.lastSeenAt = now;
    if (m_status.state != LinkState::Stale)
        return false;
    enter(LinkState::Live, {}, now);
    return true;
}

RetryPace LinkMachine::end(const StreamEnd &end, bool isProcessThere, const QDateTime &now)
{
    if (isLive())
        return endLive(end.reason, now);
    switch (end.why) {
    case StreamEnd::Why::Rejected:
        return endRejected(end, now);
    case StreamEnd::Why::NoStream:
    case StreamEnd::Why::Faulty:
        return beIncompatible(end.reason, now);
    case StreamEnd::Why::Closed:
    case StreamEnd::Why::Refused:
    case StreamEnd::Why::NoAnswer:
    case StreamEnd::Why::Silent:
        return endUnanswered(end, isProcessThere, now);
    }
    Q_UNREACHABLE();
}

RetryPace LinkMachine::endLive(const QString &reason, const QDateTime &now)
{
    if (m_hasReport) {
        enter(LinkState::Stopped, {}, now);
        m_status.outcome = m_outcome;
    } else {
        enter(LinkState::Connecting, reason, now);
    }
    return RetryPace::Backoff;
}

RetryPace LinkMachine::endRejected(const StreamEnd &end, const QDateTime &now)
{
    switch (rejectionOf(end.status)) {
    case Rejection::Token:
        return beUnauthorised(end.reason, now);
    case Rejection::Version:
        return beIncompatible(end.reason, now);
    case Rejection::Passing:
        return endUnanswered(end, true, now);
    }
    Q_UNREACHABLE();
}

RetryPace LinkMachine::endUnanswered(const StreamEnd &end, bool isProcessThere,
                                     const QDateTime &now)
{
    if (m_status.state == LinkState::Stopped || m_status.state == LinkState::Crashed) {
        m_status.retryAt = {};
        ++m_status.attempt;
        return RetryPace::Backoff;
    }
    const bool hasGone = end.why == StreamEnd::Why::Refused && m_owesReport && !isProcessThere;
    fail(hasGone ? LinkState::Crashed : LinkState::Unreachable, end.reason, now);
    return RetryPace::Backoff;
}

RetryPace LinkMachine::beIncompatible(const QString &reason, const QDateTime &now)
{
    fail(LinkState::Incompatible, reason, now);
    return RetryPace::Slow;
}

RetryPace LinkMachine::beUnauthorised(const QString &reason, const QDateTime &now)
{
    fail(LinkState::NotAuthorised, reason, now);
    return RetryPace::Slow;
}

} // namespace quiesce
