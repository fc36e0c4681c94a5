// SPDX-License-Identifier: GPL-3.0-only
// Logging: takes every Qt message of the process, writes it as a line and shows it to observers.
#pragma once

#include "service/host/logging/journal.h"
#include "service/host/logging/linewriter.h"
#include "service/host/logging/logrecord.h"

#include <QLoggingCategory>
#include <QMap>
#include <QProcessEnvironment>
#include <functional>
#include <mutex>

namespace quiesce {

/// The process's log while it lives; then the handler that was there before is put back.
///
/// Thread:  messages may come from any thread; everything else from the one that made it.
/// Limits:  one instance a process at a time, since Qt's message handler is one. A line that cannot
///          be written at once is dropped and counted; the count is logged before the next line
///          that can ("log lines dropped count=12"). A qFatal() still aborts.
/// Blocks:  never, but for a regular file's disk.
/// Order:   levels are set as QLoggingCategory's filter rules, so QT_LOGGING_RULES still wins.
class Logging final
{
public:
    using Observer = std::function<void(const LogRecord &)>;

    /// Auto format is text when `fd` is a terminal, and the journal's own, with fields, when it
    /// leads there. Colour needs a terminal that is not `dumb`, and NO_COLOR unset or empty.
    Logging(const LogSettings &settings, const QProcessEnvironment &environment, int fd);
    ~Logging();
    Logging(const Logging &) = delete;
    Logging &operator=(const Logging &) = delete;

    /// Debug shows the debug messages of Quiesce's own categories only.
    void setLevel(LogSettings::Level level);

    /// Called for each record, also for one whose line is dropped, on the thread that logs, one at
    /// a time. It must not block, nor add or remove observers; what it logs itself is not observed.
    [[nodiscard]] int addObserver(const Observer &observer);
    /// When it returns the observer is not running and will not be called again.
    void removeObserver(int id);

private:
    static void handleMessage(QtMsgType type, const QMessageLogContext &context,
                              const QString &text);
    void log(const LogRecord &record);
    void write(const LogRecord &record);
    [[nodiscard]] bool tryWrite(const LogRecord &record);
    [[nodiscard]] QByteArray format(const LogRecord &record) const;

    LogSettings::Format m_format;
    LogColour m_colour;
    std::mutex m_writeMutex;
    LineWriter m_writer;
    std::optional<Journal> m_journal; ///< instead of the writer, as long as it is there
    quint64 m_dropped = 0;
    std::mutex m_observersMutex;
    QMap<int, Observer> m_observers;
    int m_lastObserver = 0;
    QtMessageHandler m_previous = nullptr;
};

} // namespace quiesce
