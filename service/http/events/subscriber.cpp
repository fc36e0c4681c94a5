// SPDX-License-Identifier: GPL-3.0-only
// Subscriber: see the header.
#include "service/http/events/subscriber.h"

#include <utility>

namespace quiesce {

Subscriber::~Subscriber()
{
    if (AnswerStream *stream = std::exchange(m_stream, nullptr))
        stream->cut();
}

void Subscriber::begin(AnswerStream &stream, const QByteArray &preamble,
                       const QList<StreamEventPtr> &events)
{
    m_stream = &stream;
    m_preamble = preamble;
    for (const StreamEventPtr &event : events)
        m_queue.push(event);
    m_limit = kMaxBehindBytes + m_queue.bytes();
    stream.begin(*this);
    pump();
}

void Subscriber::push(const StreamEventPtr &event)
{
    if (!m_stream)
        return;
    if (const StreamEventPtr replaced = m_queue.push(event))
        m_observer.eventDropped(*replaced);
    pump();
    if (m_stream && behind() > m_limit)
        makeRoom();
}

void Subscriber::beat()
{
    m_isBeatDue = true;
    pump();
}

void Subscriber::finish()
{
    m_isFinishing = true;
    pump();
}

void Subscriber::streamFlushed()
{
    pump();
}

void Subscriber::streamEnded()
{
    if (!std::exchange(m_stream, nullptr))
        return; // its own destructor ends it
    m_queue.clear();
    m_observer.subscriberEnded();
}

/// Any write may end the stream.
void Subscriber::pump()
{
    while (m_stream && m_stream->bytesToWrite() == 0 && hasSomething())
        m_stream->write(takeBatch());
    if (!m_stream || hasSomething())
        return;
    m_limit = kMaxBehindBytes;
    if (std::exchange(m_isFinishing, false))
        m_stream->finish();
}

QByteArray Subscriber::takeBatch()
{
    QByteArray batch = std::exchange(m_preamble, {});
    if (std::exchange(m_isBeatDue, false))
        batch.append(":\n\n");
    while (!m_queue.isEmpty() && batch.size() < kMaxWriteBytes) {
        const StreamEventPtr event = m_queue.takeFirst();
        if (batch.isEmpty())
            batch = event->bytes; // alone it is not copied
        else
            batch.append(event->bytes);
    }
    return batch;
}

bool Subscriber::hasSomething() const
{
    return !m_queue.isEmpty() || m_isBeatDue || !m_preamble.isEmpty();
}

void Subscriber::makeRoom()
{
    const QList<StreamEventPtr> dropped = m_queue.takeReplaceable();
    for (const StreamEventPtr &event : dropped)
        m_observer.eventDropped(*event);
    if (behind() <= m_limit)
        return;
    m_observer.subscriberCut();
    m_stream->cut();
}

} // namespace quiesce
