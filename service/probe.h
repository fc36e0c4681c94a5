// SPDX-License-Identifier: GPL-3.0-only
// What an orchestrator asks of a running instance from beside it: quiesced --probe readyz.
#pragma once

#include "common/settings.h"
#include "service/host/configuration/configuration.h"

#include <chrono>

namespace quiesce {

/// For everything from connecting to the last byte of the answer: with the start of the program
/// less than the time-out of any orchestrator's exec probe should be.
inline constexpr std::chrono::milliseconds kProbeTimeout{ 2'000 };

/// Asks the admin listener that these settings describe for `/<check>`.
///
/// An address that means all of them is asked on loopback. With port 0 it is the one instance that
/// the runtime directory knows. With tls.admin_certificate the peer must show exactly that
/// certificate, whatever its name and dates: it is asked whether that instance is well, not whether
/// clients will trust it.
/// Blocks:  at most kProbeTimeout. Opens no data directory and holds nothing.
/// Returns: kExitOk and no text for 200; kExitProbeFailed and a line with the reason for anything
///          else; kExitConfiguration when the certificate cannot be read.
[[nodiscard]] EarlyExit probe(const Settings &settings, const QString &check);

} // namespace quiesce
