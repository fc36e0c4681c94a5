// SPDX-License-Identifier: GPL-3.0-only
// SqliteJobStore: see the header.
#include "service/jobs/sqlite/sqlitejobstore.h"

#include "service/jobs/sqlite/sqliteledger.h"

namespace quiesce {

using namespace Qt::StringLiterals;

SqliteJobStore::SqliteJobStore(const QString &path, Clock &clock, QObject *parent)
    : ThreadedJobStore(
        clock, [path, &clock] { return std::make_unique<SqliteLedger>(path, clock); },
        kLongestProbe, parent)
{ }

QLatin1StringView SqliteJobStore::engine() const
{
    return "sqlite"_L1;
}

} // namespace quiesce
