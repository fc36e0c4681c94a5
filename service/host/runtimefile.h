// SPDX-License-Identifier: GPL-3.0-only
// RuntimeFile: tells consoles and scripts of this machine where a running instance is reached.
#pragma once

#include "common/result.h"
#include "service/host/posixfile.h"

#include <QList>
#include <QString>

namespace quiesce {

struct RuntimeInfo
{
    qint64 pid = 0;
    QString name;
    QString instanceId;
    QString trafficUrl;
    QString adminUrl;
    QString tokenFile;
};

/// `<runtime-dir>/<pid>.json`, there while this object lives.
///
/// The file is held with flock(2) from before it is visible, so a file that nobody holds belongs to
/// a run that is gone, whatever has become of its pid, also in another PID namespace. Such files of
/// our user are removed when one is written; files that are not runtime files are never touched.
/// Order: to be written only once the service is ready.
class RuntimeFile final
{
public:
    /// Makes the directory (0700) when missing. Appears complete, mode 0600.
    /// @error why it cannot be written.
    [[nodiscard]] static Result<RuntimeFile, QString> write(const QString &directory,
                                                            const RuntimeInfo &info);
    /// What the files in the directory say whose instances are running, of our user, in no order.
    [[nodiscard]] static QList<RuntimeInfo> living(const QString &directory);

    RuntimeFile(RuntimeFile &&) noexcept = default;
    RuntimeFile &operator=(RuntimeFile &&) = delete;
    /// Removes the file, unless another one stands in its place.
    ~RuntimeFile();

    [[nodiscard]] const QString &path() const { return m_path; }

private:
    RuntimeFile(QString path, FileDescriptor fd);

    QString m_path;
    FileDescriptor m_fd; ///< holds the lock
};

} // namespace quiesce
