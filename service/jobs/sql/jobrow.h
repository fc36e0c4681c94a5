// SPDX-License-Identifier: GPL-3.0-only
// JobRow: a job as its row has it, and the forms of its columns.
#pragma once

#include "service/jobs/sql/connection.h"
#include "service/jobs/storedjob.h"

namespace quiesce {

/// What may be too large for a job's row, by its number in the table `parts`.
enum class Part : unsigned char { Payload, Checkpoint, Result, Output };

/// Its bit in the column `spilled`.
[[nodiscard]] constexpr int bitOf(Part part)
{
    return 1 << static_cast<int>(part);
}

/// A document as the row has it: here, or elsewhere because it is large.
struct RowDocument
{
    static constexpr qsizetype kMaxInlineBytes = 256; ///< of what is written

    QByteArray bytes; ///< null: there is none
    bool isSpilled = false;

    [[nodiscard]] static RowDocument of(const QByteArray &bytes)
    {
        return { bytes, bytes.size() > kMaxInlineBytes };
    }
    [[nodiscard]] QByteArray inlined() const { return isSpilled ? QByteArray() : bytes; }
};

/// A job as read. The documents' bytes are kept, so that those which a transition leaves alone are
/// written back as they were.
struct JobRow
{
    StoredJob stored;
    RowDocument payload;
    RowDocument checkpoint;
    RowDocument result;
};

/// The row of a statement that selects a whole job, but for the bytes of what has spilled.
[[nodiscard]] JobRow readRow(const Statement &statement);
/// Fills the job's documents from the bytes.
void decodeDocuments(JobRow &row);

[[nodiscard]] QByteArray toKey(const QString &id); ///< 16 bytes; null when it is no id
[[nodiscard]] QString idOf(const QVariant &key);
[[nodiscard]] QVariant toMs(const QDateTime &at); ///< null when invalid
[[nodiscard]] QDateTime fromMs(const QVariant &ms);
[[nodiscard]] QVariant toRow(const QList<Job::Requeue> &requeues);

template <typename T>
[[nodiscard]] QVariant orNull(const std::optional<T> &value)
{
    return value ? QVariant(*value) : QVariant();
}

} // namespace quiesce
