// SPDX-License-Identifier: GPL-3.0-only
// What can be in flight: the interface between InFlight and those whose work it counts.
#pragma once

#include "service/core/clock.h"

#include <QString>

namespace quiesce {

enum class WorkKind : unsigned char {
    Request, ///< from its first byte to the last byte of its answer
    Job,
    Task, ///< background work of the embedding program
    Connection, ///< kept alive and still in use, waited for at most stop.linger
    Listener, ///< the accept queue being served before it closes
};
inline constexpr int kWorkKinds = 5;

enum class WorkOutcome : unsigned char {
    Drained, ///< done completely
    Cancelled, ///< gave up because its stop token was triggered at the deadline
    Aborted, ///< cut off by us
    ClientLeft, ///< cut off by its client; `aborted` on the wire, but no fault of the stop
};

struct WorkDescription
{
    QString id;
    QString label; ///< "GET /work", a job's kind, a task's name
    QString peer; ///< address:port, where there is one
    QString traceId;
};

/// One piece of work, linked into InFlight while it lasts.
///
/// Thread: event loop. Owns: nothing; the deriving class must call InFlight::end() before it goes.
class WorkItem
{
public:
    explicit WorkItem(WorkKind kind)
        : m_kind(kind)
    { }
    virtual ~WorkItem();
    WorkItem(const WorkItem &) = delete;
    WorkItem &operator=(const WorkItem &) = delete;

    [[nodiscard]] virtual WorkDescription describe() const = 0;
    /// The deadline has come: trigger the stop token. May end() the item before it returns.
    virtual void requestCancel() { }
    /// Cancel grace is over, or the stop is forced: let go at once. Must end() the item.
    virtual void cut() = 0;

    [[nodiscard]] WorkKind kind() const { return m_kind; }
    [[nodiscard]] bool isInFlight() const { return m_isLinked; }
    [[nodiscard]] SteadyTime since() const { return m_since; }

private:
    friend class InFlight;
    WorkItem *m_previous = nullptr;
    WorkItem *m_next = nullptr;
    SteadyTime m_since;
    WorkKind m_kind;
    bool m_isLinked = false;
    bool m_wasThereAtStop = false;
};

} // namespace quiesce
