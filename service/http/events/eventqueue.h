// SPDX-License-Identifier: GPL-3.0-only
// EventQueue: events in the order of their ids, without those that later ones make superfluous.
#pragma once

#include "service/http/events/streamevent.h"

#include <QHash>
#include <QList>
#include <map>

namespace quiesce {

/// What waits for a subscriber, and what the hub keeps for those that come back.
///
/// Thread:  event loop. Owns: its share of the events' bytes.
/// Limits:  none of its own: whoever fills it looks at count() and bytes().
class EventQueue final
{
public:
    /// What an entry costs beside its bytes, about.
    static constexpr qsizetype kEntryBytes = 128;

    EventQueue() = default;
    EventQueue(const EventQueue &) = delete; // m_replaceable points into m_events
    EventQueue &operator=(const EventQueue &) = delete;

    /// Appends the event, whose id is that of the last one or higher. Returns what it replaced, or
    /// null.
    StreamEventPtr push(const StreamEventPtr &event);
    /// The oldest; the queue must not be empty.
    StreamEventPtr takeFirst();
    /// Lets go of everything that is replaceable, and returns it.
    QList<StreamEventPtr> takeReplaceable();
    void clear();

    /// Those with a higher id, in order.
    [[nodiscard]] QList<StreamEventPtr> after(quint64 id) const;
    [[nodiscard]] bool isEmpty() const { return m_events.empty(); }
    [[nodiscard]] qsizetype count() const { return static_cast<qsizetype>(m_events.size()); }
    [[nodiscard]] qsizetype bytes() const { return m_bytes; } ///< with kEntryBytes for each

private:
    using Events = std::multimap<quint64, StreamEventPtr>;
    StreamEventPtr take(Events::iterator at);

    Events m_events;
    QHash<QByteArray, Events::iterator> m_replaceable; ///< by subject
    qsizetype m_bytes = 0;
};

} // namespace quiesce
