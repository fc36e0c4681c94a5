// SPDX-License-Identifier: GPL-3.0-only
// InFlight: an intrusive list, oldest first, and the tally of a stop.
#include "service/core/inflight.h"

#include <QFutureWatcher>
#include <algorithm>
#include <numeric>
#include <utility>

namespace quiesce {

namespace {

/// What a lost one of counts as a fault of the stop.
bool isWork(WorkKind kind)
{
    return kind == WorkKind::Request || kind == WorkKind::Job || kind == WorkKind::Task;
}

/// The item of a future: a watcher and not a continuation, because a future has room for only one
/// continuation and that is its owner's.
class TrackedFuture final : public QFutureWatcher<void>, public WorkItem
{
public:
    TrackedFuture(InFlight &inFlight, WorkKind kind, WorkDescription what)
        : QFutureWatcher<void>(&inFlight)
        , WorkItem(kind)
        , m_inFlight(inFlight)
        , m_what(std::move(what))
    { }

    void follow(const QFuture<void> &future)
    {
        connect(this, &QFutureWatcher<void>::finished, this, [this] { endAsFinished(); });
        setFuture(future);
    }

    [[nodiscard]] WorkDescription describe() const override { return m_what; }
    /// A task is told when the drain begins, and is taken to obey at once.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    expectedLeft(std::chrono::milliseconds /*age*/) const override
    {
        return kind() == WorkKind::Task ? std::optional(std::chrono::milliseconds(0))
                                        : std::nullopt;
    }

    void requestCancel() override
    {
        if (isFinished())
            return; // its end is already on its way to this thread
        m_wasAskedToCancel = true;
        cancel();
    }

    void cut() override
    {
        disconnect(this, &QFutureWatcher<void>::finished, this, nullptr);
        if (isFinished()) {
            endAsFinished();
            return;
        }
        cancel();
        endAs(WorkOutcome::Aborted);
    }

private:
    void endAsFinished()
    {
        endAs(m_wasAskedToCancel && isCanceled() ? WorkOutcome::Cancelled : WorkOutcome::Drained);
    }

    void endAs(WorkOutcome outcome)
    {
        m_inFlight.end(*this, outcome);
        deleteLater();
    }

