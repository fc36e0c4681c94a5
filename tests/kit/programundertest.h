// SPDX-License-Identifier: GPL-3.0-only
// ProgramUnderTest: a service as a process of its own, as an operator would run it.
#pragma once

#include "tests/kit/serviceundertest.h"

#include <QProcess>
#include <QTemporaryDir>
#include <functional>

namespace quiesce::test {

/// Runs a program on free ports, with data and runtime directories that go with this object. Any
/// program will do that takes quiesced's flags (Program does) and prints its ready line.
///
/// Thread:  the test's, which needs no event loop.
/// Blocks:  each wait until its event, at most kLongestWait.
/// Owns:    the process: killed by the destructor, and by the kernel when the test itself dies.
///          When the test has failed, the destructor shows the log.
/// Limits:  log records are read where they are JSON, as they are unless a flag says otherwise.
///          Environment variables QUIESCE_… of the test are kept from it.
class ProgramUnderTest : public ServiceUnderTest
{
public:
    struct Finished
    {
        int exitCode = -1; ///< -1: killed by a signal, or still running after kLongestWait
        QByteArray output;
        QByteArray errors;
    };

    /// `program` is a path, or a name on PATH.
    explicit ProgramUnderTest(const QString &program);
    ~ProgramUnderTest() override;

    void setEnvironment(const QString &name, const QString &value);
    /// Runs in the child between fork and exec, where only async-signal-safe calls are allowed.
    void setBeforeExec(std::function<void()> prepare) { m_beforeExec = std::move(prepare); }

    /// Starts with these flags beside those for free ports and own directories; false when it is
    /// not ready, then waitForExit() says more. After an exit it may be started again.
    [[nodiscard]] bool start(const QStringList &flags = {});
    /// Runs with exactly these flags until it ends by itself.
    [[nodiscard]] Finished run(const QStringList &arguments);
    [[nodiscard]] QStringList ownDirectories() const;

    /// Of the last start; kept when the process has ended.
    [[nodiscard]] qint64 pid() const { return m_pid; }
    [[nodiscard]] quint16 trafficPort() const override { return m_trafficPort; }
    [[nodiscard]] quint16 adminPort() const override { return m_adminPort; }
    [[nodiscard]] Waiting waiting() const override { return Waiting::Alone; }
    [[nodiscard]] QByteArray operatorToken() const override;
    [[nodiscard]] QString path(const QString &name) const { return m_directory.filePath(name); }
    [[nodiscard]] QString dataDir() const { return path(QStringLiteral("data")); }
    [[nodiscard]] QString runtimeFile() const;
    void writeFile(const QString &name, const QByteArray &content) const;

    /// By kill(2), so that the test process is the sender. Nothing when it has ended.
    void signal(int number) const;
    void requestStop() override; ///< SIGTERM
    /// What is sent to it from here on waits in the kernel.
    void freeze() const;
    void thaw() const;
    void say(const QByteArray &line); ///< to its standard input
    [[nodiscard]] qsizetype openSockets() const;

    [[nodiscard]] int waitForExit() override;
    [[nodiscard]] bool isRunning() const override
    {
        return m_process.state() != QProcess::NotRunning;
    }
    [[nodiscard]] QByteArray output();

    /// The log records so far, as objects; what is no JSON object is an empty one.
    [[nodiscard]] QList<QJsonObject> log();
    [[nodiscard]] bool waitForLog(const QString &message, const QJsonObject &fields = {});
    [[nodiscard]] qsizetype countLog(const QString &message, const QJsonObject &fields = {});
    [[nodiscard]] bool waitForState(const QString &state) override;
    [[nodiscard]] QList<StateSeen> states() override;
    [[nodiscard]] QByteArrayList logTail(qsizetype lines) override;

    [[nodiscard]] QStringList reportFiles() const;
    [[nodiscard]] QJsonObject report() const override;

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
