// SPDX-License-Identifier: GPL-3.0-only
// lastingPort: for a service that is to come back where it was.
#pragma once

#include <QtGlobal>

namespace quiesce::test {

/// A port of the loopback that is free, and that the kernel gives to nobody who asks for any: those
/// begin at 32,768 (Linux, ip_local_port_range). While a service restarts, whatever else runs
/// beside a test takes one of those.
[[nodiscard]] quint16 lastingPort();

} // namespace quiesce::test
