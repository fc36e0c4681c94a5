// SPDX-License-Identifier: GPL-3.0-only
// Stop reports for tests.
#include "tests/console/support/samplereport.h"

#include "common/utc.h"

namespace quiesce::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QList<StopReport::Phase> phases(const QDateTime &at, std::chrono::milliseconds lameDuck,
                                std::chrono::milliseconds draining,
                                std::chrono::milliseconds stopping)
{
    return {
        { .name = u"lame-duck"_s, .startedAt = at, .duration = lameDuck },
        { .name = u"draining"_s, .startedAt = at.addMSecs(lameDuck.count()), .duration = draining },
        { .name = u"stopping"_s,
          .startedAt = at.addMSecs((lameDuck + draining).count()),
          .duration = stopping }
    };
}

StopReport::Slow slow(const QString &label, const QString &outcome, std::chrono::milliseconds age,
                      const QDateTime &endedAt)
{
    return { .kind = u"request"_s,
             .id = u"r-"_s + label,
             .label = label,
             .outcome = outcome,
             .age = age,
             .endedAt = endedAt,
             .method = {},
             .route = {} };
}

} // namespace

StopReport plainReport(int minute)
{
    StopReport report;
    report.name = u"orders"_s;
    report.instanceId = u"instance-%1"_s.arg(minute);
    report.version = u"2.4.1"_s;
    report.cause.kind = StopCause::Kind::Signal;
    report.cause.signal = u"SIGTERM"_s;
    report.requestedAt = quiesce::utcAt(QDate(2026, 3, 9), QTime(8, 0)).addSecs(minute * 60);
    report.phases = phases(report.requestedAt, 5s, 8'400ms, 350ms);
    report.stoppedAt = report.requestedAt.addMSecs(13'750);
    report.requests = { .inFlightAtStop = 42, .drained = 57, .acceptedDuringStop = 15 };
    report.jobs = { .runningAtStop = 2, .finished = 2 };
    report.hooks = { { .name = u"flush outbox"_s, .duration = 180ms, .result = u"ok"_s },
                     { .name = u"close database"_s, .duration = 160ms, .result = u"ok"_s } };
    const auto ended = [&report](std::chrono::milliseconds after) {
        return report.requestedAt.addMSecs(after.count());
    };
    report.slowest = { slow(u"POST /v1/orders/import"_s, u"drained"_s, 12'200ms, ended(13'400ms)),
                       slow(u"GET /v1/orders/{id}"_s, u"drained"_s, 3'100ms, ended(7'250ms)) };
    return report;
}

StopReport richReport(int minute)
{
    StopReport report = plainReport(minute);
    report.outcome = StopOutcome::Incomplete;
    report.exitCode = 75;
    report.cause.kind = StopCause::Kind::Api;
    report.cause.signal.clear();
    report.cause.actor = u"m.ortega"_s;
    report.cause.role = u"operator"_s;
    report.cause.remoteAddress = u"10.20.0.7"_s;
    report.cause.reason = u"Rolling upgrade to 2.4.2, change 8841"_s;
    report.phases = phases(report.requestedAt, 0ms, 20s, 3'600ms);
    report.requests = {
        .inFlightAtStop = 61, .drained = 60, .cancelled = 3, .aborted = 2, .acceptedDuringStop = 4
    };
    report.jobs = { .runningAtStop = 4, .finished = 1, .requeued = 2, .abandoned = 1 };
    report.hooks = {
        { .name = u"flush outbox"_s, .duration = 420ms, .result = u"ok"_s },
        { .name = u"hand over leases"_s, .duration = 1'900ms, .result = u"timed-out"_s },
        { .name = u"close search index"_s, .duration = 900ms, .result = u"failed"_s },
        { .name = u"close database"_s, .duration = 0ms, .result = u"skipped"_s }
    };
    const auto ended = [&report](std::chrono::milliseconds after) {
        return report.requestedAt.addMSecs(after.count());
    };
    report.slowest = {
        slow(u"GET /v1/reports/yearly/{year}/export"_s, u"cancelled"_s, 48'300ms, ended(20'000ms)),
        slow(u"POST /v1/orders/import"_s, u"aborted"_s, 26'900ms, ended(20'000ms)),
        slow(u"GET /v1/events"_s, u"cancelled"_s, 24'000ms, ended(19'600ms)),
        slow(u"POST /v1/invoices/{id}/render"_s, u"drained"_s, 17'600ms, ended(16'100ms)),
        slow(u"GET /v1/orders/{id}"_s, u"drained"_s, 6'200ms, ended(9'300ms)),
        slow(u"GET /v1/customers"_s, u"drained"_s, 900ms, ended(400ms))
    };
    return report;
}

} // namespace quiesce::test
