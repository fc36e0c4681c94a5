// SPDX-License-Identifier: GPL-3.0-only
// DemoService: an ordinary quiesced of this machine to try the console with.
#pragma once

#include "console/client/discovery/processwatch.h"
#include "console/client/instancespec.h"

#include <QObject>
#include <QTimer>
#include <chrono>
#include <memory>

namespace quiesce {

/// Starts a quiesced on free loopback ports, with data, runtime and log files of its own below one
/// folder. It is a process of its own: it goes on when the console ends, and is found again by its
/// runtime file (a RuntimeFolder on runtimeDir() feeds noteAppeared()), also by a later console.
///
/// Thread:  event loop. Owns: no process, only the watch on it.
/// Emits:   stateChanged() for each; failed() instead of Running when it did not start.
/// Limits:  kStartTimeout until it is ready.
class DemoService final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kStartTimeout = std::chrono::seconds(30);

    enum class State : unsigned char { Idle, Starting, Running, Stopping };

    /// `program`: see findProgram(); empty when there is none.
    DemoService(const QString &folder, QString program, QObject *parent = nullptr);
    ~DemoService() override;

    /// The quiesced beside the console, in a build tree's `../service/`, or in PATH; else empty.
    [[nodiscard]] static QString findProgram(const QString &applicationDir);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QString runtimeDir() const { return m_folder + QStringLiteral("/run"); }
    /// What it says and why it failed.
    [[nodiscard]] QString logFile() const { return m_folder + QStringLiteral("/quiesced.log"); }

    void start();
    /// The graceful stop, as by `systemctl stop`; only when somebody asks for it.
    void stop();

public Q_SLOTS:
    /// Of any local instance: this knows its own.
    void noteAppeared(const quiesce::InstanceSpec &spec);

Q_SIGNALS:
    void stateChanged();
    void failed(const QString &why);

private:
    [[nodiscard]] bool prepare();
    [[nodiscard]] QString dataDir() const { return m_folder + QStringLiteral("/data"); }
    [[nodiscard]] bool watch(qint64 pid);
    void setState(State state);
    void fail(const QString &why);
    void takeEnd();
    [[nodiscard]] QString lastLogLine() const;

    QString m_folder;
    QString m_program;
    State m_state = State::Idle;
    std::unique_ptr<ProcessWatch> m_process;
    qint64 m_pid = 0;
    QTimer m_timer;
};

} // namespace quiesce
