// SPDX-License-Identifier: GPL-3.0-only
// LogRelay: brings warnings and errors from whatever thread logs them to the event stream.
#pragma once

#include "service/host/logging/logging.h"

#include <QList>
#include <QObject>
#include <mutex>

namespace quiesce {

class EventHub;

/// Publishes each warning and error as a `log` event.
///
/// Thread:  lives on the hub's; records come from any and are queued.
/// Owns:    its place among the log's observers. The log and the hub must outlive it.
/// Order:   what was logged before the hub finishes is published before its final event.
/// Limits:  kMaxQueued records wait for the event loop; of more only the number is published. What
///          is logged while it publishes is not published: that could go on for ever.
class LogRelay final : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxQueued = 256;

    LogRelay(Logging &logging, EventHub &events, QObject *parent = nullptr);
    ~LogRelay() override;

private:
    void take(const LogRecord &record);
    void deliver();

    Logging &m_logging;
    EventHub &m_events;
    std::mutex m_mutex; ///< for the three below
    QList<LogRecord> m_queued;
    qint64 m_dropped = 0;
    bool m_isPosted = false;
    bool m_isDelivering = false; ///< on its own thread only
    int m_observer;
};

} // namespace quiesce
