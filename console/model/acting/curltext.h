// SPDX-License-Identifier: GPL-3.0-only
// A change as the curl command that asks for the same, to paste into a shell or a runbook.
#pragma once

#include "console/client/command.h"
#include "console/client/instancespec.h"

namespace quiesce {

/// In single quotes, whatever it contains, so that a POSIX shell takes it as one word.
[[nodiscard]] QString shellQuoted(const QString &text);

/// The token is never in it: it is `$TOKEN`, which a local instance's is read into from its file.
[[nodiscard]] QString curlText(const InstanceSpec &spec, const CommandRequest &request);

} // namespace quiesce
