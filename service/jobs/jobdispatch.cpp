// SPDX-License-Identifier: GPL-3.0-only
// JobDispatch: what there is to do where the store itself tells of new jobs: nothing.
#include "service/jobs/jobdispatch.h"

namespace quiesce {

void JobDispatch::announce(const Job &, std::function<void()> told)
{
    told();
}

void JobDispatch::settle(const QString &, const std::optional<Job> &)
{ }

} // namespace quiesce
