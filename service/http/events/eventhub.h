// SPDX-License-Identifier: GPL-3.0-only
// EventHub: the event stream: who subscribes, what they missed, what they get.
#pragma once

#include "service/core/clock.h"
#include "service/http/events/subscriber.h"

#include <QMap>
#include <QObject>
#include <functional>
#include <memory>
#include <vector>

namespace quiesce {

/// Gives every event to every subscriber, and to one that comes back what it missed.
///
/// Thread:  event loop.
/// Owns:    the subscribers. Each AnswerStream belongs to its connection, which tells when it goes;
///          the hub may go before or after it.
/// Emits:   aboutToFinish() inside finish(), the last moment to publish; finished() exactly once,
///          queued, when every subscriber has got the final event and its stream has ended, at the
///          latest kFinishTimeout after finish(); with no subscribers at once.
/// Ids:     count up by one for each event. The first of a process is its start in milliseconds
///          since 1970 times 1,000: an id of an earlier run is lower than all of this one's (as
///          long as the clock was not set back and runs give out less than 1,000,000 events a
///          second), and is answered with a fresh snapshot. The snapshot at the begin of a stream
///          has no id of its own but the newest given out, so that a resume from it misses nothing;
///          for one that resumes and has missed nothing but stats and snapshots it is the id that
///          it came with, by which it can tell that from a gap.
/// Limits:  kMaxSubscribers; kMaxRingEvents and kMaxRingBytes are kept for a resume, stats and
///          snapshots excepted, and the progress that later events replaced; an event of more than
///          kMaxEventBytes is dropped. Each subscriber: see Subscriber.
class EventHub final : public QObject, private SubscriberObserver
{
    Q_OBJECT

public:
    static constexpr int kMaxSubscribers = 512;
    static constexpr qsizetype kMaxRingEvents = 1'024;
    static constexpr qsizetype kMaxRingBytes = 4 * 1024 * 1024;
    static constexpr qsizetype kMaxEventBytes = 512 * 1024;
    static constexpr std::chrono::milliseconds kStatsPeriod{ 250 };
    static constexpr std::chrono::milliseconds kSnapshotPeriod{ 5'000 };
    static constexpr std::chrono::milliseconds kBeatPeriod{ 10'000 }; ///< the contract says 15 s
    static constexpr std::chrono::milliseconds kRetry{
        1'000
    }; ///< what a client waits to reconnect
    static constexpr std::chrono::milliseconds kFinishTimeout{ 250 };

    /// What the types `snapshot` and `stats` carry; asked only while somebody subscribes.
    struct Sources
    {
        std::function<QJsonObject()> snapshot;
        std::function<QJsonObject()> stats;
    };
    struct Counters
    {
        int subscribers = 0; ///< now
        quint64 published = 0; ///< once each, however many get it
        QMap<QByteArray, quint64> dropped; ///< by type, for each subscriber that did not get it
        quint64 cut = 0; ///< subscribers too far behind
        quint64 refused = 0; ///< beyond kMaxSubscribers
    };

    EventHub(Clock &clock, Sources sources, QObject *parent = nullptr);
    ~EventHub() override;

    /// What to serve at the stream's path; it refers to this hub.
    [[nodiscard]] StreamRoute route();

    /// Whether it was given out, also if nobody subscribes: false when it is too large, or after
    /// finish(). The type is a literal of the program's, never a client's: counters are kept by it.
    bool publish(const QByteArray &type, const QJsonObject &payload,
                 const Coalescing &coalescing = {});
    /// Whether anybody has subscribed yet. Until then nobody can miss what is not published, which
    /// spares those who publish much.
    [[nodiscard]] bool isWanted() const { return m_isWanted; }
    /// Publishes the final event and ends every stream behind it.
    void finish(const QByteArray &type, const QJsonObject &payload);

    [[nodiscard]] const Counters &counters() const { return m_counters; }
    [[nodiscard]] quint64 lastId() const { return m_lastId; }

Q_SIGNALS:
    void aboutToFinish();
    void finished();

private:
    void eventDropped(const StreamEvent &event) override;
    void subscriberCut() override;
    void subscriberEnded() override;

    [[nodiscard]] std::optional<Refusal> subscribe(const ParsedRequest &request,
                                                   AnswerStream &stream);
    [[nodiscard]] std::optional<quint64> resumePoint(QByteArrayView lastEventId) const;
    [[nodiscard]] StreamEventPtr make(const QByteArray &type, const QJsonObject &payload,
                                      const Coalescing &coalescing);
    void keep(const StreamEventPtr &event);
    void deliver(const StreamEventPtr &event);
    void beginPeriods();
    void ring();
    void setAlarm();
    void sweep();
    void conclude();

    Clock &m_clock;
    Sources m_sources;
    std::unique_ptr<Alarm> m_alarm; ///< set only while somebody subscribes
    std::vector<std::unique_ptr<Subscriber>> m_subscribers; ///< ended ones until the next sweep()
    EventQueue m_ring;
    Counters m_counters;
    quint64 m_lastId;
    quint64 m_lastForgotten; ///< the id from which on the ring still holds everything
    SteadyTime m_statsAt;
    SteadyTime m_snapshotAt;
    SteadyTime m_beatAt;
    bool m_isWanted = false;
    bool m_hasWarnedOfSize = false;
    bool m_isSweepQueued = false;
    bool m_isFinishing = false;
    bool m_isConcluded = false;
};

} // namespace quiesce
