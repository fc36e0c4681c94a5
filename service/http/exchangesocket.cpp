// SPDX-License-Identifier: GPL-3.0-only
// ExchangeSocket: see the header.
#include "service/http/exchangesocket.h"

#include <cstring>

namespace quiesce {

ExchangeSocket::ExchangeSocket(const QHostAddress &peer, quint16 port, QObject *parent)
    : QTcpSocket(parent)
{
    setPeerAddress(peer);
    setPeerPort(port);
    setSocketState(ConnectedState);
    // Buffered: QHttpServer reads a head byte by byte within a transaction, for which an unbuffered
    // device would fetch each byte by itself.
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
    m_answerHead.resize(0); // keeps its capacity for the next answer
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
    // NOLINTNEXTLINE(bugprone-parent-virtual-call): QAbstractSocket would ask an engine it has not
    return m_requestHead.size() + m_requestBody.size() - m_read + QIODevice::bytesAvailable();
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

/// Where the head ends (behind its empty line), when that lies in what came after `from`; else -1.
qsizetype ExchangeSocket::headEnd(qsizetype from) const
{
    for (qsizetype i = m_answerHead.indexOf('\n', from); i >= 0;
         i = m_answerHead.indexOf('\n', i + 1)) {
        if (i >= 3 && std::memcmp(m_answerHead.constData() + i - 3, "\r\n\r\n", 4) == 0)
            return i + 1;
    }
    return -1;
}

void ExchangeSocket::takeHeadBytes(QByteArrayView bytes)
{
    const qsizetype from = m_answerHead.size();
    m_answerHead.append(bytes);
    const qsizetype end = headEnd(from);
    if (end < 0 && m_answerHead.size() < kMaxHeadBytes)
        return;
    const QByteArrayView raw = QByteArrayView(m_answerHead).first(std::max<qsizetype>(end, 0));
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
    const QByteArray body = m_answerHead.sliced(end);
    if (m_bodyRest == 0)
        return finishAnswer();
    if (!body.isEmpty())
        takeBodyBytes(body);
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
