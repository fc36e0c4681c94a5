// SPDX-License-Identifier: GPL-3.0-only
// The kinds of jobs of the stock service: sleep, digest and the operator's commands.
#pragma once

namespace quiesce {

class Service;
struct JobSettings;

/// Adds the contract's kinds, each command of `[jobs.commands.NAME]` among them. Commands see of
/// this process's environment what their settings let through.
///
/// Order:  before Service::start(), once. That names are distinct is the configuration's to check.
void addStockJobs(Service &service, const JobSettings &settings);

} // namespace quiesce