    InFlight &m_inFlight;
    WorkDescription m_what;
    bool m_wasAskedToCancel = false;
};

} // namespace

/// One iteration under way. end() moves `next` on when it takes out the item next in turn.
struct InFlight::Walk
{
    WorkItem *next;
    Walk *outer;
};

InFlight::InFlight(Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
{ }

InFlight::~InFlight()
{
    while (m_oldest)
        unlink(*m_oldest);
}

void InFlight::begin(WorkItem &item)
{
    Q_ASSERT(!item.m_isLinked);
    item.m_isLinked = true;
    item.m_since = m_clock.now();
    item.m_sequence = ++m_lastSequence;
    item.m_previous = m_newest;
    item.m_next = nullptr;
    (m_newest ? m_newest->m_next : m_oldest) = &item;
    m_newest = &item;
    ++m_counts[static_cast<size_t>(item.m_kind)];
    if (m_isTallying && item.m_kind == WorkKind::Request)
        ++m_tally.acceptedDuringStop;
}

void InFlight::end(WorkItem &item, WorkOutcome outcome)
{
    if (!item.m_isLinked)
        return;
    unlink(item);
    announceWhenEmpty();
    if (m_isTallying)
        tally(item, outcome);
}

void InFlight::unlink(WorkItem &item)
{
    for (Walk *walk = m_walks; walk; walk = walk->outer) {
        if (walk->next == &item)
            walk->next = item.m_next;
    }
    (item.m_previous ? item.m_previous->m_next : m_oldest) = item.m_next;
    (item.m_next ? item.m_next->m_previous : m_newest) = item.m_previous;
    item.m_previous = nullptr;
    item.m_next = nullptr;
    item.m_isLinked = false;
    --m_counts[static_cast<size_t>(item.m_kind)];
}

void InFlight::trackVoid(const QFuture<void> &future, WorkKind kind, const QString &label)
{
    WorkDescription what;
    what.id = QString::number(++m_lastTracked);
    what.label = label;
    auto *tracked = new TrackedFuture(*this, kind, std::move(what));
    begin(*tracked);
    tracked->follow(future);
}

int InFlight::count() const
{
    return std::accumulate(m_counts.begin(), m_counts.end(), 0);
}

std::chrono::milliseconds InFlight::oldestAge(WorkKind kind) const
{
    if (count(kind) == 0)
        return std::chrono::milliseconds(0);
    const WorkItem *item = m_oldest;
    while (item->m_kind != kind)
        item = item->m_next;
    return age(*item);
}

QList<WaitingOn> InFlight::waitingOn(int limit) const
{
    QList<WaitingOn> rows;
    for (const WorkItem *item = m_oldest; item && rows.size() < limit; item = item->m_next)
        rows.append({ item->m_kind, item->describe(), age(*item) });
    return rows;
}

std::chrono::milliseconds InFlight::longestLeft(std::chrono::milliseconds most) const
{
    std::chrono::milliseconds longest{ 0 };
    for (const WorkItem *item = m_oldest; item && longest < most; item = item->m_next)
        longest = std::max(longest, item->expectedLeft(age(*item)).value_or(most));
    return std::min(longest, most);
}

QList<WaitingOn> InFlight::requests(quint64 after, int limit) const
{
    QList<WaitingOn> rows;
    for (const WorkItem *item = m_oldest; item && rows.size() < limit; item = item->m_next) {
        if (item->m_kind != WorkKind::Request)
            continue;
        WorkDescription what = item->describe();
        if (what.id.toULongLong() > after)
            rows.append({ item->m_kind, std::move(what), age(*item) });
    }
    return rows;
}

bool InFlight::tryCancel(WorkKind kind, const QString &id)
{
    for (WorkItem *item = m_oldest; item; item = item->m_next) {
        if (item->m_kind == kind && item->describe().id == id) {
            item->requestCancel(); // may delete it
            return true;
        }
    }
    return false;
}

void InFlight::beginTally()
{
    m_tally = { .inFlightAtStop = count(WorkKind::Request) };
    m_slowest.clear();
    m_hasLostWork = false;
    m_isTallying = true;
}

void InFlight::endTally()
{
    m_tally = {};
    m_slowest.clear();
    m_hasLostWork = false;
    m_isTallying = false;
}

void InFlight::tally(const WorkItem &item, WorkOutcome outcome)
{
    if (!isWork(item.m_kind))
        return;
    if (outcome == WorkOutcome::Cancelled || outcome == WorkOutcome::Aborted)
        m_hasLostWork = true;
    const WorkDescription what = item.describe();
    const StopReport::Slow row{ .kind = toWire(item.m_kind),
                                .id = what.id,
                                .label = what.label,
                                .outcome = toWire(outcome),
                                .age = age(item),
                                .endedAt = m_clock.utcNow(),
                                .method = what.method,
                                .route = what.route };
    m_slowest.prepend(row);
    if (m_slowest.size() > StopReport::kSlowestKept)
        m_slowest.removeLast();
    if (item.m_kind != WorkKind::Request)
        return;
    switch (outcome) {
    case WorkOutcome::Drained:
        ++m_tally.drained;
        break;
    case WorkOutcome::Cancelled:
        ++m_tally.cancelled;
        break;
    case WorkOutcome::Aborted:
    case WorkOutcome::ClientLeft:
        ++m_tally.aborted;
        break;
    }
    Q_EMIT requestEnded(row);
}

void InFlight::beginDrain()
{
    m_isDraining = true;
    announceWhenEmpty();
}

void InFlight::endDrain()
{
    m_isDraining = false;
}

void InFlight::announceWhenEmpty()
{
    if (!m_isDraining || !isEmpty() || m_isAnnouncing)
        return;
    m_isAnnouncing = true;
    QMetaObject::invokeMethod(this, &InFlight::announce, Qt::QueuedConnection);
}

void InFlight::announce()
{
    m_isAnnouncing = false;
    if (!m_isDraining || !isEmpty())
        return; // undone, or something new has begun: its end announces again
    m_isDraining = false;
    Q_EMIT drained();
}

void InFlight::cancelAll()
{
    forEachNow(&WorkItem::requestCancel);
}

void InFlight::cutAll()
{
    forEachNow(&WorkItem::cut);
}

void InFlight::forEachNow(void (WorkItem::*tell)())
{
    const quint64 last = m_lastSequence;
    Walk walk{ m_oldest, m_walks };
    m_walks = &walk;
    while (walk.next && walk.next->m_sequence <= last) {
        WorkItem &item = *walk.next;
        walk.next = item.m_next;
        (item.*tell)();
    }
    m_walks = walk.outer;
}

std::chrono::milliseconds InFlight::age(const WorkItem &item) const
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.now() - item.m_since);
}

} // namespace quiesce
