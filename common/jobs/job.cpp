// SPDX-License-Identifier: GPL-3.0-only
// The job as JSON, with the contract's keys, and the wire names.
#include "common/jobs/job.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kReasons{ RequeueReason::Stop, RequeueReason::Crash,
                               RequeueReason::LeaseLost };

QJsonValue utc(const QDateTime &at)
{
    return at.isValid() ? QJsonValue(at.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

template <typename T>
QJsonValue orNull(const std::optional<T> &value)
{
    return value ? QJsonValue(*value) : QJsonValue();
}

/// The value whose wire name this is.
template <typename T, size_t N>
std::optional<T> named(const std::array<T, N> &values, QStringView name)
{
    const auto found =
        std::find_if(values.begin(), values.end(), [&](T value) { return toWire(value) == name; });
    return found == values.end() ? std::nullopt : std::optional(*found);
}

} // namespace

QLatin1StringView toWire(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return "queued"_L1;
    case JobState::Scheduled:
        return "scheduled"_L1;
    case JobState::Running:
        return "running"_L1;
    case JobState::Succeeded:
        return "succeeded"_L1;
    case JobState::Failed:
        return "failed"_L1;
    case JobState::Cancelled:
        return "cancelled"_L1;
    }
    return {};
}

QLatin1StringView toWire(RequeueReason reason)
{
    switch (reason) {
    case RequeueReason::Stop:
        return "stop"_L1;
    case RequeueReason::Crash:
        return "crash"_L1;
    case RequeueReason::LeaseLost:
        return "lease-lost"_L1;
    }
    return {};
}

std::optional<JobState> jobStateFromWire(QStringView name)
{
    return named(kJobStates, name);
}

std::optional<RequeueReason> requeueReasonFromWire(QStringView name)
{
    return named(kReasons, name);
}

QJsonArray toJson(const QList<Job::Requeue> &requeues)
{
    QJsonArray rows;
    for (const Job::Requeue &requeue : requeues)
        rows.append(QJsonObject{ { u"at"_s, utc(requeue.at) },
                                 { u"reason"_s, QString(toWire(requeue.reason)) } });
    return rows;
}

QJsonObject toJson(const Job &job)
{
    return {
        { u"id"_s, job.id },
        { u"kind"_s, job.kind },
        { u"payload"_s, job.payload },
        { u"state"_s, QString(toWire(job.state)) },
        { u"progress"_s, orNull(job.progress) },
        { u"attempt"_s, job.attempt },
        { u"maxAttempts"_s, job.maxAttempts },
        { u"timeoutMs"_s,
          job.timeout ? QJsonValue(static_cast<qint64>(job.timeout->count())) : QJsonValue() },
        { u"requeues"_s, toJson(job.requeues) },
        { u"checkpoint"_s, orNull(job.checkpoint) },
        { u"result"_s, job.result },
        { u"error"_s, job.error.isEmpty() ? QJsonValue() : QJsonValue(job.error) },
        { u"createdAt"_s, utc(job.createdAt) },
        { u"runAt"_s, utc(job.runAt) },
        { u"startedAt"_s, utc(job.startedAt) },
        { u"finishedAt"_s, utc(job.finishedAt) },
        { u"owner"_s, job.owner.isEmpty() ? QJsonValue() : QJsonValue(job.owner) },
    };
}

} // namespace quiesce
