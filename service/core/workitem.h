// SPDX-License-Identifier: GPL-3.0-only
// What can be in flight: the interface between InFlight and those whose work it counts.
#pragma once

#include "service/core/clock.h"

#include <QLatin1StringView>
#include <QString>
#include <optional>

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
    Drained, ///< done completely; of a job also: safely queued again
    Cancelled, ///< gave up because its stop token was triggered at the deadline
    Aborted, ///< cut off by us
    ClientLeft, ///< cut off by its client; `aborted` on the wire, but no fault of the stop
};

/// The wire's `kind`: `request`, `job`, `task`, `connection`, `listener`.
[[nodiscard]] QLatin1StringView toWire(WorkKind kind);
/// The wire's `outcome`: `drained`, `cancelled`, `aborted`.
[[nodiscard]] QLatin1StringView toWire(WorkOutcome outcome);

struct WorkDescription
{
    QString id;
    QString label; ///< "GET /work", a job's kind, a task's name
    QString peer; ///< address:port, where there is one
    QString traceId;
    QString method; ///< of a request
    QString route; ///< of a request: the pattern that matched, empty when none has yet
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
    /// How much longer it will take, as far as anybody can know; none: unknown.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds>
    expectedLeft(std::chrono::milliseconds /*age*/) const
    {
        return std::nullopt;
    }
    /// The deadline has come: trigger the stop token. May end() this item and others before it
    /// returns, also delete them; what it begins is not told any more.
    virtual void requestCancel() { }
    /// Cancel grace is over, or the stop is forced (then without a requestCancel() before it):
    /// trigger the stop token and let go at once. Must end() the item; may delete it.
    virtual void cut() = 0;

    [[nodiscard]] WorkKind kind() const { return m_kind; }
    [[nodiscard]] bool isInFlight() const { return m_isLinked; }
    [[nodiscard]] SteadyTime since() const { return m_since; }

private:
    friend class InFlight;
    WorkItem *m_previous = nullptr;
    WorkItem *m_next = nullptr;
    SteadyTime m_since;
    quint64 m_sequence = 0; ///< counts up with each begin(): the list is sorted by it
    WorkKind m_kind;
    bool m_isLinked = false;
};

} // namespace quiesce
