// SPDX-License-Identifier: GPL-3.0-only
// What REST answers hold, as values, for those that only look.
#pragma once

#include "console/client/http/restcall.h"
#include "console/client/instanceclient.h"

namespace quiesce {

/// The rows of `{"items": […], "next": …}` that can be read.
/// @error of anything that is not 2xx; `bad-answer` when it is no such list.
[[nodiscard]] Result<Page<StopReport>, FetchError> reportsOf(const RestAnswer &answer);
[[nodiscard]] Result<Page<Blocker>, FetchError> requestsOf(const RestAnswer &answer);
[[nodiscard]] Result<Page<Job>, FetchError> jobsOf(const RestAnswer &answer);
[[nodiscard]] Result<Page<AuditEvent>, FetchError> auditOf(const RestAnswer &answer);

[[nodiscard]] Result<Job, FetchError> jobOf(const RestAnswer &answer);
[[nodiscard]] Result<Snapshot, FetchError> snapshotOf(const RestAnswer &answer);
[[nodiscard]] Result<Role, FetchError> roleOf(const RestAnswer &answer);
[[nodiscard]] Result<QByteArray, FetchError> bytesOf(const RestAnswer &answer);
/// Also of 503, which is how one that is not ready answers.
[[nodiscard]] Result<QString, FetchError> readinessOf(const RestAnswer &answer);

} // namespace quiesce
