// SPDX-License-Identifier: GPL-3.0-only
// StreamedAnswer: the answer of one connection as a stream, framed into its output.
#pragma once

#include "service/http/answerstream.h"
#include "service/http/connection/outputbuffer.h"
#include "service/http/connection/ownanswers.h"

namespace quiesce {

class HttpConnection;

/// Frames what is written, and tells its observer the end whatever that is.
///
/// Thread:  event loop. Owned by its connection from the request for it until the connection goes:
///          any write may end the connection.
class StreamedAnswer final : public AnswerStream
{
public:
    StreamedAnswer(HttpConnection &connection, OutputBuffer &output, StreamFraming framing)
        : m_connection(connection)
        , m_output(output)
        , m_framing(framing)
    { }

    void begin(AnswerStreamObserver &observer) override;
    void write(QByteArrayView bytes) override;
    [[nodiscard]] qsizetype bytesToWrite() const override { return m_output.unsent(); }
    void finish() override;
    void cut() override;

    // What the connection tells.
    void flushed() { m_observer->streamFlushed(); }
    /// Last in whatever ends a stream: who is told may destroy itself, or close the listener.
    void ended();

private:
    HttpConnection &m_connection;
    OutputBuffer &m_output;
    AnswerStreamObserver *m_observer = nullptr;
    StreamFraming m_framing;
};

} // namespace quiesce
