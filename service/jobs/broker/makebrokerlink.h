// SPDX-License-Identifier: GPL-3.0-only
// makeBrokerLink(): the broker that the settings name, if this build can speak with it.
#pragma once

#include "common/result.h"
#include "common/secret.h"
#include "common/settings.h"

#include <functional>
#include <memory>

namespace quiesce {

class BrokerLink;
class Clock;

/// Makes the link, not started yet; to be called once.
using MakeBrokerLink = std::function<std::unique_ptr<BrokerLink>(Clock &clock)>;

/// Of settings whose dispatch is not the store's. Nobody is connected to.
/// @error what is wrong with jobs.broker and its companions, or that this build cannot; for people.
[[nodiscard]] Result<MakeBrokerLink, QString> makeBrokerLink(const JobSettings &settings,
                                                             Secret password);

} // namespace quiesce
