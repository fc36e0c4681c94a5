// SPDX-License-Identifier: GPL-3.0-only
// The sample routes of the stock service: /hello, /work, /echo.
#pragma once

namespace quiesce {

class Service;

/// Adds the contract's sample routes, which are there to try a stop on: work that takes a while
/// with or without a thread, obedient and stubborn.
void addStockRoutes(Service &service);

} // namespace quiesce
