// SPDX-License-Identifier: GPL-3.0-only
// LogRecord: one log event, and the two forms in which it is written.
#pragma once

#include "common/logline.h"
#include "common/settings.h"

#include <QDateTime>

class QJsonObject;

namespace quiesce {

/// `debug`, `info`, `warning`, `error`: on the wire, in the log and in settings.
[[nodiscard]] QLatin1StringView toWire(LogSettings::Level level);

struct LogRecord
{
    /// Longer messages are cut, so that no record is unbounded.
    static constexpr qsizetype kLongestMessage = 8'192;

    QDateTime at; ///< UTC
    LogSettings::Level level = LogSettings::Level::Info;
    QString category;
    QString text; ///< as it was logged
    QString message; ///< without the fields
    QList<LogField> fields; ///< of Quiesce's own categories only: other text is no LogLine
};

/// A fatal message is an error here; that the process then ends is not for the record.
[[nodiscard]] LogRecord makeLogRecord(const QDateTime &at, QtMsgType type, const QString &category,
                                      const QString &text);

enum class LogColour : unsigned char { None, Ansi };

/// `2026-01-31T12:00:00.123Z info quiesce.http listening address=127.0.0.1:8080` and a newline.
/// Whatever would not print is escaped.
[[nodiscard]] QByteArray toTextLine(const LogRecord &record, LogColour colour);

/// `at`, `level`, `category`, `message` and `fields`.
[[nodiscard]] QJsonObject toJson(const LogRecord &record);

/// One JSON object with `at`, `level`, `category`, `message` and `fields`, and a newline.
[[nodiscard]] QByteArray toJsonLine(const LogRecord &record);

} // namespace quiesce
