// SPDX-License-Identifier: GPL-3.0-only
// LogRelay: see the header.
#include "service/logrelay.h"

#include "service/http/events/eventhub.h"

#include <QThread>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

LogRecord droppedRecord(qint64 count)
{
    const QString text = LogLine("log events dropped").with("count", count).toString();
    return makeLogRecord(QDateTime::currentDateTimeUtc(), QtWarningMsg, u"quiesce.events"_s, text);
}

} // namespace

LogRelay::LogRelay(Logging &logging, EventHub &events, QObject *parent)
    : QObject(parent)
    , m_logging(logging)
    , m_events(events)
    , m_observer(logging.addObserver([this](const LogRecord &record) { take(record); }))
{
    connect(&events, &EventHub::aboutToFinish, this, &LogRelay::deliver);
}

LogRelay::~LogRelay()
{
    m_logging.removeObserver(m_observer);
}

void LogRelay::take(const LogRecord &record)
{
    if (record.level < LogSettings::Level::Warning)
        return;
    if (QThread::currentThread() == thread() && m_isDelivering)
        return;
    const std::scoped_lock lock(m_mutex);
    if (m_queued.size() < kMaxQueued)
        m_queued.append(record);
    else
        ++m_dropped;
    if (!std::exchange(m_isPosted, true))
        QMetaObject::invokeMethod(this, &LogRelay::deliver, Qt::QueuedConnection);
}

void LogRelay::deliver()
{
    QList<LogRecord> records;
    {
        const std::scoped_lock lock(m_mutex);
        m_isPosted = false;
        records = std::exchange(m_queued, {});
        if (const qint64 dropped = std::exchange(m_dropped, 0); dropped > 0)
            records.append(droppedRecord(dropped));
    }
    if (!m_events.isWanted())
        return;
    m_isDelivering = true;
    for (const LogRecord &record : std::as_const(records))
        m_events.publish(QByteArrayLiteral("log"), toJson(record));
    m_isDelivering = false;
}

} // namespace quiesce
