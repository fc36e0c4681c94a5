// SPDX-License-Identifier: GPL-3.0-only
// GraceWatch: see the header.
#include "service/http/metrics/gracewatch.h"

#include "common/logline.h"
#include "common/units.h"
#include "service/http/metrics/httpmeter.h"

#include <QLoggingCategory>
#include <algorithm>

namespace quiesce {

using std::chrono::milliseconds;

Q_LOGGING_CATEGORY(lcGrace, "quiesce.grace")

namespace {

constexpr double kShare = 0.99;

bool has(const QList<GraceWatch::Shortfall> &list, const QString &route)
{
    return std::any_of(list.begin(), list.end(),
                       [&](const GraceWatch::Shortfall &one) { return one.route == route; });
}

} // namespace

GraceWatch::GraceWatch(Clock &clock, HttpMeter &meter, milliseconds grace)
    : m_clock(clock)
    , m_meter(meter)
    , m_grace(grace)
    , m_alarm(clock.makeAlarm([this] { look(); }))
{
    if (grace.count() > 0)
        meter.watchSlow(grace, [this] { slowEnded(); });
}

void GraceWatch::slowEnded()
{
    if (!std::exchange(m_isLookingSoon, true))
        m_alarm->setAt(m_clock.now() + kLookAfter);
}

QStringList GraceWatch::notes() const
{
    QStringList notes;
    for (const Shortfall &one : m_shortfalls) {
        notes.append(
            QStringLiteral("requests of %1 take up to %2 (p99), stop.grace is %3: %4 short")
                .arg(one.route, formatDuration(one.needed), formatDuration(m_grace),
                     formatDuration(one.missing)));
    }
    return notes;
}

void GraceWatch::look()
{
    m_isLookingSoon = false;
    const QList<Shortfall> before = std::exchange(m_shortfalls, find());
    for (const Shortfall &one : std::as_const(m_shortfalls)) {
        if (has(before, one.route))
            continue;
        qCWarning(lcGrace).noquote() << LogLine("grace is shorter than requests take")
                                            .with("route", one.route)
                                            .with("p99", one.needed)
                                            .with("grace", m_grace)
                                            .with("missing", one.missing)
                                            .toString();
    }
    for (const Shortfall &one : before) {
        if (!has(m_shortfalls, one.route))
            qCInfo(lcGrace).noquote()
                << LogLine("grace is enough again").with("route", one.route).toString();
    }
    if (!m_shortfalls.isEmpty())
        m_alarm->setAt(m_clock.now() + LatencyHistogram::kWindow);
}

QList<GraceWatch::Shortfall> GraceWatch::find() const
{
    QList<Shortfall> found;
    const SteadyTime now = m_clock.now();
    for (const RouteStats &route : m_meter.routes()) {
        if (route.latencies.count(now) < kLeastSamples)
            continue;
        const auto needed = std::chrono::ceil<milliseconds>(*route.latencies.quantile(kShare, now));
        if (needed > m_grace)
            found.append({ route.pattern, needed, needed - m_grace });
    }
    return found;
}

} // namespace quiesce
