// SPDX-License-Identifier: GPL-3.0-only
// Options: what the command line asks for, checked.
#pragma once

#include "common/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <chrono>
#include <csignal>
#include <optional>

namespace quiesce::rehearse {

using Duration = std::chrono::microseconds;

enum class Method : unsigned char { Get, Post };
enum class Progress : unsigned char { Shown, Quiet };
enum class ReportFormat : unsigned char { Text, Json };

struct Range
{
    Duration min{ 0 };
    Duration max{ 0 };
};

struct Options
{
    QStringList command; ///< empty: no server is started or stopped, only load is made
    QString url = QStringLiteral("http://127.0.0.1:{port}/"); ///< {port}: one picked for each stop
    QString readyPath; ///< empty: the path of url
    int clients = 64; ///< on kept-alive connections
    int fresh = 8; ///< with a fresh connection for each request
    int idle = 0; ///< that ask once and then keep their connection open, silent
    Duration think{ 2'000 }; ///< each pause is uniform in 0…think
    Method method = Method::Get;
    qint64 bodyBytes = 0;
    QByteArray jsonBody; ///< what each POST sends; empty: bodyBytes without meaning
    int stops = 10;
    int signal = SIGTERM;
    Range settle{ std::chrono::milliseconds(200), std::chrono::milliseconds(600) };
    Duration timeout = std::chrono::seconds(30); ///< signal to exit; then SIGKILL
    Duration startTimeout = std::chrono::seconds(15);
    int inFlight = 0; ///< requests to slowPath, begun shortly before the signal
    QString slowPath;
    qint64 requests = 0; ///< how many to make when there is no command
    int maxLost = 0;
    std::optional<int> expectedExit; ///< none: any exit code is fine
    quint64 seed = 0;
    QString logFile; ///< empty: the server's output is discarded
    Progress progress = Progress::Shown;
    ReportFormat format = ReportFormat::Text;
};

/// What the command line came to: options to run with, or a text to print instead.
struct Invocation
{
    Options options;
    QString answer; ///< of --help and --version; not empty: print it and leave
};

/// @error every fault found, one a line, each naming its option.
Result<Invocation, QString> parseOptions(const QStringList &arguments);

} // namespace quiesce::rehearse
