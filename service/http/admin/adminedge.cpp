// SPDX-License-Identifier: GPL-3.0-only
// AdminEdge: see the header.
#include "service/http/admin/adminedge.h"

#include <algorithm>

namespace quiesce {

namespace {

constexpr std::chrono::milliseconds kNever{ 0 };

} // namespace

AdminEdge::AdminEdge(Clock &clock, const Tell &holdIsOver, Tell tokensChanged)
    : m_clock(clock)
    , m_tokensChanged(std::move(tokensChanged))
    , m_gate(clock)
    , m_strangers(clock, kNever, {})
    , m_known(clock, kNever, {})
{
    for (const std::chrono::milliseconds delay : FailureThrottle::kDelays)
        m_holds.push_back(std::make_unique<TimeoutQueue>(clock, delay, holdIsOver));
}

void AdminEdge::setCredentials(const Credentials &credentials)
{
    m_gate.setCredentials(credentials);
    std::vector<void *> owners;
    while (TimeoutLink *place = m_known.first()) {
        owners.push_back(place->owner());
        m_strangers.arm(*place, m_clock.now());
    }
    for (void *owner : owners) // in their order, which those who stay known keep
        m_tokensChanged(owner);
}

void AdminEdge::entered(TimeoutLink &place)
{
    m_strangers.arm(place, m_clock.now());
}

void AdminEdge::heardFrom(TimeoutLink &place, Access access)
{
    const bool isKnown = access != Access::None || place.isIn(m_known);
    (isKnown ? m_known : m_strangers).arm(place, m_clock.now());
}

void *AdminEdge::nextToGo() const
{
    const TimeoutLink *place = m_strangers.first() ? m_strangers.first() : m_known.first();
    return place ? place->owner() : nullptr;
}

void AdminEdge::hold(TimeoutLink &timeout, std::chrono::milliseconds delay)
{
    const auto &delays = FailureThrottle::kDelays;
    const auto found = std::lower_bound(delays.begin(), std::prev(delays.end()), delay);
    m_holds[static_cast<std::size_t>(found - delays.begin())]->arm(timeout, m_clock.now());
}

} // namespace quiesce
