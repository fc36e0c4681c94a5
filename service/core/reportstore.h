// SPDX-License-Identifier: GPL-3.0-only
// ReportStore: keeps the stop reports of this and earlier runs under <data-dir>/reports.
#pragma once

#include "common/lifecycle/stopreport.h"
#include "common/result.h"

#include <QJsonObject>
#include <QList>
#include <QString>

namespace quiesce {

/// Writes each report atomically (write, rename) into a file of its own,
/// `<stoppedAt, yyyyMMddTHHmmss.zzzZ>-<instanceId>.json`, and reads them back.
///
/// Thread:  event loop. Blocks: for one small file, not for the disk; used at the end of a stop.
/// Limits:  the newest kKept reports are kept, older ones are removed when one is written. A file
///          that is not a report is never touched; one named like a report is passed over with a
///          warning.
class ReportStore final
{
public:
    static constexpr int kKept = 100;
    static constexpr qint64 kMaxReportBytes = 1'024 * 1'024;

    /// An empty name keeps nothing: write() succeeds and does nothing. The folder is made by the
    /// first write().
    explicit ReportStore(QString folder);

    /// The path written, empty when nothing is kept.
    /// @error the path and the system's reason, for people; nothing half written is left behind.
    [[nodiscard]] Result<QString, QString> write(const StopReport &report) const;
    /// Newest first, at most `limit`.
    [[nodiscard]] QList<QJsonObject> read(int limit = kKept) const;

private:
    QString m_folder;
};

} // namespace quiesce
