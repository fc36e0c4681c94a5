// SPDX-License-Identifier: GPL-3.0-only
// ManagerReports: tells the service manager how the service is, and asks it for time.
#pragma once

#include "service/core/clock.h"

#include <QByteArray>
#include <QObject>
#include <functional>
#include <memory>
#include <optional>

namespace quiesce {

class InFlight;
class Lifecycle;
struct StateChange;

/// What sd_notify(3) wants: READY=1 when it serves, STOPPING=1 from draining on (and not before:
/// since systemd 259 there is no way back from it), STATUS= with what is waited for, WATCHDOG=1 as
/// long as the event loop turns, and EXTEND_TIMEOUT_USEC= while a granted extension runs and
/// something comes of it.
///
/// Thread:  event loop. Owns: its alarms; all of Parts must outlive it.
/// Limits:  a STATUS each kStatusPeriod of a stop, when it says something new.
///
/// Time:    the manager ends a stop after its TimeoutStopSec, of which it tells nobody. An
/// extension
///          is asked for as soon as it is granted, for kPatience at a time, again every kAskPeriod,
///          and only as long as something has moved within kPatience: a byte of a request or an
///          answer, the end of anything in flight, a job's progress, another extension. At its end
///          the time for cancelling and the hooks is asked for once.
class ManagerReports final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kStatusPeriod{ 1'000 };
    static constexpr std::chrono::milliseconds kAskPeriod{ 5'000 };
    static constexpr std::chrono::milliseconds kPatience{ 30'000 };

    struct Parts
    {
        Clock &clock;
        Lifecycle &lifecycle;
        const InFlight &inFlight;
        std::function<quint64()> bytesMoved; ///< of traffic, so far
        std::function<std::chrono::milliseconds()> longestHooks;
        std::function<void(const QByteArray &)> notify;
    };

    ManagerReports(Parts parts, std::optional<std::chrono::microseconds> watchdog,
                   QObject *parent = nullptr);
    ~ManagerReports() override;

    /// Something has moved that no byte shows: a job's progress.
    void noteProgress() { ++m_moved; }
    /// Around a reload; READY=1 follows with the second.
    void reloading();
    void reloaded();
    /// From now on another process is the service's main one, and this one says nothing any more.
    void giveUpTo(qint64 pid);

private:
    void follow(const StateChange &change);
    void takeExtension();
    void ask();
    void askForTheEnd();
    void tellAlive();
    void tellStatus();
    void keepStatus();
    [[nodiscard]] QString status() const;
    [[nodiscard]] bool hasMoved();
    void send(const QByteArray &state) const;

    Parts m_parts;
    std::optional<std::chrono::microseconds> m_watchdog;
    std::unique_ptr<Alarm> m_statusAlarm;
    std::unique_ptr<Alarm> m_askAlarm; ///< set while an extension runs
    std::unique_ptr<Alarm> m_aliveAlarm;
    QString m_lastStatus;
    quint64 m_moved = 0; ///< counts what noteProgress() and the ends of requests tell
    quint64 m_lastSeen = 0; ///< the sum of all that has moved, when it was last looked at
    SteadyTime m_movedAt;
    bool m_hasToldStopping = false;
    bool m_hasWarned = false;
    bool m_isMain = true;
};

} // namespace quiesce
