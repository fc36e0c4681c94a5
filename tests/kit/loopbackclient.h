// SPDX-License-Identifier: GPL-3.0-only
// LoopbackClient: one raw TCP connection to a service under test, with bounded waits.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QDeadlineTimer>
#include <QMap>
#include <chrono>
#include <optional>

namespace quiesce::test {

/// The longest that any event of a test is waited for. It is never a measure, only an end.
inline constexpr std::chrono::milliseconds kLongestWait = std::chrono::seconds(60);

struct Answer
{
    int status = 0;
    QMap<QByteArray, QByteArray> fields; ///< names in lower case
    QByteArray body;
    bool isComplete = false; ///< to its end, by Content-Length or the last chunk

    [[nodiscard]] bool saysClose() const { return fields.value("connection") == "close"; }
    /// The `code` of a problem+json body; empty when it is none.
    [[nodiscard]] QByteArray code() const;
};

/// How a client waits for the service it talks to.
enum class Waiting : unsigned char {
    Alone, ///< by poll(): the service is another process, or on another thread
    WithEvents, ///< by a nested event loop: the service lives on the test's own thread
};

/// One connection to a port of 127.0.0.1, without TLS. It writes what it is told, well formed or
/// not, and reads answers; interim answers are skipped.
///
/// Thread:  the one it is made on.
/// Blocks:  the constructor and each call that sends or reads, at most kLongestWait as a whole.
/// Limits:  an answer is complete when its Content-Length, or its last chunk, has come; a chunked
///          body is kept as the bytes of its chunks, without extensions and trailers.
class LoopbackClient final
{
public:
    enum class End : unsigned char {
        Open, ///< still, or unread bytes came in its stead
        Closed,
        Reset,
    };
    struct Options
    {
        int receiveBuffer = 0; ///< bytes; 0: the kernel's choice
        Waiting waiting = Waiting::Alone;
    };

    explicit LoopbackClient(quint16 port)
        : LoopbackClient(port, Options{})
    { }
    LoopbackClient(quint16 port, Options options);
    ~LoopbackClient() { close(); }
    LoopbackClient(LoopbackClient &&other) noexcept;
    LoopbackClient(const LoopbackClient &) = delete;
    LoopbackClient &operator=(const LoopbackClient &) = delete;

    [[nodiscard]] bool isConnected() const { return m_socket >= 0; }
    /// False when the connection ended, or took no more, before everything was written.
    bool send(QByteArrayView bytes);
    /// Sends what the kernel takes at once, does not mind when that is not everything, and returns
    /// how much it was.
    qsizetype sendSome(QByteArrayView bytes) const;
    [[nodiscard]] Answer readAnswer();
    /// The interim answer that a request with an expectation is given.
    [[nodiscard]] bool readInterim();
    /// True when at least so many bytes have come; they stay for readAnswer().
    [[nodiscard]] bool waitForBytes(qsizetype count);
    [[nodiscard]] End waitForEnd();
    /// Everything until the end, however that comes.
    [[nodiscard]] QByteArray readToEnd();
    /// True when nothing has come, nor the end, until now.
    [[nodiscard]] bool isSilent() const;

    void finishSending() const; ///< shuts the sending side down
    void close();
    void reset(); ///< closes with a RST

private:
    void beginWait() { m_deadline.setRemainingTime(kLongestWait); }
    [[nodiscard]] bool waitFor(short events) const;
    [[nodiscard]] bool readMore();
    [[nodiscard]] bool readUntil(qsizetype count);
    [[nodiscard]] std::optional<Answer> takeHead();
    void readChunks(Answer &answer);

    int m_socket = -1;
    Waiting m_waiting = Waiting::Alone;
    QDeadlineTimer m_deadline; ///< of the call under way
    QByteArray m_input;
    End m_end = End::Open;
};

/// The bytes of a request.
[[nodiscard]] QByteArray get(QByteArrayView target);
[[nodiscard]] QByteArray post(QByteArrayView target, const QByteArray &body);
/// Sends that request and reads its answer; status 0 when there is none.
[[nodiscard]] Answer ask(LoopbackClient &client, const QByteArray &request);
/// The same on a connection of its own.
[[nodiscard]] Answer askAfresh(quint16 port, const QByteArray &request,
                               Waiting waiting = Waiting::Alone);
/// Whether nobody listens there.
[[nodiscard]] bool isRefused(quint16 port);

} // namespace quiesce::test
