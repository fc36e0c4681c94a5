// SPDX-License-Identifier: GPL-3.0-only
// The body of POST /v1/jobs, and of each answer about jobs.
#pragma once

#include "common/result.h"
#include "service/http/refusal.h"
#include "service/jobs/jobqueue.h"

#include <QHttpServerResponse>

namespace quiesce {

/// Reads `kind`, `payload`, `timeoutMs`, `maxAttempts` and `runAt`. The body is parsed once; what
/// is in it is checked by the queue, which knows the kinds.
/// @error what BodyReader says.
[[nodiscard]] Result<JobRequest, Refusal> readSubmission(const QByteArray &contentType,
                                                         const QByteArray &body,
                                                         const QByteArray &idempotencyKey);

/// The most that a page of jobs holds as text, but for its last job: one is always on it.
inline constexpr qsizetype kMaxPageBytes = qsizetype{ 4 } * 1'024 * 1'024;

[[nodiscard]] QHttpServerResponse jobResponse(const Job &job,
                                              QHttpServerResponse::StatusCode status);
[[nodiscard]] QHttpServerResponse foundResponse(const Job &job); ///< 200
[[nodiscard]] QHttpServerResponse cancelledResponse(const Job &job); ///< 202
/// 201 for a new one, else 200; with its Location.
[[nodiscard]] QHttpServerResponse submittedResponse(const Submitted &submitted);
/// `{"items": […], "next": ID or null}`; cut at kMaxPageBytes, `next` then says where.
[[nodiscard]] QHttpServerResponse pageResponse(const JobPage &page);
/// Text, as it was written; Quiesce-Output-Dropped says how many bytes before it are gone.
[[nodiscard]] QHttpServerResponse outputResponse(const JobOutput &output);

/// 404 `no-such-job`, 409 `job-ended`, 413 `payload-too-large`, 422 `unknown-kind`, `bad-payload`,
/// `bad-request` and `key-reused`, 503 `too-many-waiting` and `store-unavailable`.
[[nodiscard]] Refusal refusalOf(const JobError &error);

} // namespace quiesce
