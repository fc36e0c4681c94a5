// SPDX-License-Identifier: GPL-3.0-only
// CommandSettings: a kind of job that runs a program, as the operator configured it.
#pragma once

#include <QJsonValue>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <chrono>

namespace quiesce {

/// One field of a command's payload: what a client may put into the arguments.
struct CommandField
{
    enum class Type : unsigned char { Integer, String, Enum, Boolean, Path };

    static constexpr int kMaxStringLength = 16'384;
    /// What a JSON number holds exactly.
    static constexpr qint64 kMaxInteger = qint64{ 9'007'199'254'740'991 };

    QString name = {}; ///< 1 to 64 letters, digits and "_", beginning with a letter
    Type type = Type::String;
    qint64 min = 0; ///< Integer
    qint64 max = kMaxInteger; ///< Integer
    int maxLength = 1'024; ///< String: UTF-16 code units
    QString pattern = {}; ///< String: a regular expression that must fit all of it; empty: any text
    QStringList values = {}; ///< Enum
    QStringList roots = {}; ///< Path: it must lie below one of these folders
    bool mustExist = true; ///< Path: a regular file; else its folder must exist
    bool mayBeOption = false; ///< may begin an argument with "-"
    bool isRequired = true; ///< only without a default
    QJsonValue defaultValue = QJsonValue::Undefined;

    friend bool operator==(const CommandField &, const CommandField &) = default;
};

/// How far a command is, as told by lines of its output. A pattern with one group captures a
/// number, one with three groups hours, minutes and seconds, which make seconds.
struct CommandProgress
{
    QString pattern = {}; ///< empty: the command tells no progress
    double scale = 1; ///< what was captured is multiplied by it
    double total = 1; ///< what is reached at the end
    QString totalField = {}; ///< an integer field with the total; it wins over `total`
    QString totalPattern = {}; ///< the total is found in the output; it wins over both

    friend bool operator==(const CommandProgress &, const CommandProgress &) = default;
};

/// `[jobs.commands.NAME]`. No shell is anywhere near it: the program is executed with exactly the
/// arguments that the template makes.
struct CommandSettings
{
    /// When a command that runs while the service stops is told to end.
    enum class OnStop : unsigned char {
        Finish, ///< at the deadline: until then it may end by itself
        Terminate, ///< at once: for what could never finish in time
    };

    QString name; ///< the job's kind
    QString program; ///< an absolute path
    /// The template, in groups: a group is left out as a whole when a field named in it has no
    /// value. See expandArguments().
    QList<QStringList> arguments;
    QString workingDir = QStringLiteral("/");
    QStringList inheritEnvironment; ///< names of the service's variables that it sees, too
    QMap<QString, QString> environment; ///< and these values; there is no other variable
    std::chrono::milliseconds timeout{ 0 }; ///< for one attempt; 0: jobs.timeout
    /// From SIGTERM to SIGKILL. In a stop, should be below stop.cancel_grace: after that the
    /// service leaves, and all is killed.
    std::chrono::milliseconds killAfter{ 1'000 };
    int maxRunning = 0; ///< at a time; 0: jobs.max_running
    int maxAttempts = 0; ///< 0: jobs.max_attempts
    qint64 memory = 0; ///< address space of each of its processes (RLIMIT_AS); 0: no limit
    std::chrono::milliseconds cpu{ 0 }; ///< CPU time of each process (RLIMIT_CPU); 0: no limit
    qint64 maxFileBytes = 0; ///< of any file that it writes (RLIMIT_FSIZE); 0: no limit
    qint64 maxOutputBytes = qint64{ 1'024 } * 1'024 * 1'024; ///< stdout and stderr; 0: no limit
    QList<int> finalExitCodes; ///< another attempt would not help
    OnStop onStop = OnStop::Finish;
    CommandProgress progress;
    /// A line of output that fits, and what its one group captures is kept as a checkpoint, which
    /// the next attempt finds in the placeholder {resume}. Empty: each attempt starts anew.
    QString resumePattern;
    QList<CommandField> fields;

    friend bool operator==(const CommandSettings &, const CommandSettings &) = default;
};

/// The placeholder that stands for what resumePattern captured; no field may be called so.
inline constexpr QLatin1StringView kResumeField{ "resume" };

} // namespace quiesce
