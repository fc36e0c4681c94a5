// SPDX-License-Identifier: GPL-3.0-only
// StoreFile: the file of the SQLite store: whether it is one, sound and ours, and made so.
#pragma once

#include "service/jobs/jobstore.h"
#include "service/jobs/sqlite/dialect.h"
#include "service/jobs/sqlite/schema.h"

namespace quiesce {

/// Opens the file, which is first looked at without changing it: one that a newer version made is
/// left as it is; one that is damaged is renamed, with its `-wal` and `-shm`, to
/// `<name>.damaged-<UTC time>`, and nothing is put in its place. Then it is made or migrated.
///
/// Whole files are checked (`PRAGMA quick_check`) up to kMaxCheckedBytes; a larger one only after
/// noteDamage(), since checking takes seconds then.
/// Blocks:  for the disk.
class StoreFile final
{
public:
    static constexpr qint64 kMaxCheckedBytes = 64 * 1'024 * 1'024;
    /// The write-ahead log is copied into the file at every so many pages, and is cut to so many
    /// bytes after a batch that made it larger.
    static constexpr int kWalPages = 4'096;
    static constexpr qint64 kMaxWalBytes = 64 * 1'024 * 1'024;
    static constexpr int kCacheKiB = 64 * 1'024; ///< of the file in memory, at most

    explicit StoreFile(QString path);

    /// @error Unavailable, TooNew, Damaged; the connection is closed then.
    Result<Done, StoreError> open(Connection &connection, const QDateTime &now,
                                  const QList<SchemaStep> &steps = schemaSteps());
    /// Beside another process that has it open Shared: nothing is set aside or migrated then, but
    /// is an error (Unavailable).
    Result<Done, StoreError> openBeside(Connection &connection,
                                        const QList<SchemaStep> &steps = schemaSteps());
    enum class Use : unsigned char {
        Alone, ///< no other process can open it; the quicker way
        Shared,
    };
    /// Closes and opens it again, that use of it instead of the one before.
    /// @error Unavailable; the connection is closed then.
    Result<Done, StoreError> reopen(Connection &connection, Use use) const;
    /// Puts the file aside, for a connection that is closed; says so in the error.
    [[nodiscard]] StoreError setAside(const QString &reason, const QDateTime &now) const;
    /// The next open() checks the whole file, whatever its size.
    void noteDamage() const;
    /// The error for what SQLite had, in words.
    [[nodiscard]] StoreError errorOf(const SqlFailure &failure) const;

private:
    using Step = Result<Done, StoreError>;

    [[nodiscard]] bool isNew() const;
    [[nodiscard]] bool isToBeChecked() const;
    [[nodiscard]] QString suspicionPath() const;
    Step inspect(Connection &connection, qsizetype newest, const QDateTime &now);
    Step judge(Connection &connection, qsizetype newest, const QDateTime &now);
    [[nodiscard]] Step configure(Connection &connection, Use use) const;
    Step migrate(Connection &connection, const QList<SchemaStep> &steps);
    /// Closes the connection; sets the file aside when that is what the failure means.
    [[nodiscard]] Failure<StoreError> giveUp(Connection &connection, const QDateTime &now) const;

    QString m_path;
};

} // namespace quiesce
