// SPDX-License-Identifier: GPL-3.0-only
// LogRecorder: keeps what one logging category says while it lives.
#pragma once

#include <QStringList>
#include <mutex>

namespace quiesce::test {

/// Takes the records of one category, `info: listening address=…`; others go where they went.
/// Several may live at once, destroyed in reverse order.
///
/// Thread: made and destroyed on one thread while no other logs; records may come from any.
class LogRecorder final
{
public:
    explicit LogRecorder(const char *category);
    ~LogRecorder();
    LogRecorder(const LogRecorder &) = delete;
    LogRecorder &operator=(const LogRecorder &) = delete;

    [[nodiscard]] QStringList lines() const;
    /// Those of that level: `debug`, `info`, `warning` or `critical`.
    [[nodiscard]] QStringList lines(QLatin1StringView level) const;

private:
    static void take(QtMsgType type, const QMessageLogContext &context, const QString &message);

    const QByteArray m_category;
    LogRecorder *const m_outer;
    QtMessageHandler m_previous;
    mutable std::mutex m_mutex;
    QStringList m_lines;
};

} // namespace quiesce::test
