// SPDX-License-Identifier: GPL-3.0-only
// EventQueue: see the header.
#include "service/http/events/eventqueue.h"

namespace quiesce {

StreamEventPtr EventQueue::push(const StreamEventPtr &event)
{
    Q_ASSERT(m_events.empty() || m_events.rbegin()->first <= event->id);
    StreamEventPtr replaced;
    if (!event->subject.isEmpty()) {
        if (const auto waiting = m_replaceable.constFind(event->subject);
            waiting != m_replaceable.cend())
            replaced = take(*waiting);
    }
    // Among equal ids a multimap keeps the order of insertion.
    const auto at = m_events.emplace(event->id, event);
    m_bytes += event->bytes.size() + kEntryBytes;
    if (event->isReplaceable)
        m_replaceable.insert(event->subject, at);
    return replaced;
}

StreamEventPtr EventQueue::takeFirst()
{
    Q_ASSERT(!m_events.empty());
    return take(m_events.begin());
}

QList<StreamEventPtr> EventQueue::takeReplaceable()
{
    QList<StreamEventPtr> taken;
    while (!m_replaceable.isEmpty())
        taken.append(take(*m_replaceable.cbegin()));
    return taken;
}

void EventQueue::clear()
{
    m_replaceable = {};
    m_events.clear();
    m_bytes = 0;
}

QList<StreamEventPtr> EventQueue::after(quint64 id) const
{
    QList<StreamEventPtr> events;
    for (auto at = m_events.upper_bound(id); at != m_events.end(); ++at)
        events.append(at->second);
    return events;
}

StreamEventPtr EventQueue::take(Events::iterator at)
{
    StreamEventPtr event = std::move(at->second);
    m_events.erase(at);
    m_bytes -= event->bytes.size() + kEntryBytes;
    if (event->isReplaceable)
        m_replaceable.remove(event->subject);
    return event;
}

} // namespace quiesce
