// SPDX-License-Identifier: GPL-3.0-only
// LogRecorder: a message handler for the time of a test.
#include "tests/support/logrecorder.h"

#include <QRegularExpression>
#include <atomic>

namespace quiesce::test {

namespace {

std::atomic<LogRecorder *> s_innermost{ nullptr }; // a message handler has no context

QLatin1StringView nameOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return QLatin1StringView("debug");
    case QtInfoMsg:
        return QLatin1StringView("info");
    case QtWarningMsg:
        return QLatin1StringView("warning");
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return QLatin1StringView("critical");
}

} // namespace

LogRecorder::LogRecorder(const char *category)
    : m_category(category)
    , m_outer(s_innermost.exchange(this))
    , m_previous(qInstallMessageHandler(&LogRecorder::take))
{ }

LogRecorder::~LogRecorder()
{
    qInstallMessageHandler(m_previous);
    s_innermost = m_outer;
}

QStringList LogRecorder::lines() const
{
    const std::lock_guard lock(m_mutex);
    return m_lines;
}

QStringList LogRecorder::lines(QLatin1StringView level) const
{
    return lines().filter(QRegularExpression(QLatin1Char('^') + level + QLatin1Char(':')));
}

void LogRecorder::take(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    LogRecorder *recorder = s_innermost.load();
    while (recorder->m_category != context.category) {
        if (!recorder->m_outer) {
            recorder->m_previous(type, context, message);
            return;
        }
        recorder = recorder->m_outer;
    }
    const std::lock_guard lock(recorder->m_mutex);
    recorder->m_lines << nameOf(type) + QStringLiteral(": ") + message;
}

} // namespace quiesce::test
