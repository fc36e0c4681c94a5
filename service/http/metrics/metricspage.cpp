// SPDX-License-Identifier: GPL-3.0-only
// MetricsPage: see the header. Names follow Prometheus' naming guide and OpenTelemetry's HTTP
// conventions; prometheus-cpp gives the data model and writes the text.
#include "service/http/metrics/metricspage.h"

#include "service/core/inflight.h"
#include "service/core/lifecycle.h"
#include "service/http/admin/snapshot.h"
#include "service/http/httpserver.h"
#include "service/http/metrics/gracewatch.h"
#include "service/http/metrics/jobmeter.h"
#include "service/http/metrics/processinfo.h"
#include "service/jobs/jobqueue.h"

#include <limits>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sstream>

namespace quiesce {

using namespace Qt::StringLiterals;
using prometheus::ClientMetric;
using prometheus::MetricType;

namespace {

constexpr std::array kStates{ LifecycleState::Starting, LifecycleState::Serving,
                              LifecycleState::LameDuck, LifecycleState::Draining,
                              LifecycleState::Stopping, LifecycleState::Stopped };
constexpr std::array kReasons{ RequeueReason::Stop, RequeueReason::Crash,
                               RequeueReason::LeaseLost };
constexpr std::array kOutcomes{ "clean"_L1, "incomplete"_L1, "forced"_L1, "failed"_L1 };

double seconds(std::chrono::milliseconds duration)
{
    return std::chrono::duration<double>(duration).count();
}

double unixSeconds(const QJsonValue &at)
{
    const QDateTime time = QDateTime::fromString(at.toString(), Qt::ISODateWithMs);
    return static_cast<double>(time.toMSecsSinceEpoch()) / 1'000;
}

std::string text(const QString &value)
{
    return value.toStdString();
}

} // namespace

/// Collects families in the order they are written.
class MetricsPage::Writer final
{
public:
    using Labels = std::vector<ClientMetric::Label>;

    void begin(MetricType type, const char *name, const char *help)
    {
        m_families.push_back({ name, help, type, {} });
    }
    void add(double value, Labels labels = {})
    {
        ClientMetric metric;
        metric.label = std::move(labels);
        if (m_families.back().type == MetricType::Counter)
            metric.counter.value = value;
        else
            metric.gauge.value = value;
        m_families.back().metric.push_back(std::move(metric));
    }
    template <typename Durations>
    void addHistogram(const Durations &durations, Labels labels)
    {
        ClientMetric metric;
        metric.label = std::move(labels);
        metric.histogram.sample_count = durations.count;
        metric.histogram.sample_sum = durations.sum;
        std::uint64_t below = 0;
        for (size_t i = 0; i < durations.buckets.size(); ++i) {
            below += durations.buckets[i];
            const bool isLast = i == Durations::kBounds.size();
            metric.histogram.bucket.push_back(
                { below,
                  isLast ? std::numeric_limits<double>::infinity() : Durations::kBounds[i] });
        }
        m_families.back().metric.push_back(std::move(metric));
    }
    void counter(const char *name, const char *help, quint64 value)
    {
        begin(MetricType::Counter, name, help);
        add(static_cast<double>(value));
    }
    void gauge(const char *name, const char *help, double value)
    {
        begin(MetricType::Gauge, name, help);
        add(value);
    }

