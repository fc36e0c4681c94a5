// SPDX-License-Identifier: GPL-3.0-only
// AuditLog: who asked for which change, and what became of it.
#pragma once

#include "common/lifecycle/stopcause.h"

#include <QDateTime>
#include <QJsonObject>
#include <QObject>
#include <deque>

class QFile;

namespace quiesce {

class Clock;

/// One change that somebody asked for.
struct AuditEntry
{
    /// `stop`, `quiesce`, `resume`, `extend`, `force`, `cancel-request`, `cancel-job`, `reload`,
    /// `replace`
    QString action;
    QString target; ///< what of: a request's or job's id, an extension's length; empty: the service
                    ///< itself
    StopCause cause; ///< who and why
    QString refusal; ///< the stable code why it was refused; empty: accepted
};

/// Keeps the last kKept entries, in memory and as lines of JSON in `<data-dir>/audit.jsonl`.
///
/// Thread:  event loop. Blocks: for one small write, not for the disk.
/// Emits:   recorded() for each record(), after it is kept.
/// Limits:  kKept entries, each of at most kMaxEntryBytes (texts are cut, see kMaxTextLength); the
///          file is rewritten atomically when it holds twice as many lines.
/// Errors:  a file with lines that are no entries is copied to `audit.jsonl.damaged`, with a
///          warning, and goes on with the lines that are. When the file cannot be written (a full
///          disk), a warning says so once, the entry stays in memory, and the next record() writes
///          all of them again. The folder must exist.
/// Source:  not forced to the disk, as stop reports are not: a process that dies loses nothing.
class AuditLog final : public QObject
{
    Q_OBJECT

public:
    static constexpr int kKept = 1'000;
    static constexpr int kMaxTextLength = 1'024; ///< of an actor, a reason, a target
    static constexpr qint64 kMaxEntryBytes = 32 * 1'024;

    /// An empty name keeps entries in memory only.
    explicit AuditLog(const Clock &clock, QString file, QObject *parent = nullptr);

    /// Reads what another process has written into the file; so does each record(). Two that write
    /// at the same moment may give the same id.
    void refresh();
    void record(const AuditEntry &entry);
    /// Oldest first. Each: `id`, `at`, `action`, `target`, `result` (`accepted`, `refused`), `code`
    /// and the keys of the contract's `cause`.
    [[nodiscard]] const std::deque<QJsonObject> &entries() const { return m_entries; }

Q_SIGNALS:
    void recorded(const QJsonObject &entry);

private:
    void load();
    [[nodiscard]] QString readLines(QFile &file);
    void setAside(const QString &damage);
    void append(const QJsonObject &entry);
    [[nodiscard]] QString tryAppend(const QJsonObject &entry);
    [[nodiscard]] QString tryRewrite();

    const Clock &m_clock;
    QString m_file;
    std::deque<QJsonObject> m_entries;
    qint64 m_lastId = 0;
    int m_lines = 0; ///< in the file
    qint64 m_size = 0; ///< of the file, as this process has left or read it
    bool m_mustRewrite = false; ///< the file is not what it should be
    bool m_hasWarned = false;
};

} // namespace quiesce
