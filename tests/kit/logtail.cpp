// SPDX-License-Identifier: GPL-3.0-only
// LogTail: a message handler for the time of a test.
#include "tests/kit/logtail.h"

#include <atomic>

namespace quiesce::test {

namespace {

std::atomic<LogTail *> s_innermost{ nullptr }; // a message handler has no context

QByteArray nameOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return "debug";
    case QtInfoMsg:
        return "info";
    case QtWarningMsg:
        return "warning";
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return "error";
}

} // namespace

LogTail::LogTail()
    : m_outer(s_innermost.exchange(this))
    , m_previous(qInstallMessageHandler(&LogTail::take))
{ }

LogTail::~LogTail()
{
    qInstallMessageHandler(m_previous);
    s_innermost = m_outer;
}

QByteArrayList LogTail::last(qsizetype lines) const
{
    const std::lock_guard lock(m_mutex);
    return m_lines.mid(std::max<qsizetype>(0, m_lines.size() - lines));
}

void LogTail::keep(const QByteArray &line)
{
    const std::lock_guard lock(m_mutex);
    m_lines.append(line);
    if (m_lines.size() > kLines)
        m_lines.removeFirst();
}

void LogTail::take(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    LogTail *outermost = nullptr;
    const QByteArrayView category(context.category);
    for (LogTail *tail = s_innermost.load(); tail; tail = tail->m_outer) {
        if (category.startsWith("quiesce."))
            tail->keep(nameOf(type) + ' ' + category.toByteArray() + ' ' + message.toUtf8());
        outermost = tail;
    }
    if (outermost && outermost->m_previous)
        outermost->m_previous(type, context, message);
}

} // namespace quiesce::test