    [[nodiscard]] QByteArray text() const
    {
        std::ostringstream out;
        prometheus::TextSerializer().Serialize(out, m_families);
        return QByteArray::fromStdString(out.str());
    }

private:
    std::vector<prometheus::MetricFamily> m_families;
};

MetricsPage::MetricsPage(QString version, const Sources &sources)
    : m_version(std::move(version))
    , m_from(sources)
{ }

void MetricsPage::addRoute(HttpServer &server) const
{
    server.route(u"/metrics"_s, QHttpServerRequest::Method::Get, [this] {
        return QHttpServerResponse("text/plain; version=0.0.4; charset=utf-8", text());
    });
}

QByteArray MetricsPage::text() const
{
    Writer writer;
    writeBuild(writer);
    writeLifecycle(writer);
    writeRequests(writer);
    writeDurations(writer);
    writeConnections(writer);
    writeOperators(writer);
    writeJobs(writer);
    writeLastStop(writer);
    writeProcess(writer);
    return writer.text();
}

void MetricsPage::writeBuild(Writer &writer) const
{
    writer.begin(MetricType::Gauge, "quiesce_build_info", "Which build this is; always 1.");
    writer.add(1, { { "qt_version", qVersion() }, { "version", ::quiesce::text(m_version) } });
}

void MetricsPage::writeLifecycle(Writer &writer) const
{
    writer.begin(MetricType::Gauge, "quiesce_lifecycle_state", "1 for the state it is in.");
    for (const LifecycleState state : kStates) {
        writer.add(m_from.lifecycle.state() == state ? 1 : 0,
                   { { "state", ::quiesce::text(QString(toWire(state))) } });
    }
    const std::optional<StopProgress> stop = m_from.lifecycle.stop();
    writer.gauge("quiesce_stop_drain_remaining_seconds",
                 "Until the deadline of the stop under way; 0 when none is.",
                 stop ? seconds(stop->remaining) : 0);
    writer.gauge("quiesce_predicted_drain_seconds",
                 "What a stop begun now would take, or the one under way still takes.",
                 seconds(m_from.snapshot.predictedDrain()));
    writer.gauge("quiesce_grace_seconds", "The setting stop.grace.",
                 seconds(m_from.lifecycle.settings().grace));
    writer.begin(MetricType::Gauge, "quiesce_grace_shortfall_seconds",
                 "By how much the p99 of a route's requests exceeds stop.grace.");
    for (const GraceWatch::Shortfall &one : m_from.grace.shortfalls())
        writer.add(seconds(one.missing), { { "http_route", ::quiesce::text(one.route) } });
}

void MetricsPage::writeRequests(Writer &writer) const
{
    const HttpMeter &meter = m_from.traffic.meter();
    const HttpMeter::Counts &counts = meter.counts;
    writer.gauge("quiesce_requests_in_flight", "Accepted and not yet completely answered.",
                 m_from.inFlight.count(WorkKind::Request));
    writer.counter("quiesce_requests_total", "Requests begun, health probes left out.",
                   counts.requests);
    writer.counter("quiesce_requests_rejected_total",
                   "Answered 503 because of limits.max_in_flight or limits.max_body_memory.",
                   counts.rejected);
    writer.gauge(
        "quiesce_request_body_bytes",
        "Bytes of request bodies held, traffic listener; limits.max_body_memory bounds it.",
        static_cast<double>(m_from.traffic.bodyMemory().held()));
    writer.counter("quiesce_requests_cancelled_total",
                   "Answered 503 because they were told to give up.", counts.cancelled);
    writer.counter("quiesce_requests_aborted_total", "Their client left, or they were cut.",
                   counts.aborted);
    writer.counter("quiesce_requests_timed_out_total", "504 because of limits.request_timeout.",
                   counts.timedOut);
    writer.begin(MetricType::Counter, "quiesce_requests_refused_total",
                 "Refused before they reached a route, by reason.");
    for (const auto &[code, count] : meter.refusals())
        writer.add(static_cast<double>(count), { { "reason", code.toStdString() } });
    writer.counter("quiesce_answers_with_close_total",
                   "Answers that say Connection: close only because of a stop.",
                   counts.toldToClose);
    writer.counter("quiesce_connections_lingered_total",
                   "Idle connections in use that a drain waited for.", counts.lingered);
    writer.counter("quiesce_connections_lingered_answered_total",
                   "Of those, the ones that sent one more request and got its answer.",
                   counts.lingeredAnswered);
}

void MetricsPage::writeDurations(Writer &writer) const
{
    static constexpr std::array kClasses{ "1xx", "2xx", "3xx", "4xx", "5xx" };
    writer.begin(
        MetricType::Histogram, "http_server_request_duration_seconds",
        "From a request's complete head to the last byte of its answer, traffic listener.");
    for (const RouteStats &route : m_from.traffic.meter().routes()) {
        for (size_t i = 0; i < route.byClass.size(); ++i) {
            if (route.byClass[i].count == 0)
                continue;
            writer.addHistogram(route.byClass[i],
                                { { "http_response_status_class", kClasses[i] },
                                  { "http_route", ::quiesce::text(route.pattern) } });
        }
    }
}

void MetricsPage::writeConnections(Writer &writer) const
{
    const std::array servers{ std::pair("traffic", &m_from.traffic),
                              std::pair("admin", &m_from.admin) };
    writer.begin(MetricType::Gauge, "quiesce_connections", "Connections open now.");
    for (const auto &[name, server] : servers) {
        const int active = server->meter().counts.active;
        writer.add(active, { { "listener", name }, { "state", "active" } });
        writer.add(server->connectionCount() - active,
                   { { "listener", name }, { "state", "idle" } });
    }
    const auto perListener = [&](const char *name, const char *help,
                                 quint64 HttpMeter::Counts::*count) {
        writer.begin(MetricType::Counter, name, help);
        for (const auto &[listener, server] : servers)
            writer.add(static_cast<double>(server->meter().counts.*count),
                       { { "listener", listener } });
    };
    perListener("quiesce_connections_accepted_total", "Connections accepted.",
                &HttpMeter::Counts::accepted);
    perListener("quiesce_received_bytes_total", "Bytes of requests.",
                &HttpMeter::Counts::bytesReceived);
    perListener("quiesce_sent_bytes_total", "Bytes of answers.", &HttpMeter::Counts::bytesSent);
}

void MetricsPage::writeOperators(Writer &writer) const
{
    const Operators operators = m_from.operators();
    writer.gauge("quiesce_event_subscribers", "Subscribers of the event stream.",
                 operators.subscribers);
    writer.counter("quiesce_events_total", "Events published.", operators.events);
    writer.begin(MetricType::Counter, "quiesce_events_dropped_total",
                 "Events left out for subscribers that could not keep up.");
    for (const auto &[type, count] : operators.dropped)
        writer.add(static_cast<double>(count), { { "type", type.toStdString() } });
    writer.counter("quiesce_event_subscribers_cut_total",
                   "Subscribers cut because they stayed behind.", operators.subscribersCut);
    writer.counter("quiesce_auth_failures_total", "Requests without a token, or with a wrong one.",
                   operators.authFailures);
    writer.counter("quiesce_auth_throttled_total", "Of those, answers that were held back.",
                   operators.throttledAnswers);
}

void MetricsPage::writeJobs(Writer &writer) const
{
    const JobCounts counts = m_from.jobs.counts();
    writer.begin(MetricType::Gauge, "quiesce_jobs", "Jobs kept, in each state.");
    for (const JobState state : kJobStates) {
        writer.add(static_cast<double>(counts.of(state)),
                   { { "state", ::quiesce::text(QString(toWire(state))) } });
    }
    writer.gauge("quiesce_job_store_fault", "1 while new jobs cannot be kept.",
                 m_from.jobs.fault().isEmpty() ? 0 : 1);
    writer.begin(MetricType::Counter, "quiesce_job_requeues_total",
                 "Running jobs that went back to the queue, by reason.");
    for (const RequeueReason reason : kReasons) {
        writer.add(static_cast<double>(m_from.jobMeter.requeues(reason)),
                   { { "reason", ::quiesce::text(QString(toWire(reason))) } });
    }
    writeBroker(writer);
    writeJobKinds(writer);
}

/// Nothing when the store itself tells of jobs; what the broker does not say is left out.
void MetricsPage::writeBroker(Writer &writer) const
{
    const std::optional<JobEngine::Broker> broker = m_from.jobs.engine().broker;
    if (!broker)
        return;
    const Writer::Labels labels{ { "engine", ::quiesce::text(broker->name) } };
    const auto gauge = [&](const char *name, const char *help, qint64 value) {
        writer.begin(MetricType::Gauge, name, help);
        writer.add(static_cast<double>(value), labels);
    };
    gauge("quiesce_broker_fault", "1 while nothing can be sent to the broker or received.",
          broker->fault.isEmpty() ? 0 : 1);
    gauge("quiesce_broker_messages_held", "Messages of this instance that are not answered yet.",
          broker->held);
    if (broker->depth)
        gauge("quiesce_broker_depth", "Messages that wait in the broker's queues.", *broker->depth);
    if (broker->lag)
        gauge("quiesce_broker_lag", "Messages behind the group's offsets that were not consumed.",
              *broker->lag);
}

void MetricsPage::writeJobKinds(Writer &writer) const
{
    const auto &kinds = m_from.jobMeter.kinds();
    writer.begin(MetricType::Counter, "quiesce_jobs_submitted_total", "Jobs taken in, by kind.");
    for (const auto &[name, kind] : kinds)
        writer.add(static_cast<double>(kind.submitted), { { "kind", ::quiesce::text(name) } });
    writer.begin(MetricType::Counter, "quiesce_jobs_finished_total",
                 "Jobs that ended, by kind and how.");
    for (const auto &[name, kind] : kinds) {
        for (const auto &[state, count] : kind.finished) {
            writer.add(static_cast<double>(count),
                       { { "kind", ::quiesce::text(name) },
                         { "outcome", ::quiesce::text(QString(toWire(state))) } });
        }
    }
    writer.begin(MetricType::Histogram, "quiesce_job_run_duration_seconds",
                 "How long the last attempt of a job that ended took, by kind.");
    for (const auto &[name, kind] : kinds) {
        if (kind.runs.count > 0)
            writer.addHistogram(kind.runs, { { "kind", ::quiesce::text(name) } });
    }
}

void MetricsPage::writeLastStop(Writer &writer) const
{
    if (m_lastStop.isEmpty())
        return;
    writer.begin(MetricType::Gauge, "quiesce_last_stop_outcome",
                 "How the run before this one ended: 1 for its outcome.");
    for (const QLatin1StringView outcome : kOutcomes) {
        writer.add(m_lastStop.value("outcome"_L1) == outcome ? 1 : 0,
                   { { "outcome", ::quiesce::text(outcome) } });
    }
    const double requested = unixSeconds(m_lastStop.value("requestedAt"_L1));
    const double stopped = unixSeconds(m_lastStop.value("stoppedAt"_L1));
    writer.gauge("quiesce_last_stop_timestamp_seconds", "When that run had stopped.", stopped);
    writer.gauge("quiesce_last_stop_duration_seconds", "How long that stop took.",
                 stopped - requested);
    writer.gauge("quiesce_last_stop_exit_code", "That run's exit code.",
                 m_lastStop.value("exitCode"_L1).toDouble());
    writer.begin(MetricType::Gauge, "quiesce_last_stop_requests",
                 "Requests during that stop, by what became of them.");
    const QJsonValue requests = m_lastStop.value("requests"_L1);
    for (const QLatin1StringView outcome : { "drained"_L1, "cancelled"_L1, "aborted"_L1 })
        writer.add(requests[outcome].toDouble(), { { "outcome", ::quiesce::text(outcome) } });
    writer.begin(MetricType::Gauge, "quiesce_last_stop_jobs",
                 "Jobs that ran when that stop began, by what became of them.");
    const QJsonValue jobs = m_lastStop.value("jobs"_L1);
    for (const QLatin1StringView outcome : { "finished"_L1, "requeued"_L1, "abandoned"_L1 })
        writer.add(jobs[outcome].toDouble(), { { "outcome", ::quiesce::text(outcome) } });
}

void MetricsPage::writeProcess(Writer &writer)
{
    const ProcessInfo info = ProcessInfo::read();
    writer.begin(MetricType::Counter, "process_cpu_seconds_total", "User and system CPU time.");
    writer.add(info.cpuSeconds);
    writer.gauge("process_resident_memory_bytes", "Resident memory.", info.residentBytes);
    writer.gauge("process_virtual_memory_bytes", "Virtual memory.", info.virtualBytes);
    writer.gauge("process_open_fds", "Open file descriptors.", info.openDescriptors);
    writer.gauge("process_max_fds", "How many there may be.", info.maxDescriptors);
    writer.gauge("process_start_time_seconds", "Start, since the Unix epoch.",
                 info.startTimeSeconds);
}

} // namespace quiesce
