// SPDX-License-Identifier: GPL-3.0-only
// makeJobStore(): see the header.
#include "service/jobs/makejobstore.h"

#include "service/jobs/memoryjobstore.h"
#include "service/jobs/sqlite/sqlitejobstore.h"

namespace quiesce {

std::unique_ptr<JobStore> makeJobStore(const QString &path, Clock &clock)
{
    if (path.isEmpty())
        return std::make_unique<MemoryJobStore>(clock);
    return std::make_unique<SqliteJobStore>(path, clock);
}

} // namespace quiesce
