// SPDX-License-Identifier: GPL-3.0-only
// FakeStream: an answer stream whose client reads when the test says so.
#pragma once

#include "common/eventstream/eventparser.h"
#include "service/http/answerstream.h"

#include <QStringList>
#include <limits>

namespace quiesce::test {

/// Takes everything until block(), then nothing until unblock().
class FakeStream final : public AnswerStream
{
public:
    void begin(AnswerStreamObserver &observer) override { m_observer = &observer; }
    void write(QByteArrayView bytes) override
    {
        ++writes;
        if (onWrite)
            onWrite();
        if (endsInWrite)
            return end();
        m_waiting.append(bytes);
        if (!m_isBlocked)
            flush();
    }
    [[nodiscard]] qsizetype bytesToWrite() const override { return m_waiting.size(); }
    void finish() override
    {
        isFinished = true;
        if (m_waiting.isEmpty())
            end();
    }
    void cut() override
    {
        isCut = true;
        end();
    }

    void block() { m_isBlocked = true; }
    void unblock()
    {
        m_isBlocked = false;
        if (m_waiting.isEmpty())
            return;
        flush();
        isFinished ? end() : m_observer->streamFlushed();
    }
    /// The client leaves.
    void end()
    {
        if (AnswerStreamObserver *observer = std::exchange(m_observer, nullptr))
            observer->streamEnded();
    }
    [[nodiscard]] bool hasEnded() const { return !m_observer; }

    /// The events received since it was asked last.
    [[nodiscard]] QList<ServerEvent> takeEvents()
    {
        return m_parser.feed(std::exchange(received, {}));
    }
    [[nodiscard]] QStringList takeTypes()
    {
        QStringList types;
        for (const ServerEvent &event : takeEvents())
            types << QString::fromUtf8(event.type);
        return types;
    }

    QByteArray received;
    int writes = 0;
    bool isFinished = false;
    bool isCut = false;
    bool endsInWrite = false;
    std::function<void()> onWrite;

private:
    void flush() { received.append(std::exchange(m_waiting, {})); }

    AnswerStreamObserver *m_observer = nullptr;
    EventParser m_parser;
    QByteArray m_waiting;
    bool m_isBlocked = false;
};

} // namespace quiesce::test
