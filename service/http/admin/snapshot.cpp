// SPDX-License-Identifier: GPL-3.0-only
// Snapshot: see the header.
#include "service/http/admin/snapshot.h"

#include "service/core/inflight.h"
#include "service/core/lifecycle.h"
#include "service/core/stophooks.h"
#include "service/http/httpserver.h"
#include "service/jobs/jobqueue.h"

#include <QCoreApplication>
#include <QSysInfo>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QString utc(const QDateTime &at)
{
    return at.toUTC().toString(Qt::ISODateWithMs);
}

qint64 ms(std::chrono::steady_clock::duration duration)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

/// With fractions: an answer takes less than a millisecond more often than not.
QJsonValue fractionalMs(const std::optional<LatencyHistogram::Duration> &duration)
{
    return duration ? QJsonValue(static_cast<double>(duration->count()) / 1'000) : QJsonValue();
}

} // namespace

Snapshot::Snapshot(Identity identity, const Sources &sources)
    : m_identity(std::move(identity))
    , m_from(sources)
    , m_host(QSysInfo::machineHostName())
    , m_startedAt(sources.clock.utcNow())
    , m_started(sources.clock.now())
{ }

QJsonObject Snapshot::toJson() const
{
    const std::optional<StopCause> cause = m_from.lifecycle.stateCause();
    QJsonObject json{
        { u"name"_s, m_identity.name },
        { u"version"_s, m_identity.version },
        { u"instanceId"_s, m_identity.instanceId },
        { u"pid"_s, QCoreApplication::applicationPid() },
        { u"host"_s, m_host },
        { u"startedAt"_s, utc(m_startedAt) },
        { u"stateSinceAt"_s, utc(m_from.lifecycle.stateSince()) },
        { u"stateCause"_s, cause ? QJsonValue(quiesce::toJson(*cause)) : QJsonValue() },
        { u"stop"_s, stop() },
    };
    insertCounts(json);
    return json;
}

QJsonObject Snapshot::stats() const
{
    QJsonObject json;
    if (const std::optional<StopProgress> progress = m_from.lifecycle.stop())
        json.insert("remainingMs"_L1, ms(progress->remaining));
    insertCounts(json);
    return json;
}

void Snapshot::insertCounts(QJsonObject &json) const
{
    json.insert("state"_L1, QString(toWire(m_from.lifecycle.state())));
    json.insert("uptimeMs"_L1, ms(m_from.clock.now() - m_started));
    json.insert("inFlight"_L1,
                QJsonObject{
                    { u"count"_s, m_from.inFlight.count(WorkKind::Request) },
                    { u"oldestMs"_s, ms(m_from.inFlight.oldestAge(WorkKind::Request)) },
                });
    const HttpMeter::Counts &counts = m_from.traffic.meter().counts;
    const int open = m_from.traffic.connectionCount();
    json.insert("connections"_L1,
                QJsonObject{
                    { u"open"_s, open },
                    { u"idle"_s, open - counts.active },
                    { u"active"_s, counts.active },
                });
    json.insert("requests"_L1,
                QJsonObject{
                    { u"total"_s, static_cast<qint64>(counts.requests) },
                    { u"rejected"_s, static_cast<qint64>(counts.rejected) },
                    { u"cancelled"_s, static_cast<qint64>(counts.cancelled) },
                    { u"aborted"_s, static_cast<qint64>(counts.aborted) },
                });
    json.insert("latency"_L1, latency());
    const JobCounts jobCounts = m_from.jobs.counts();
    QJsonObject jobs;
    for (const JobState state : kJobStates)
        jobs.insert(toWire(state), jobCounts.of(state));
    json.insert("jobs"_L1, jobs);
    json.insert("engine"_L1, quiesce::toJson(m_from.jobs.engine()));
    json.insert("predictedDrainMs"_L1, ms(predictedDrain()));
}

QJsonObject Snapshot::latency() const
{
    const LatencyHistogram &recent = m_from.traffic.meter().recentLatencies();
    const SteadyTime now = m_from.clock.now();
    return {
        { u"p50Ms"_s, fractionalMs(recent.quantile(0.5, now)) },
        { u"p99Ms"_s, fractionalMs(recent.quantile(0.99, now)) },
    };
}

std::chrono::milliseconds Snapshot::predictedDrain() const
{
    const std::optional<StopProgress> stop = m_from.lifecycle.stop();
    const std::chrono::milliseconds lameDuck = m_from.lifecycle.lameDuckAhead();
    const std::chrono::milliseconds most =
        stop ? stop->remaining : lameDuck + m_from.lifecycle.settings().grace;
    return std::max(lameDuck, m_from.inFlight.longestLeft(most));
}

QJsonValue Snapshot::stop() const
{
    const std::optional<StopProgress> progress = m_from.lifecycle.stop();
    if (!progress)
        return {};
    return QJsonObject{
        { u"cause"_s, quiesce::toJson(progress->cause) },
        { u"requestedAt"_s, utc(progress->requestedAt) },
        { u"deadlineAt"_s, utc(progress->deadlineAt) },
        { u"remainingMs"_s, ms(progress->remaining) },
        { u"extendedMs"_s, ms(progress->extended) },
        { u"latestDeadlineAt"_s,
          progress->latestDeadlineAt ? QJsonValue(utc(*progress->latestDeadlineAt))
                                     : QJsonValue() },
        { u"waitingOn"_s, waitingOn() },
        { u"waitingOnTotal"_s, waitingOnTotal() },
    };
}

QJsonArray Snapshot::waitingOn() const
{
    QJsonArray rows;
    for (const WaitingOn &blocker : m_from.inFlight.waitingOn(kMaxWaitingOn))
        rows.append(quiesce::toJson(blocker));
    if (const QString hook = m_from.hooks.current(); !hook.isEmpty()) {
        rows.append(QJsonObject{ { u"kind"_s, u"hook"_s },
                                 { u"id"_s, hook },
                                 { u"label"_s, hook },
                                 { u"ageMs"_s, ms(m_from.hooks.currentAge()) } });
    }
    return rows;
}

int Snapshot::waitingOnTotal() const
{
    return m_from.inFlight.count() + (m_from.hooks.current().isEmpty() ? 0 : 1);
}

QJsonObject toJson(const WaitingOn &blocker)
{
    QJsonObject json{
        { u"kind"_s, QString(toWire(blocker.kind)) },
        { u"id"_s, blocker.what.id },
        { u"label"_s, blocker.what.label },
        { u"ageMs"_s, ms(blocker.age) },
    };
    if (!blocker.what.peer.isEmpty())
        json.insert("peer"_L1, blocker.what.peer);
    if (blocker.kind == WorkKind::Request) {
        json.insert("method"_L1, blocker.what.method);
        json.insert("route"_L1, orNull(blocker.what.route));
        json.insert("traceId"_L1, orNull(blocker.what.traceId));
    }
    return json;
}

} // namespace quiesce
