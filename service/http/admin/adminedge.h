// SPDX-License-Identifier: GPL-3.0-only
// AdminEdge: what the admin listener has beyond the traffic listener, towards strangers.
#pragma once

#include "service/http/admin/admissiongate.h"
#include "service/http/timeoutqueue.h"

#include <functional>
#include <memory>
#include <vector>

namespace quiesce {

/// The gate, the answers that are held back, and who makes room for whom.
///
/// Room: connections that have not shown a right token are strangers, the others are known. When
/// the listener is full, the stranger that has waited longest goes, and a known one only when there
/// is no stranger: the one not heard of for longest.
///
/// Thread:  event loop only. Owns: the gate and the queues; the links in them are the connections'.
/// Limits:  O(1) for each call but setCredentials(), which is O(connections).
class AdminEdge final
{
public:
    using Tell = std::function<void(void *owner)>;

    /// `holdIsOver` gets the owner of a link given to hold(), `tokensChanged` that of each place
    /// known until then, which is heardFrom() again inside it when its token is still right.
    AdminEdge(Clock &clock, const Tell &holdIsOver, Tell tokensChanged);

    [[nodiscard]] AdmissionGate &gate() { return m_gate; }
    [[nodiscard]] const AdmissionGate &gate() const { return m_gate; }
    /// New tokens: who was known by another has to show one of these before it is again.
    void setCredentials(const Credentials &credentials);

    void entered(TimeoutLink &place);
    /// A request was admitted with this access.
    void heardFrom(TimeoutLink &place, Access access);
    /// The owner of the place that goes first; null when nobody is there.
    [[nodiscard]] void *nextToGo() const;
    /// One was sent away to make room.
    void noteEviction() { ++m_evictions; }
    [[nodiscard]] quint64 evictions() const { return m_evictions; }

    void hold(TimeoutLink &timeout, std::chrono::milliseconds delay);

private:
    Clock &m_clock;
    Tell m_tokensChanged;
    AdmissionGate m_gate;
    TimeoutQueue m_strangers; ///< without a time-out: only the order
    TimeoutQueue m_known;
    std::vector<std::unique_ptr<TimeoutQueue>> m_holds; ///< one for each of kDelays
    quint64 m_evictions = 0;
};

} // namespace quiesce
