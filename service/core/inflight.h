// SPDX-License-Identifier: GPL-3.0-only
// InFlight: counts what has been accepted and is not yet done; empty means the service may leave.
#pragma once

#include "common/lifecycle/stopreport.h"
#include "service/core/workitem.h"

#include <QFuture>
#include <QList>
#include <QObject>
#include <array>

namespace quiesce {

/// One row of the contract's `waitingOn`.
struct WaitingOn
{
    WorkKind kind;
    WorkDescription what;
    std::chrono::milliseconds age{ 0 };
};

/// Counts what has been accepted and not yet completely done: our WaitGroup, and more, since it
/// also knows who is being waited for and can tell them to give up.
///
/// Thread:  event loop only, but for the future given to track(), which may finish on any thread.
/// Owns:    the items made by track(); all others belong to whoever calls begin().
/// Emits:   drained() exactly once for each beginDrain() that is not undone by endDrain(), queued,
///          also when nothing was in flight. What begins before it is delivered puts it off until
///          nothing is in flight again.
/// Limits:  begin() and end() are O(1) and allocate nothing outside a tally. Names are asked for
///          (WorkItem::describe()) only in a tally and by waitingOn().
/// Source:  the contract of Go's sync.WaitGroup, without its reuse trap.
class InFlight final : public QObject
{
    Q_OBJECT

public:
    explicit InFlight(Clock &clock, QObject *parent = nullptr);
    ~InFlight() override;

    void begin(WorkItem &item);
    /// Does nothing when the item is not in flight, so that two ways of ending may race.
    void end(WorkItem &item, WorkOutcome outcome);

    /// Holds until the future is finished. A failed future, and one that its own side cancelled,
    /// counts as done. At the deadline the future is asked to cancel (QFuture::cancel()) and then
    /// ends as cancelled; when cut it is asked again and let go. Takes no continuation of the
    /// future (it has room for one only), so the caller may still use then().
    template <typename T>
    void track(const QFuture<T> &future, WorkKind kind, const QString &label)
    {
        trackVoid(QFuture<void>(future), kind, label);
    }

    [[nodiscard]] int count(WorkKind kind) const { return m_counts[static_cast<size_t>(kind)]; }
    [[nodiscard]] int count() const; ///< of all kinds together
    [[nodiscard]] bool isEmpty() const { return m_oldest == nullptr; }
    /// Age of the oldest item of that kind, zero when there is none.
    [[nodiscard]] std::chrono::milliseconds oldestAge(WorkKind kind) const;
    /// Oldest first, at most `limit` rows.
    [[nodiscard]] QList<WaitingOn> waitingOn(int limit) const;
    /// How long the item that takes longest is expected to take yet, but no longer than `most`,
    /// which is also what one that cannot say counts as. Zero when nothing is in flight.
    [[nodiscard]] std::chrono::milliseconds longestLeft(std::chrono::milliseconds most) const;
    /// Requests, oldest first, at most `limit` of those whose number is above `after`.
    [[nodiscard]] QList<WaitingOn> requests(quint64 after, int limit) const;
    /// requestCancel() on the item of that kind and id; false when it is not in flight (any more).
    bool tryCancel(WorkKind kind, const QString &id);

    /// From now on requests are counted for the stop report: those in flight now, and apart from
    /// them those that begin later. Begins anew when one is under way. endTally() (resume) forgets.
    void beginTally();
    void endTally();
    /// drained + cancelled + aborted = inFlightAtStop + acceptedDuringStop when no request is in
    /// flight; while some are, the difference is their number.
    [[nodiscard]] const StopReport::Requests &requestTally() const { return m_tally; }
    /// The StopReport::kSlowestKept requests, jobs and tasks last to finish since beginTally(),
    /// last first.
    [[nodiscard]] QList<StopReport::Slow> slowest() const { return m_slowest; }
    /// Whether since beginTally() a request, a job or a task was cancelled or cut. A client that
    /// leaves loses nothing, nor does closing an idle connection.
    [[nodiscard]] bool hasLostWork() const { return m_hasLostWork; }

    void beginDrain();
    void endDrain();
    /// requestCancel(), or cut(), on each that is in flight now, oldest first; what begins
    /// meanwhile is left alone, what ends meanwhile is passed over.
    void cancelAll();
    void cutAll();

Q_SIGNALS:
    void drained();
    /// A request ended since beginTally(); for the event stream.
    void requestEnded(const quiesce::StopReport::Slow &request);

private:
    struct Walk;
    void trackVoid(const QFuture<void> &future, WorkKind kind, const QString &label);
    void unlink(WorkItem &item);
    void forEachNow(void (WorkItem::*tell)());
    void tally(const WorkItem &item, WorkOutcome outcome);
    void announceWhenEmpty();
    void announce();
    [[nodiscard]] std::chrono::milliseconds age(const WorkItem &item) const;

    Clock &m_clock;
    WorkItem *m_oldest = nullptr;
    WorkItem *m_newest = nullptr;
    Walk *m_walks = nullptr; ///< the iterations under way, innermost first
    quint64 m_lastSequence = 0;
    quint64 m_lastTracked = 0;
    std::array<int, kWorkKinds> m_counts{};
    StopReport::Requests m_tally;
    QList<StopReport::Slow> m_slowest;
    bool m_isTallying = false;
    bool m_isDraining = false;
    bool m_isAnnouncing = false; ///< a queued announce() is on its way
    bool m_hasLostWork = false;
};

} // namespace quiesce
