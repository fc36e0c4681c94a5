// SPDX-License-Identifier: GPL-3.0-only
// ExchangeSocket: the socket that QHttpServer believes it talks to.
#pragma once

#include "service/http/answerhead.h"
#include "service/http/requestparser.h"

#include <QTcpSocket>
#include <string>

namespace quiesce {

/// Takes an answer as QHttpServer writes it.
class AnswerSink
{
public:
    /// `raw` is the head as written, with its empty line.
    virtual void answerBegan(const AnswerHead &head, QByteArrayView raw) = 0;
    virtual void answerBody(QByteArrayView bytes) = 0;
    virtual void answerComplete() = 0;
    /// What was written is no answer whose end can be told.
    virtual void answerFaulty() = 0;

protected:
    ~AnswerSink() = default;
};

/// Shows QHttpServer one complete request at a time and finds the end of each answer.
///
/// It is never connected to anything: bytes go through memory. Towards QHttpServer it stays
/// connected until the pending answer is written, whatever the client does, because QHttpServer 6.4
/// keeps the raw socket and a reference to the request until a QFuture's answer comes.
///
/// It is no sequential device, since all of a request is there before any of it is read.
/// QHttpServer reads a head byte by byte within a transaction; from a sequential device each byte
/// would be peeked at and kept for a rollback that never comes, which was a fifth of a request's
/// instructions.
///
/// Thread:  event loop. Owns: the request being read. After retire() it deletes itself once nothing
///          is pending.
/// Limits:  one exchange at a time; kMaxHeadBytes for an answer's head.
class ExchangeSocket final : public QTcpSocket
{
    Q_OBJECT

public:
    static constexpr std::size_t kMaxHeadBytes = 64 * 1024;

    ExchangeSocket(const QHostAddress &peer, quint16 port, QObject *parent);
    ~ExchangeSocket() override;

    /// Presents the request; its answer goes to the sink, perhaps before this returns.
    void present(const QByteArray &head, const QByteArray &body, AnswerSink &sink);
    /// The connection has gone or needs it no more.
    void retire();

    [[nodiscard]] bool isSequential() const override { return false; }
    [[nodiscard]] qint64 bytesAvailable() const override;
    [[nodiscard]] qint64 bytesToWrite() const override { return 0; }
    void disconnectFromHost() override { }
    void close() override { }

protected:
    qint64 readData(char *data, qint64 size) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    [[nodiscard]] std::size_t headEnd(std::size_t from) const;
    void takeHeadBytes(QByteArrayView bytes);
    void takeBodyBytes(QByteArrayView bytes);
    void finishAnswer();
    void disappear();

    AnswerSink *m_sink = nullptr;
    QByteArray m_requestHead;
    QByteArray m_requestBody;
    qint64 m_read = 0; ///< of both together
    qint64 m_requestEnd = 0; ///< as a position of the device, which counts answers too
    std::string m_answerHead; ///< and what of the body came with it; appends cost half QByteArray's
    qint64 m_bodyRest = 0;
    bool m_isPending = false;
    bool m_isInBody = false;
    bool m_isRetired = false;
};

} // namespace quiesce
