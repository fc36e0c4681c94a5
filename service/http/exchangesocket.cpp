// SPDX-License-Identifier: GPL-3.0-only
// ExchangeSocket: see the header.
#include "service/http/exchangesocket.h"

#include <algorithm>
#include <cstring>

namespace quiesce {

ExchangeSocket::ExchangeSocket(const QHostAddress &peer, quint16 port, QObject *parent)
    : QTcpSocket(parent)
{
    setPeerAddress(peer);
    setPeerPort(port);
    setSocketState(ConnectedState);
    // Buffered: QHttpServer reads a head byte by byte, and an unbuffered device would fetch each
    // byte by itself.
    setOpenMode(ReadWrite);
}

ExchangeSocket::~ExchangeSocket()
{
    // The base class would try to close a connection that never was.
    setOpenMode(NotOpen);
    setSocketState(UnconnectedState);
}

void ExchangeSocket::present(const QByteArray &head, const QByteArray &body, AnswerSink &sink)
{
    Q_ASSERT(!m_isPending && !m_isRetired);
    m_sink = &sink;
    m_requestHead = head;
    m_requestBody = body;
    m_read = 0;
    m_requestEnd = pos() + head.size() + body.size();
    m_answerHead.clear(); // keeps its capacity for the next answer
    m_isInBody = false;
    m_isPending = true;
    Q_EMIT readyRead();
}

void ExchangeSocket::retire()
{
    m_sink = nullptr;
    m_isRetired = true;
    if (!m_isPending)
        disappear();
}

void ExchangeSocket::disappear()
{
    setSocketState(UnconnectedState);
    Q_EMIT disconnected(); // QHttpServer lets go of it
    deleteLater();
}

qint64 ExchangeSocket::bytesAvailable() const
{
    return std::max<qint64>(m_requestEnd - pos(), 0);
}

qint64 ExchangeSocket::readData(char *data, qint64 size)
{
    qint64 copied = 0;
    const auto copyFrom = [&](const QByteArray &source, qint64 offset) {
        const qint64 count = std::min(size - copied, source.size() - offset);
        if (count <= 0)
            return;
        std::memcpy(data + copied, source.constData() + offset, static_cast<size_t>(count));
        copied += count;
        m_read += count;
    };
    if (m_read < m_requestHead.size())
        copyFrom(m_requestHead, m_read);
    if (m_read >= m_requestHead.size())
        copyFrom(m_requestBody, m_read - m_requestHead.size());
    return copied;
}

qint64 ExchangeSocket::writeData(const char *data, qint64 size)
{
    if (!m_isPending)
        return size; // more than the answer announced: nobody may see it
    const QByteArrayView bytes(data, size);
    if (m_isInBody)
        takeBodyBytes(bytes);
    else
        takeHeadBytes(bytes);
    return size;
}

/// Where the head ends (behind its empty line), when that lies in what came after `from`; else 0.
std::size_t ExchangeSocket::headEnd(std::size_t from) const
{
    for (std::size_t at = m_answerHead.find('\n', from); at != std::string::npos;
         at = m_answerHead.find('\n', at + 1)) {
        if (at >= 3 && std::memcmp(m_answerHead.data() + at - 3, "\r\n\r\n", 4) == 0)
            return at + 1;
    }
    return 0;
}

void ExchangeSocket::takeHeadBytes(QByteArrayView bytes)
{
    const std::size_t from = m_answerHead.size();
    m_answerHead.append(bytes.data(), static_cast<std::size_t>(bytes.size()));
    const std::size_t end = headEnd(from);
    if (end == 0 && m_answerHead.size() < kMaxHeadBytes)
        return;
    const QByteArrayView raw(m_answerHead.data(), static_cast<qsizetype>(end));
    const std::optional<AnswerHead> head = parseAnswerHead(raw);
    // An interim answer (1xx) would leave the client waiting for the final one.
    if (!head || head->status < 200 || (head->mayHaveBody() && !head->contentLength)) {
        if (AnswerSink *sink = std::exchange(m_sink, nullptr))
            sink->answerFaulty();
        return finishAnswer();
    }
    m_isInBody = true;
    m_bodyRest = head->mayHaveBody() ? *head->contentLength : 0;
    if (m_sink)
        m_sink->answerBegan(*head, raw);
    if (m_bodyRest == 0)
        return finishAnswer();
    if (end < m_answerHead.size())
        takeBodyBytes(QByteArrayView(m_answerHead).sliced(raw.size()));
}

void ExchangeSocket::takeBodyBytes(QByteArrayView bytes)
{
    const QByteArrayView wanted = bytes.first(std::min<qint64>(bytes.size(), m_bodyRest));
    m_bodyRest -= wanted.size();
    if (m_sink)
        m_sink->answerBody(wanted);
    if (m_bodyRest == 0)
        finishAnswer();
}

void ExchangeSocket::finishAnswer()
{
    m_isPending = false;
    m_requestBody.clear();
    AnswerSink *sink = std::exchange(m_sink, nullptr);
    if (m_isRetired)
        disappear();
    else if (sink)
        sink->answerComplete();
}

} // namespace quiesce
