// SPDX-License-Identifier: GPL-3.0-only
// RuntimeFolder: finds the instances of this machine by the runtime files they leave.
#pragma once

#include "console/client/discovery/localinstance.h"
#include "console/client/discovery/processwatch.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <chrono>
#include <map>

class QProcessEnvironment;

namespace quiesce {

/// Watches folders for `<pid>.json`, also folders that are not there yet; never polls.
///
/// Thread:  event loop. Owns: its watches.
/// Emits:   appeared() and vanished() in turns for each admin URL: a process that takes another's
///          place is first vanished(), then appeared(). A process that dies without removing its
///          file has vanished as well.
/// Limits:  kMaxLocal instances and kMaxEntries files a folder; more are passed over.
/// Blocks:  for the reading of those files, at start() and when something has changed.
class RuntimeFolder final : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t kMaxLocal = 256;
    static constexpr int kMaxEntries = 1'024;
    static constexpr std::chrono::milliseconds kSettle{ 20 }; ///< changes are gathered so long

    /// Where a quiesced of this environment, and one under systemd, writes its runtime file.
    [[nodiscard]] static QStringList standardFolders(const QProcessEnvironment &environment);

    /// The last name of a folder may be a pattern, "/run/quiesce*".
    explicit RuntimeFolder(QStringList folders, QObject *parent = nullptr);

    /// Looks at once, emits what is there, and goes on watching.
    void start();

Q_SIGNALS:
    void appeared(const quiesce::InstanceSpec &spec);
    void vanished(const QString &id);

private:
    struct Known
    {
        LocalInstance local;
        std::unique_ptr<ProcessWatch> process;
    };
    using Found = std::map<QString, LocalInstance>; ///< by id

    void updateWatches();
    bool changeWatches();
    void scheduleScan();
    void scan();
    [[nodiscard]] Found find() const;
    void forgetAllBut(const Found &found);
    void learn(const LocalInstance &local);

    QStringList m_folders;
    QFileSystemWatcher m_watcher;
    QTimer m_settle;
    std::map<QString, Known> m_known;
};

} // namespace quiesce
