// SPDX-License-Identifier: GPL-3.0-only
// EventParser: the bytes of a text/event-stream in, its events out.
#pragma once

#include <QByteArray>
#include <QList>
#include <chrono>
#include <optional>

namespace quiesce {

/// One event of a stream. Everything is UTF-8 as it came; what is not valid shows as U+FFFD once it
/// is made a QString, as the specification wants it.
struct ServerEvent
{
    QByteArray type; ///< `message` when the stream names none
    QByteArray data; ///< its lines joined by LF
    QByteArray id; ///< the last id seen, perhaps with an earlier event

    friend bool operator==(const ServerEvent &, const ServerEvent &) = default;
};

/// Takes a stream apart as it comes, in pieces cut anywhere.
///
/// Thread:  any one. Owns: the line and the event that are not complete yet.
/// Limits:  kMaxLineBytes without its end, kMaxEventBytes of data (with one LF a line). Beyond
///          either it is faulty, once and for all: a stream must not fill the memory, and an event
///          left out in silence would be missed.
/// Source:  WHATWG HTML, section 9.2.6, "Interpreting an event stream".
class EventParser final
{
public:
    static constexpr qsizetype kMaxLineBytes = 1024 * 1024;
    static constexpr qsizetype kMaxEventBytes = 4 * 1024 * 1024;
    /// A longer `retry` is taken as this.
    static constexpr std::chrono::milliseconds kLongestRetry = std::chrono::hours(24);

    /// The events that these bytes complete, in order. What a stream's end leaves incomplete is, by
    /// the specification, no event.
    [[nodiscard]] QList<ServerEvent> feed(QByteArrayView bytes);
    /// A limit was exceeded; events before that have been returned, none will follow.
    [[nodiscard]] bool isFaulty() const { return m_isFaulty; }

    /// What to resume with: the id as of the last empty line. Empty when there is none.
    [[nodiscard]] const QByteArray &lastEventId() const { return m_lastEventId; }
    /// How long the server wants a client to wait before it reconnects, once it has said.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return m_retry; }

private:
    void takeLine(QByteArrayView line, QList<ServerEvent> &events);
    void takeField(QByteArrayView name, QByteArrayView value);
    void takeRetry(QByteArrayView value);
    void endEvent(QList<ServerEvent> &events);

    QByteArray m_line; ///< the beginning of one whose end has not come
    QByteArray m_type;
    QByteArray m_data; ///< each line with its LF
    QByteArray m_idSeen; ///< kept from event to event
    QByteArray m_lastEventId;
    std::optional<std::chrono::milliseconds> m_retry;
    bool m_isFirstLine = true; ///< a byte order mark may stand before it
    bool m_hasEndedWithCr = false; ///< then LF belongs to that end
    bool m_isFaulty = false;
};

} // namespace quiesce
