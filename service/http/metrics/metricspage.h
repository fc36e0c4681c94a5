// SPDX-License-Identifier: GPL-3.0-only
// MetricsPage: GET /metrics, made of the counters when it is asked for.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <functional>
#include <map>

namespace quiesce {

class GraceWatch;
class HttpServer;
class InFlight;
class JobMeter;
class JobQueue;
class Lifecycle;
class Snapshot;

/// Prometheus' text format 0.0.4.
///
/// Thread:  event loop. Owns: nothing it reads. Costs nothing until it is asked for.
/// Limits:  label values come from the program: routes, states, refusal codes, event types, kinds
/// of
///          jobs.
class MetricsPage final
{
public:
    /// Numbers of the event stream and the gate.
    struct Operators
    {
        int subscribers = 0;
        quint64 events = 0;
        std::map<QByteArray, quint64> dropped; ///< by type
        quint64 subscribersCut = 0;
        quint64 authFailures = 0;
        quint64 throttledAnswers = 0;
    };
    struct Sources
    {
        const Lifecycle &lifecycle;
        const InFlight &inFlight;
        const HttpServer &traffic;
        const HttpServer &admin;
        const GraceWatch &grace;
        const Snapshot &snapshot;
        const JobQueue &jobs;
        const JobMeter &jobMeter;
        std::function<Operators()> operators;
    };

    MetricsPage(QString version, const Sources &sources);

    /// The report of the run before this one; without it there are no last_stop metrics.
    void setLastStop(const QJsonObject &report) { m_lastStop = report; }
    void addRoute(HttpServer &server) const;
    [[nodiscard]] QByteArray text() const;

private:
    class Writer;
    void writeBuild(Writer &writer) const;
    void writeLifecycle(Writer &writer) const;
    void writeRequests(Writer &writer) const;
    void writeDurations(Writer &writer) const;
    void writeConnections(Writer &writer) const;
    void writeOperators(Writer &writer) const;
    void writeJobs(Writer &writer) const;
    void writeBroker(Writer &writer) const;
    void writeJobKinds(Writer &writer) const;
    void writeLastStop(Writer &writer) const;
    static void writeProcess(Writer &writer);

    QString m_version;
    Sources m_from;
    QJsonObject m_lastStop;
};

} // namespace quiesce
