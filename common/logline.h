// SPDX-License-Identifier: GPL-3.0-only
// LogLine: a fixed message with key=value fields, the one form every log record of ours has.
#pragma once

#include <QJsonValue>
#include <QLatin1StringView>
#include <QList>
#include <QString>
#include <chrono>
#include <concepts>

namespace quiesce {

/// A field's value as it will be written. Strings are quoted when they need it, also when they
/// look like a number, so that reading a line back gives the types that were written.
class LogValue final
{
public:
    LogValue(QStringView text); // NOLINT(google-explicit-constructor): callers write the value
    LogValue(const QString &text) // NOLINT(google-explicit-constructor)
        : LogValue(QStringView(text))
    { }
    LogValue(QLatin1StringView text) // NOLINT(google-explicit-constructor)
        : LogValue(QString(text))
    { }
    /// Taken as UTF-8; what is not valid shows as U+FFFD.
    LogValue(QByteArrayView utf8) // NOLINT(google-explicit-constructor)
        : LogValue(QString::fromUtf8(utf8))
    { }
    LogValue(const QByteArray &utf8) // NOLINT(google-explicit-constructor)
        : LogValue(QByteArrayView(utf8))
    { }
    template <size_t N>
    LogValue(const char (&literal)[N]) // NOLINT(google-explicit-constructor)
        : LogValue(QLatin1StringView(literal, N - 1))
    { }
    LogValue(std::same_as<bool> auto value) // NOLINT(google-explicit-constructor)
        : m_text(value ? QStringLiteral("true") : QStringLiteral("false"))
    { }
    template <std::integral T>
    requires(!std::same_as<T, bool>) LogValue(T number) // NOLINT(google-explicit-constructor)
        : m_text(QString::number(number))
    { }
    LogValue(double number); // NOLINT(google-explicit-constructor)
    /// As formatDuration() gives it: `took=250ms`. Finer parts than a millisecond are dropped.
    LogValue(std::chrono::milliseconds duration); // NOLINT(google-explicit-constructor)
    template <typename Rep, typename Period>
    LogValue(std::chrono::duration<Rep, Period> duration) // NOLINT(google-explicit-constructor)
        : LogValue(std::chrono::duration_cast<std::chrono::milliseconds>(duration))
    { }

    [[nodiscard]] const QString &text() const { return m_text; }

private:
    QString m_text;
};

struct LogField
{
    QString key;
    QJsonValue value; ///< a string, a number or a bool

    friend bool operator==(const LogField &, const LogField &) = default;
};

struct ParsedLogLine
{
    QString message;
    QList<LogField> fields; ///< as written, in that order
};

/// Puts a log record together: `listening address=127.0.0.1:8080`.
///
///     qCInfo(lcHttp).noquote() << LogLine("listening").with("address", a).toString();
///
/// Values with spaces, quotes, `=` or anything that does not print are JSON strings, so a record is
/// one line whatever a client sent. The message is fixed text without `=`; keys are camelCase.
class LogLine final
{
public:
    explicit LogLine(QLatin1StringView message);
    template <size_t N>
    explicit LogLine(const char (&message)[N])
        : LogLine(QLatin1StringView(message, N - 1))
    { }

    LogLine &with(QLatin1StringView key, const LogValue &value) &;
    LogLine &&with(QLatin1StringView key, const LogValue &value) &&;
    template <size_t N>
    LogLine &with(const char (&key)[N], const LogValue &value) &
    {
        return with(QLatin1StringView(key, N - 1), value);
    }
    template <size_t N>
    LogLine &&with(const char (&key)[N], const LogValue &value) &&
    {
        return std::move(with(QLatin1StringView(key, N - 1), value));
    }

    [[nodiscard]] QString toString() const { return m_line; }

    /// Reads toString() back. A line that is not of this form is all message and has no fields.
    [[nodiscard]] static ParsedLogLine parse(QStringView line);

private:
    QString m_line;
};

} // namespace quiesce
