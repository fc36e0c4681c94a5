// SPDX-License-Identifier: GPL-3.0-only
// ManagerReports: see the header.
#include "service/managerreports.h"

#include "common/logline.h"
#include "common/units.h"
#include "service/core/inflight.h"
#include "service/core/lifecycle.h"

#include <QLoggingCategory>
#include <QStringList>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

Q_LOGGING_CATEGORY(lcManager, "quiesce.manager")

/// "3 requests", and nothing for none.
QString counted(int count, QLatin1StringView one)
{
    if (count == 0)
        return {};
    return count == 1 ? u"1 %1"_s.arg(one) : u"%1 %2s"_s.arg(count).arg(one);
}

QString waitedFor(const InFlight &inFlight)
{
    QStringList parts;
    for (const auto &[kind, name] :
         { std::pair(WorkKind::Request, "request"_L1), std::pair(WorkKind::Job, "job"_L1),
           std::pair(WorkKind::Task, "task"_L1), std::pair(WorkKind::Connection, "connection"_L1) })
        parts.append(counted(inFlight.count(kind), name));
    parts.removeAll(QString());
    if (parts.isEmpty())
        return {};
    QString text = parts.join(u", "_s);
    if (inFlight.count(WorkKind::Request) > 0)
        text += u", the oldest for %1"_s.arg(formatDuration(
            std::chrono::floor<std::chrono::seconds>(inFlight.oldestAge(WorkKind::Request))));
    return text;
}

} // namespace

ManagerReports::ManagerReports(Parts parts, std::optional<microseconds> watchdog, QObject *parent)
    : QObject(parent)
    , m_parts(std::move(parts))
    , m_watchdog(watchdog)
    , m_statusAlarm(m_parts.clock.makeAlarm([this] { keepStatus(); }))
    , m_askAlarm(m_parts.clock.makeAlarm([this] { ask(); }))
    , m_aliveAlarm(m_parts.clock.makeAlarm([this] { tellAlive(); }))
{
    connect(&m_parts.lifecycle, &Lifecycle::stateChanged, this, &ManagerReports::follow);
    connect(&m_parts.lifecycle, &Lifecycle::deadlineExtended, this, &ManagerReports::takeExtension);
    connect(&m_parts.lifecycle, &Lifecycle::deadlineReached, this, &ManagerReports::askForTheEnd);
    connect(&m_parts.inFlight, &InFlight::requestEnded, this, &ManagerReports::noteProgress);
    if (m_watchdog)
        tellAlive();
}

ManagerReports::~ManagerReports() = default;

void ManagerReports::send(const QByteArray &state) const
{
    if (m_isMain)
        m_parts.notify(state);
}

void ManagerReports::follow(const StateChange &change)
{
    if (change.from == LifecycleState::Starting && change.to == LifecycleState::Serving)
        send("READY=1");
    if (change.to >= LifecycleState::Draining && !std::exchange(m_hasToldStopping, true))
        send("STOPPING=1");
    if (change.to == LifecycleState::Stopping)
        askForTheEnd();
    keepStatus();
}

/// The event loop's own sign of life: one that hangs sends none. Twice as often as it must be.
void ManagerReports::tellAlive()
{
    send("WATCHDOG=1");
    m_aliveAlarm->setAt(m_parts.clock.now() + *m_watchdog / 2);
}

void ManagerReports::keepStatus()
{
    tellStatus();
    const bool isGoing = m_parts.lifecycle.state() == LifecycleState::LameDuck
        || m_parts.lifecycle.state() == LifecycleState::Draining
        || m_parts.lifecycle.state() == LifecycleState::Stopping;
    if (isGoing)
        m_statusAlarm->setAt(m_parts.clock.now() + kStatusPeriod);
    else
        m_statusAlarm->clear();
}

void ManagerReports::tellStatus()
{
    const QString text = status();
    if (std::exchange(m_lastStatus, text) != text)
        send("STATUS=" + text.toUtf8());
}

QString ManagerReports::status() const
{
    const LifecycleState state = m_parts.lifecycle.state();
    QString text = QString(toWire(state));
    if (state != LifecycleState::LameDuck && state != LifecycleState::Draining)
        return text;
    if (const QString waited = waitedFor(m_parts.inFlight); !waited.isEmpty())
        text += u", waiting for %1"_s.arg(waited);
    if (const auto stop = m_parts.lifecycle.stop())
        text += u", %1 left"_s.arg(
            formatDuration(std::chrono::ceil<std::chrono::seconds>(stop->remaining)));
    else
        text += u", no stop under way"_s;
    return text;
}

void ManagerReports::takeExtension()
{
    noteProgress();
    m_hasWarned = false;
    ask();
}

bool ManagerReports::hasMoved()
{
    const quint64 seen = m_moved + m_parts.bytesMoved();
    if (std::exchange(m_lastSeen, seen) != seen)
        m_movedAt = m_parts.clock.now();
    return m_parts.clock.now() - m_movedAt < kPatience;
}

/// No longer than until the end that is granted, and what comes behind it.
void ManagerReports::ask()
{
    const auto stop = m_parts.lifecycle.stop();
    if (!stop || stop->extended == milliseconds(0)
        || m_parts.lifecycle.state() >= LifecycleState::Stopping)
        return;
    if (hasMoved()) {
        const milliseconds behind =
            m_parts.lifecycle.settings().cancelGrace + m_parts.longestHooks() + kAskPeriod;
        const milliseconds asked = std::min(kPatience, stop->remaining + behind);
        send("EXTEND_TIMEOUT_USEC=" + QByteArray::number(qint64(microseconds(asked).count())));
    } else if (!std::exchange(m_hasWarned, true)) {
        qCWarning(lcManager).noquote()
            << LogLine("nothing moves: the service manager is not asked for more time")
                   .with("for", kPatience)
                   .toString();
    }
    m_askAlarm->setAt(m_parts.clock.now() + kAskPeriod);
}

/// Cancelling, the hooks, and some time for the report.
void ManagerReports::askForTheEnd()
{
    m_askAlarm->clear();
    const auto stop = m_parts.lifecycle.stop();
    if (!stop || stop->extended == milliseconds(0))
        return;
    const milliseconds end =
        m_parts.lifecycle.settings().cancelGrace + m_parts.longestHooks() + kAskPeriod;
    send("EXTEND_TIMEOUT_USEC=" + QByteArray::number(qint64(microseconds(end).count())));
}

/// Type=notify-reload (systemd 253) wants to know when it began.
void ManagerReports::reloading()
{
    if (m_parts.lifecycle.state() != LifecycleState::Serving)
        return;
    const auto now = m_parts.clock.now().time_since_epoch();
    send("RELOADING=1\nMONOTONIC_USEC="
         + QByteArray::number(qint64(std::chrono::duration_cast<microseconds>(now).count())));
}

void ManagerReports::reloaded()
{
    if (m_parts.lifecycle.state() == LifecycleState::Serving)
        send("READY=1");
}

void ManagerReports::giveUpTo(qint64 pid)
{
    send("MAINPID=" + QByteArray::number(pid));
    m_isMain = false;
    m_aliveAlarm->clear();
    m_askAlarm->clear();
    m_statusAlarm->clear();
}

} // namespace quiesce
