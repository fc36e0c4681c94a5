// SPDX-License-Identifier: GPL-3.0-only
// SqliteLedger: the calls of a store, done on an SQLite file.
#pragma once

#include "service/jobs/sql/sqlledger.h"
#include "service/jobs/sqlite/storefile.h"

namespace quiesce {

class Clock;

/// One transaction a batch; a commit returns when it is on stable storage.
///
/// Thread:  one, from open() to close().
/// Limits:  what those of JobTable, StoreFile and JobStore come to.
class SqliteLedger final : public SqlLedger
{
public:
    /// The file keeps up to so many free pages for what comes; prune() gives the rest back, at most
    /// so many pages in one step.
    static constexpr int kKeptFreePages = 1'024;
    static constexpr int kFreedPages = 256;

    SqliteLedger(const QString &path, const Clock &clock);

    Answer<int> open(const QString &owner) override;
    Answer<int> openBeside(const QString &owner, const QString &predecessor) override;
    Answer<int> share(JobStore::Sharing how) override;
    Answer<Done> close() override;
    [[nodiscard]] bool isOpen() const override { return m_isOpen; }

    void begin() override;
    void commit() override;
    StoreError rollback() override;
    void probe() override;
    StoreFacts takeFacts() override;
    [[nodiscard]] QString fault() const override { return m_fault; }

protected:
    [[nodiscard]] bool freeRoom() override;

private:
    int rescueAll();
    Answer<int> takeOver();
    Answer<int> beginSharing();
    Answer<int> endSharing();
    Answer<int> look();
    /// Counts anew when the other process has changed something.
    void lookForChanges();
    Answer<int> failToOpen();
    void undo();

    const Clock &m_clock;
    StoreFile m_file;
    QString m_owner; ///< whose store this is
    QString m_predecessor; ///< whose running jobs are not to be rescued; empty: nobody's
    qint64 m_dataVersion = 0; ///< while shared, as it was last seen
    bool m_isShared = false;
    bool m_isOpen = false;
    bool m_isDamaged = false; ///< seen since open(): a fault that no probe ends
    QString m_fault;
    JobTable::KindCounts m_countsBefore; ///< the batch
    StoreFacts m_facts; ///< as of the last commit
};

} // namespace quiesce
