// SPDX-License-Identifier: GPL-3.0-only
// LogTail: the last lines of what is logged in this process while it lives.
#pragma once

#include <QByteArrayList>
#include <mutex>

namespace quiesce::test {

/// Keeps the last kLines messages of the categories quiesce.*, as `info quiesce.http listening
/// address=…`; all go where they went, too.
///
/// Thread:  made and destroyed on one thread while no other logs; messages may come from any.
/// Order:   several may live at once, destroyed in reverse order.
class LogTail final
{
public:
    static constexpr qsizetype kLines = 200;

    LogTail();
    ~LogTail();
    LogTail(const LogTail &) = delete;
    LogTail &operator=(const LogTail &) = delete;

    [[nodiscard]] QByteArrayList last(qsizetype lines) const;

private:
    static void take(QtMsgType type, const QMessageLogContext &context, const QString &message);
    void keep(const QByteArray &line);

    LogTail *const m_outer;
    QtMessageHandler m_previous;
    mutable std::mutex m_mutex;
    QByteArrayList m_lines;
};

} // namespace quiesce::test
