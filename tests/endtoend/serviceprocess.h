// SPDX-License-Identifier: GPL-3.0-only
// ServiceProcess: a service as a process of its own, as an operator would run it.
#pragma once

#include "tests/endtoend/loopbackclient.h"

#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QTemporaryDir>
#include <functional>

namespace quiesce::test {

/// Runs a program on free ports, with data and runtime directories that go with this object.
///
/// Blocks:  each wait until its event, at most kLongestWait.
/// Owns:    the process: killed by the destructor, and by the kernel when the test itself dies.
/// When
///          the test has failed, the destructor shows the log.
class ServiceProcess final
{
public:
    struct Finished
    {
        int exitCode = -1; ///< -1: killed by a signal, or still running after kLongestWait
        QByteArray output;
        QByteArray errors;
    };

    /// `program` is quiesced when empty.
    explicit ServiceProcess(const QString &program = {});
    ~ServiceProcess();
    ServiceProcess(const ServiceProcess &) = delete;
    ServiceProcess &operator=(const ServiceProcess &) = delete;

    void setEnvironment(const QString &name, const QString &value);
    /// Runs in the child between fork and exec.
    void setBeforeExec(std::function<void()> prepare) { m_beforeExec = std::move(prepare); }

    /// Starts with these flags beside those for free ports and own directories; false when it is
    /// not ready, then waitForExit() says more. After an exit it may be started again.
    [[nodiscard]] bool start(const QStringList &flags = {});
    /// Runs with exactly these flags until it ends by itself.
    [[nodiscard]] Finished run(const QStringList &arguments);
    [[nodiscard]] QStringList ownDirectories() const;

    /// Of the last start; kept when the process has ended.
    [[nodiscard]] qint64 pid() const { return m_pid; }
    [[nodiscard]] quint16 trafficPort() const { return m_trafficPort; }
    [[nodiscard]] quint16 adminPort() const { return m_adminPort; }
    [[nodiscard]] QString path(const QString &name) const { return m_directory.filePath(name); }
    [[nodiscard]] QString dataDir() const { return path(QStringLiteral("data")); }
    [[nodiscard]] QString runtimeFile() const;
    void writeFile(const QString &name, const QByteArray &content) const;

    void signal(int number) const;
    /// What is sent to it from here on waits in the kernel.
    void freeze() const;
    void thaw() const;
    /// The one event loop takes what comes to the traffic listener in order: when this has been
    /// answered there, it has read whatever was sent there before. Not for a listener that closed.
    [[nodiscard]] bool hasCaughtUp() const;
    void say(const QByteArray &line); ///< to its standard input
    [[nodiscard]] qsizetype openSockets() const;

    /// The exit code; -1 when killed by a signal or not gone in time.
    [[nodiscard]] int waitForExit();
    [[nodiscard]] bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    [[nodiscard]] QByteArray output();

    /// The log records so far, as objects; what is no JSON object is an empty one.
    [[nodiscard]] QList<QJsonObject> log();
    [[nodiscard]] bool waitForLog(const QString &message, const QJsonObject &fields = {});
    [[nodiscard]] qsizetype countLog(const QString &message, const QJsonObject &fields = {});
    /// Of a stop: waits until it has come to this state.
    [[nodiscard]] bool waitForState(const QString &state);
    /// `inFlightAtStop+acceptedDuringStop = drained+cancelled+aborted` of the one report.
    [[nodiscard]] QString tally() const;
    /// `from to` of each change of state, in order.
    [[nodiscard]] QStringList transitions();

    [[nodiscard]] QStringList reportFiles() const;
    /// The one report; empty when there is none, or more than one.
    [[nodiscard]] QJsonObject report() const;

private:
    void launch(const QStringList &arguments);
    void readAll();

    QTemporaryDir m_directory;
    QProcess m_process;
    QProcessEnvironment m_environment;
    std::function<void()> m_beforeExec;
    QByteArray m_output;
    QByteArray m_errors;
    qint64 m_pid = 0;
    quint16 m_trafficPort = 0;
    quint16 m_adminPort = 0;
};

} // namespace quiesce::test
