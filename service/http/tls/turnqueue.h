// SPDX-License-Identifier: GPL-3.0-only
// TurnQueue: work that no descriptor announces, a little at each turn of the event loop.
#pragma once

#include <QObject>
#include <chrono>

namespace quiesce {

class TurnQueue;

/// One place in one queue at a time; leaves it when destroyed.
class TurnTaker
{
public:
    TurnTaker() = default;
    TurnTaker(const TurnTaker &) = delete;
    TurnTaker &operator=(const TurnTaker &) = delete;
    virtual ~TurnTaker() { leaveQueue(); }

protected:
    /// May destroy this and any other.
    virtual void takeTurn() = 0;
    void leaveQueue();

private:
    friend class TurnQueue;
    TurnQueue *m_queue = nullptr;
    TurnTaker *m_previous = nullptr;
    TurnTaker *m_next = nullptr;
};

/// Calls those who wait, first come first served, each once a turn of the event loop at most.
///
/// Why:     a TLS handshake costs up to milliseconds of CPU, and bytes that OpenSSL has read ahead
///          wake no poller. Neither may hold up the event loop, nor call itself in a circle.
/// Thread:  event loop only. Owns: nothing; it must outlive those who wait, or they leave before.
/// Limits:  kPerTurn of CPU a turn and one call more; the rest waits for the next turn, after
///          whatever else is due.
class TurnQueue final
{
public:
    static constexpr std::chrono::milliseconds kPerTurn{ 2 };

    TurnQueue() = default;
    TurnQueue(const TurnQueue &) = delete;
    TurnQueue &operator=(const TurnQueue &) = delete;
    ~TurnQueue();

    /// Who waits already keeps its place.
    void add(TurnTaker &taker);
    [[nodiscard]] int size() const { return m_size; }

private:
    friend class TurnTaker;
    void unlink(TurnTaker &taker);
    void runLater();
    void run();

    QObject m_eventLoop;
    TurnTaker *m_first = nullptr;
    TurnTaker *m_last = nullptr;
    int m_size = 0;
    bool m_isCalled = false; ///< run() will be
};

} // namespace quiesce
