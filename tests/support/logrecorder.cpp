// SPDX-License-Identifier: GPL-3.0-only
// LogRecorder: a message handler for the time of a test.
#include "tests/support/logrecorder.h"

#include <QRegularExpression>
#include <atomic>

namespace quiesce::test {

namespace {

std::atomic<LogRecorder *> s_recorder{ nullptr }; // a message handler has no context of its own

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
{
    Q_ASSERT(!s_recorder.load());
    s_recorder = this;
    m_previous = qInstallMessageHandler(&LogRecorder::take);
}

LogRecorder::~LogRecorder()
{
    qInstallMessageHandler(m_previous);
    s_recorder = nullptr;
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
    LogRecorder &self = *s_recorder.load();
    if (self.m_category != context.category) {
        self.m_previous(type, context, message);
        return;
    }
    const std::lock_guard lock(self.m_mutex);
    self.m_lines << nameOf(type) + QStringLiteral(": ") + message;
}

} // namespace quiesce::test
