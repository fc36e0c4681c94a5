// SPDX-License-Identifier: GPL-3.0-only
// DataDir: the directory for jobs, reports and the admin token, held by one instance at a time.
#pragma once

#include "common/result.h"
#include "service/host/posixfile.h"

#include <QString>

namespace quiesce {

/// Holds the data directory for as long as it lives.
///
/// The lock is flock(2) on `<dir>/lock`, so the kernel lets go of it however the holder ends, also
/// by SIGKILL; the file itself stays and only tells the holder's pid to whoever finds it taken.
/// Limits: on a network file system the lock is as good as that file system's flock.
class DataDir final
{
public:
    /// Makes the directory (0700) and `reports/` in it when missing, and takes the lock.
    /// @error why it is not usable, naming the pid that holds it; the program then exits 69.
    [[nodiscard]] static Result<DataDir, QString> open(const QString &path);
    /// The same with the lock of a process that hands over to this one, which both have then. The
    /// lock of another directory is given up, and this one's is taken; see isShared().
    [[nodiscard]] static Result<DataDir, QString> adopt(const QString &path, FileDescriptor lock);

    [[nodiscard]] const QString &path() const { return m_path; }
    /// Whoever finds it taken is told of this process from now on; after adopt().
    void sign() const;
    /// To be handed over; it stays this one's.
    [[nodiscard]] int lock() const { return m_lock.get(); }
    /// Whether the lock is that of a process that hands over.
    [[nodiscard]] bool isShared() const { return m_isShared; }
    [[nodiscard]] QString reportsPath() const { return m_path + QStringLiteral("/reports"); }

private:
    DataDir(QString path, FileDescriptor lock);

    QString m_path;
    FileDescriptor m_lock;
    bool m_isShared = false;
};

} // namespace quiesce
