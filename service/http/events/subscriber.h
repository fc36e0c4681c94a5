// SPDX-License-Identifier: GPL-3.0-only
// Subscriber: one client of the event stream, and what waits for it.
#pragma once

#include "service/http/answerstream.h"
#include "service/http/events/eventqueue.h"

namespace quiesce {

class Subscriber;

/// Told by a Subscriber what becomes of it and of its events.
class SubscriberObserver
{
public:
    virtual void eventDropped(const StreamEvent &event) = 0;
    /// It was too far behind; subscriberEnded() follows.
    virtual void subscriberCut() = 0;
    /// Once, last. Must not destroy it: it is still at work.
    virtual void subscriberEnded() = 0;

protected:
    ~SubscriberObserver() = default;
};

/// Writes when the kernel has taken what was written before; until then events wait in a queue, in
/// which the replaceable ones (stats, job progress, periodic snapshots) are one of a kind.
///
/// Thread:  event loop.
/// Limits:  when more than kMaxBehindBytes wait, what is replaceable goes, and when that is not
///          enough the subscriber is cut. A replay counts on top until it is through. The queue
///          holds bytes that all subscribers share; kMaxWriteBytes and one event are its own.
class Subscriber final : private AnswerStreamObserver
{
public:
    static constexpr qsizetype kMaxBehindBytes = 1024 * 1024;
    static constexpr qsizetype kMaxWriteBytes = 64 * 1024; ///< what one write gathers

    explicit Subscriber(SubscriberObserver &observer)
        : m_observer(observer)
    { }
    /// Cuts the stream when it has not ended.
    ~Subscriber();
    Subscriber(const Subscriber &) = delete;
    Subscriber &operator=(const Subscriber &) = delete;

    /// Begins the stream with a preamble and these events, whatever their size.
    void begin(AnswerStream &stream, const QByteArray &preamble,
               const QList<StreamEventPtr> &events);
    void push(const StreamEventPtr &event);
    /// A comment, now or as soon as it takes something again.
    void beat();
    /// Ends in order once everything pushed is out.
    void finish();
    [[nodiscard]] bool hasEnded() const { return !m_stream; }

private:
    void streamFlushed() override;
    void streamEnded() override;
    void pump();
    [[nodiscard]] QByteArray takeBatch();
    [[nodiscard]] bool hasSomething() const;
    [[nodiscard]] qsizetype behind() const { return m_queue.bytes() + m_stream->bytesToWrite(); }
    void makeRoom();

    SubscriberObserver &m_observer;
    AnswerStream *m_stream = nullptr;
    EventQueue m_queue;
    QByteArray m_preamble;
    qsizetype m_limit = kMaxBehindBytes;
    bool m_isBeatDue = false;
    bool m_isFinishing = false;
};

} // namespace quiesce
