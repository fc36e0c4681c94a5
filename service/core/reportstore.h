// SPDX-License-Identifier: GPL-3.0-only
// ReportStore: keeps the stop reports of this and earlier runs under <data-dir>/reports.
#pragma once

#include "common/lifecycle/stopreport.h"
#include "common/result.h"

#include <QJsonObject>
#include <QList>
#include <QString>

namespace quiesce {

/// Writes each report atomically (write, fsync, rename) into a file of its own and reads them back.
///
/// Thread:  event loop. Blocks: for one small file with fsync; used at the very end of a stop.
/// Limits:  the newest kKept reports are kept, older ones are removed when one is written; a file
///          that is not a report is passed over with a warning and never touched.
class ReportStore final
{
public:
    static constexpr int kKept = 100;
    static constexpr qint64 kMaxReportBytes = 1'024 * 1'024;

    /// An empty folder keeps nothing: write() succeeds and does nothing.
    explicit ReportStore(QString folder);

    /// @error the path and the system's reason, for people.
    [[nodiscard]] Result<QString, QString> write(const StopReport &report) const;
    /// Newest first, at most `limit`.
    [[nodiscard]] QList<QJsonObject> read(int limit = kKept) const;

private:
    QString m_folder;
};

} // namespace quiesce
