// SPDX-License-Identifier: GPL-3.0-only
// EventHub: see the header.
#include "service/http/events/eventhub.h"

#include "common/logline.h"
#include "service/http/requestparser.h"

#include <QLoggingCategory>

namespace quiesce {

namespace {

Q_LOGGING_CATEGORY(lcEvents, "quiesce.events")

constexpr quint64 kIdsPerMillisecond = 1'000;
const QByteArray kSnapshot = QByteArrayLiteral("snapshot");
const QByteArray kStats = QByteArrayLiteral("stats");

/// An id as this hub writes it; none when it is anything else.
std::optional<quint64> idOf(QByteArrayView text)
{
    for (const char c : text) {
        if (c < '0' || c > '9')
            return {};
    }
    bool isNumber = false;
    const quint64 id = text.toByteArray().toULongLong(&isNumber);
    return isNumber ? std::optional(id) : std::nullopt;
}

/// Moves a periodic point on; periods that were missed are not made up for.
void moveOn(SteadyTime &at, std::chrono::milliseconds period, SteadyTime now)
{
    at += period;
    if (at <= now)
        at = now + period;
}

} // namespace

EventHub::EventHub(Clock &clock, Sources sources, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_sources(std::move(sources))
    , m_alarm(clock.makeAlarm([this] { ring(); }))
    , m_lastId(static_cast<quint64>(clock.utcNow().toMSecsSinceEpoch()) * kIdsPerMillisecond)
    , m_lastForgotten(m_lastId)
{ }

EventHub::~EventHub() = default;

StreamRoute EventHub::route()
{
    return { .contentType = QByteArrayLiteral("text/event-stream"),
             .open = [this](const ParsedRequest &request, AnswerStream &stream) {
                 return subscribe(request, stream);
             } };
}

std::optional<Refusal> EventHub::subscribe(const ParsedRequest &request, AnswerStream &stream)
{
    if (m_isFinishing)
        return Refusal{ .status = 503,
                        .code = "stopping",
                        .detail = QStringLiteral("The last event has been sent.") };
    if (m_counters.subscribers >= kMaxSubscribers) {
        ++m_counters.refused;
        return Refusal{ .status = 503,
                        .code = "too-many-subscribers",
                        .detail = QStringLiteral("There are %1 already.").arg(kMaxSubscribers) };
    }
    m_isWanted = true;
    const std::optional<quint64> resumed = resumePoint(request.lastEventId);
    QList<StreamEventPtr> first = resumed ? m_ring.after(*resumed) : QList<StreamEventPtr>();
    const quint64 snapshotId = resumed && first.isEmpty() ? *resumed : m_lastId;
    first.append(makeStreamEvent(snapshotId, kSnapshot, m_sources.snapshot()));
    SubscriberObserver &observer = *this;
    m_subscribers.push_back(std::make_unique<Subscriber>(observer));
    if (++m_counters.subscribers == 1)
        beginPeriods();
    m_subscribers.back()->begin(
        stream, "retry: " + QByteArray::number(qint64(kRetry.count())) + "\n\n", first);
    return {};
}

/// From where on the ring still holds everything; none when it does not.
std::optional<quint64> EventHub::resumePoint(QByteArrayView lastEventId) const
{
    const std::optional<quint64> id = idOf(lastEventId);
    return id && *id >= m_lastForgotten && *id <= m_lastId ? id : std::nullopt;
}

bool EventHub::publish(const QByteArray &type, const QJsonObject &payload,
                       const Coalescing &coalescing)
{
    if (m_isFinishing)
        return false;
    const StreamEventPtr event = make(type, payload, coalescing);
    if (!event)
        return false;
    keep(event);
    deliver(event);
    return true;
}

StreamEventPtr EventHub::make(const QByteArray &type, const QJsonObject &payload,
                              const Coalescing &coalescing)
{
    StreamEventPtr event = makeStreamEvent(++m_lastId, type, payload, coalescing);
    ++m_counters.published;
    if (event->bytes.size() <= kMaxEventBytes)
        return event;
    m_counters.dropped[type] += static_cast<quint64>(m_counters.subscribers);
    if (!std::exchange(m_hasWarnedOfSize, true)) {
        qCWarning(lcEvents).noquote() << LogLine("event too large")
                                             .with("type", type)
                                             .with("bytes", event->bytes.size())
                                             .toString();
    }
    return {};
}

void EventHub::keep(const StreamEventPtr &event)
{
    m_ring.push(event);
    while (m_ring.count() > kMaxRingEvents || m_ring.bytes() > kMaxRingBytes)
        m_lastForgotten = m_ring.takeFirst()->id;
}

/// A stream may end in here; the subscribers themselves stay until sweep().
void EventHub::deliver(const StreamEventPtr &event)
{
    if (!event)
        return;
    for (const std::unique_ptr<Subscriber> &subscriber : m_subscribers)
        subscriber->push(event);
}

void EventHub::beginPeriods()
{
    const SteadyTime now = m_clock.now();
    m_statsAt = now + kStatsPeriod;
    m_snapshotAt = now + kSnapshotPeriod;
    m_beatAt = now + kBeatPeriod;
    setAlarm();
}

void EventHub::setAlarm()
{
    m_alarm->setAt(std::min({ m_statsAt, m_snapshotAt, m_beatAt }));
}

void EventHub::ring()
{
    if (m_isFinishing)
        return conclude(); // whoever has not taken it by now is not waited for
    constexpr auto kNewest = Coalescing::Kind::Progress;
    const SteadyTime now = m_clock.now();
    if (now >= m_beatAt) {
        moveOn(m_beatAt, kBeatPeriod, now);
        for (const std::unique_ptr<Subscriber> &subscriber : m_subscribers)
            subscriber->beat();
    }
    if (now >= m_snapshotAt) {
        moveOn(m_snapshotAt, kSnapshotPeriod, now);
        deliver(make(kSnapshot, m_sources.snapshot(), { .key = {}, .kind = kNewest }));
    }
    if (now >= m_statsAt) {
        moveOn(m_statsAt, kStatsPeriod, now);
        deliver(make(kStats, m_sources.stats(), { .key = {}, .kind = kNewest }));
    }
    if (m_counters.subscribers > 0)
        setAlarm();
}

void EventHub::finish(const QByteArray &type, const QJsonObject &payload)
{
    if (m_isFinishing)
        return;
    Q_EMIT aboutToFinish();
    publish(type, payload);
    m_isFinishing = true;
    m_alarm->clear();
    for (const std::unique_ptr<Subscriber> &subscriber : m_subscribers)
        subscriber->finish();
    if (m_counters.subscribers > 0)
        m_alarm->setAt(m_clock.now() + kFinishTimeout);
    else
        conclude();
}

void EventHub::conclude()
{
    m_alarm->clear();
    if (!std::exchange(m_isConcluded, true))
        QMetaObject::invokeMethod(this, &EventHub::finished, Qt::QueuedConnection);
}

void EventHub::eventDropped(const StreamEvent &event)
{
    ++m_counters.dropped[event.type];
}

void EventHub::subscriberCut()
{
    ++m_counters.cut;
    qCInfo(lcEvents).noquote() << LogLine("subscriber cut")
                                      .with("reason", "behind")
                                      .with("subscribers", m_counters.subscribers - 1)
                                      .toString();
}

void EventHub::subscriberEnded()
{
    --m_counters.subscribers;
    if (!std::exchange(m_isSweepQueued, true))
        QMetaObject::invokeMethod(this, &EventHub::sweep, Qt::QueuedConnection);
    if (m_counters.subscribers > 0)
        return;
    m_alarm->clear();
    if (m_isFinishing)
        conclude();
}

void EventHub::sweep()
{
    m_isSweepQueued = false;
    std::erase_if(m_subscribers, [](const std::unique_ptr<Subscriber> &subscriber) {
        return subscriber->hasEnded();
    });
}

} // namespace quiesce
