// SPDX-License-Identifier: GPL-3.0-only
// StateRefresh: see the header.
#include "console/client/link/staterefresh.h"

#include "console/client/http/answers.h"

#include <algorithm>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

bool isOfStop(LifecycleState state)
{
    return state == LifecycleState::Draining || state == LifecycleState::Stopping;
}

} // namespace

StateRefresh::StateRefresh(HttpAccess &access, const LinkTiming &timing, QObject *parent)
    : QObject(parent)
    , m_access(access)
    , m_limits{ .timeout = timing.answerTimeout, .maxBytes = kMaxBytes }
    , m_period(timing.refresh)
{
    m_due.setSingleShot(true);
    connect(&m_due, &QTimer::timeout, this, &StateRefresh::look);
}

void StateRefresh::rest()
{
    dropCall();
    m_due.stop();
    m_isStopping = false;
}

void StateRefresh::noteSnapshot(const Snapshot &snapshot)
{
    m_isStopping = snapshot.stop.has_value() || isOfStop(snapshot.stats.state);
    if (!m_call)
        goOn();
}

void StateRefresh::setLooksClosely(bool isClose)
{
    if (std::exchange(m_looksClosely, isClose) == isClose)
        return;
    if (m_isStopping && isClose)
        lookSoon();
}

/// With the next look, when one is wanted and none is due.
void StateRefresh::goOn()
{
    if (m_isStopping && m_looksClosely && !m_due.isActive())
        m_due.start(m_period);
}

void StateRefresh::noteState(const StateEvent &event)
{
    m_isOutdated = true;
    m_isStopping = isOfStop(event.to);
    if (event.to != LifecycleState::Stopped)
        lookSoon();
}

void StateRefresh::lookSoon()
{
    const milliseconds since(m_sinceLook.isValid() ? m_sinceLook.elapsed() : kLeastGap.count());
    if (since >= kLeastGap && !m_call)
        look();
    else
        m_due.start(std::max(kLeastGap - since, milliseconds(0)));
}

void StateRefresh::look()
{
    m_due.stop();
    if (m_call) {
        m_due.start(kLeastGap); // what it answers may be from before
        return;
    }
    if (!m_access.isReady())
        return;
    m_isOutdated = false;
    m_sinceLook.start();
    m_call = new RestCall(m_access, { .path = u"/admin/v1/state"_s }, m_limits, this);
    connect(m_call, &RestCall::finished, this, &StateRefresh::take);
}

void StateRefresh::take(const RestAnswer &answer)
{
    dropCall();
    const Result<Snapshot, FetchError> snapshot = snapshotOf(answer);
    if (snapshot && !m_isOutdated) {
        noteSnapshot(snapshot.value());
        Q_EMIT snapshotReceived(snapshot.value());
    } else {
        goOn();
    }
}

/// Not deleted at once: it may be what has called us.
void StateRefresh::dropCall()
{
    if (!m_call)
        return;
    m_call->disconnect(this);
    std::exchange(m_call, nullptr)->deleteLater();
}

} // namespace quiesce
