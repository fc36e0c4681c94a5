// SPDX-License-Identifier: GPL-3.0-only
// CommandProcess: one run of a program under its supervisor, with bounded reading of its output.
#pragma once

#include "service/core/filedescriptor.h"
#include "service/jobs/kinds/supervisor.h"

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>
#include <QString>
#include <QStringList>
#include <array>
#include <memory>
#include <optional>

namespace quiesce {

/// How a run ended.
struct CommandEnd
{
    enum class How : unsigned char {
        Exited, ///< see code
        Killed, ///< by a signal, see code
        NotStarted, ///< see reason
        Lost, ///< its supervisor was killed; what it left was killed, too
    };

    How how = How::Lost;
    int code = 0; ///< exit code or signal
    QString reason; ///< of NotStarted, for people
    bool isTransient = false; ///< of NotStarted: it may well work later
    bool hasSurvivors = false; ///< a process of it could not be killed; see kKillPatience
    std::chrono::milliseconds cpu{ 0 };
    qint64 peakBytes = 0;
};

/// Runs one program, once.
///
/// Thread:  the one it is made on, with an event loop.
/// Owns:    the supervisor and, through it, every process of the command.
/// Emits:   output() as it is read; ended() once, last, when no process of the command is left.
/// Order:   start() once. requestStop() may come at any time, more than once.
/// Limits:  reads at most kReadBytes of each stream at a turn of the event loop; a program that
///          writes faster waits in its pipe, of which nothing is kept here. What it wrote before it
///          ended is read in full, at most what two pipes hold.
/// Blocks:  start() for one fork(). The destructor of a run that has not ended kills it and waits
///          for that, at most kAbandonWait.
/// Costs:   until the command ends, memory of the service that it changes meanwhile is kept twice,
///          because the supervisor is its copy.
class CommandProcess final : public QObject
{
    Q_OBJECT

public:
    enum class Stream : unsigned char { Output, Error };
    Q_ENUM(Stream)
    static constexpr qsizetype kReadBytes = 64 * 1'024;
    static constexpr std::chrono::seconds kAbandonWait{ 2 };

    struct Spec
    {
        QString program = {}; ///< absolute
        QStringList arguments = {}; ///< without the program's name
        QStringList environment = {}; ///< "NAME=value"
        QString workingDir = {};
        std::chrono::milliseconds killAfter{ 0 };
        std::chrono::milliseconds cpu{ 0 }; ///< rounded up to seconds; 0: no limit
        qint64 memory = 0; ///< 0: no limit
        qint64 maxFileBytes = 0; ///< 0: no limit
    };

    explicit CommandProcess(QObject *parent = nullptr);
    ~CommandProcess() override;

    /// How it went comes by ended(), also when it could not be started.
    void start(const Spec &spec);
    /// SIGTERM to the command's process group; killAfter later, or when the command itself has
    /// ended, SIGKILL to all its processes.
    void requestStop();

Q_SIGNALS:
    void output(quiesce::CommandProcess::Stream stream, const QByteArray &bytes);
    void ended(const quiesce::CommandEnd &end);

private:
    struct Reader
    {
        FileDescriptor fd;
        std::unique_ptr<QSocketNotifier> notifier;
    };

    [[nodiscard]] QString openChannels(CommandLaunch &launch);
    [[nodiscard]] QString fork(const Spec &spec, CommandLaunch &launch);
    void listen();
    [[nodiscard]] bool readSome(Stream stream);
    void drain(Stream stream);
    void takeEnd();
    [[nodiscard]] CommandEnd readReports() const;
    void failLater(const QString &reason);

    pid_t m_supervisor = -1;
    FileDescriptor m_supervisorFd; ///< a pidfd
    FileDescriptor m_control;
    std::array<Reader, 2> m_readers; ///< by Stream
    std::array<FileDescriptor, 4> m_childEnds; ///< only within start()
    std::unique_ptr<QSocketNotifier> m_endNotifier;
};

} // namespace quiesce
