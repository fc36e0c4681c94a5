// SPDX-License-Identifier: GPL-3.0-only
// LinkTiming: how long an InstanceClient waits for what.
#pragma once

#include <chrono>

namespace quiesce {

/// Tests shorten these.
struct LinkTiming
{
    std::chrono::milliseconds staleAfter{ 3'000 }; ///< silence; stats come four times a second
    std::chrono::milliseconds cutAfter{ 20'000 }; ///< silence; a comment comes each 15 s
    std::chrono::milliseconds connectTimeout{ 5'000 };
    std::chrono::milliseconds firstRetry{ 500 };
    std::chrono::milliseconds longestRetry{ 30'000 };
    std::chrono::milliseconds answerTimeout{ 10'000 }; ///< of a REST call
    std::chrono::milliseconds refresh{ 1'000 }; ///< from one look to the next while stopping
    std::chrono::milliseconds tokenPoll{ 1'000 }; ///< of a token file that is not good
};

} // namespace quiesce
