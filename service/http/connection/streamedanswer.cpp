// SPDX-License-Identifier: GPL-3.0-only
// StreamedAnswer: see the header.
#include "service/http/connection/streamedanswer.h"

#include "service/http/httpconnection.h"

namespace quiesce {

void StreamedAnswer::begin(AnswerStreamObserver &observer)
{
    m_observer = &observer;
    m_connection.streamBegan();
}

void StreamedAnswer::write(QByteArrayView bytes)
{
    if (!m_connection.isStreaming() || bytes.isEmpty())
        return; // an empty chunk would be the last one
    if (m_framing == StreamFraming::Chunked) {
        m_output.bytes().append(QByteArray::number(bytes.size(), 16)).append("\r\n");
        m_output.bytes().append(bytes).append("\r\n");
    } else {
        m_output.bytes().append(bytes);
    }
    m_connection.flush();
}

void StreamedAnswer::finish()
{
    if (!m_connection.isStreaming())
        return;
    if (m_framing == StreamFraming::Chunked)
        m_output.bytes().append("0\r\n\r\n");
    m_connection.answerComplete();
}

void StreamedAnswer::cut()
{
    m_connection.cut();
}

void StreamedAnswer::ended()
{
    if (AnswerStreamObserver *observer = std::exchange(m_observer, nullptr))
        observer->streamEnded();
}

} // namespace quiesce
