// SPDX-License-Identifier: GPL-3.0-only
// RawClient: a client of bare bytes, for servers that live in the test's own event loop.
#pragma once

#include <QByteArray>
#include <QSocketNotifier>
#include <functional>
#include <memory>
#include <optional>

namespace quiesce::test {

/// Runs the event loop until the predicate holds; false when it does not within thirty seconds. No
/// time is slept away: the predicate is looked at after each event.
[[nodiscard]] bool eventually(const std::function<bool()> &holds);

/// One answer as it came.
struct RawAnswer
{
    int status = 0;
    QByteArray head; ///< status line and fields, without the empty line
    QByteArray body;

    /// The value of a field, empty when it is not there.
    [[nodiscard]] QByteArray field(const QByteArray &name) const;
    /// The `code` of a problem+json body.
    [[nodiscard]] QByteArray code() const;
};

enum class AnswerBody : unsigned char { Expected, None };

/// Takes the next whole answer from the bytes; none while it is not complete.
[[nodiscard]] std::optional<RawAnswer> takeAnswer(QByteArray *received, AnswerBody expected);

/// A loopback TCP connection that sends what it is told to and shows what comes back.
///
/// Thread: that of the server it talks to; waiting runs its event loop, bounded as eventually().
class RawClient final
{
public:
    /// Connects at once (the kernel does, before the server accepts). A small receive buffer makes
    /// a reader that is slow.
    explicit RawClient(quint16 port, int receiveBuffer = 0);
    /// Takes a connected descriptor.
    static RawClient ofDescriptor(int descriptor) { return RawClient(Taken{ descriptor }); }
    ~RawClient();
    RawClient(const RawClient &) = delete;
    RawClient &operator=(const RawClient &) = delete;

    [[nodiscard]] bool isConnected() const { return m_descriptor >= 0; }
    /// Sends all of it, running the event loop while the kernel takes no more.
    bool send(const QByteArray &bytes);
    /// Sends from *sent on until all is out (true) or the other end has taken nothing for a while
    /// (false); moves *sent along.
    bool sendSome(const QByteArray &bytes, qsizetype *sent);
    /// No more bytes from here; answers may still come.
    void halfClose();
    void reset();
    void close();

    /// The next answer, none when the stream ends or the time is up before its end. A body of an
    /// answer to HEAD, and of 1xx, 204 and 304, is not waited for.
    [[nodiscard]] std::optional<RawAnswer> answer(const QByteArray &method = "GET");
    [[nodiscard]] std::optional<RawAnswer> exchange(const QByteArray &request);
    /// Bytes received and not yet taken by answer().
    [[nodiscard]] const QByteArray &pending() const { return m_received; }
    /// Reads what is there now; the event loop is not run.
    void pull();
    /// Reads only when asked to: what comes stays in the kernel.
    void stopReading() { m_isReading = false; }
    void startReading() { m_isReading = true; }

    /// How the stream ended, after waiting for it: "end", "reset", or "open" when it did not.
    [[nodiscard]] QByteArray ending();
    /// The server has ended or reset the stream, as far as it has been read.
    [[nodiscard]] bool hasEnded() const { return !m_ending.isEmpty(); }

private:
    struct Taken
    {
        int descriptor;
    };
    explicit RawClient(Taken taken);
    void watch();

    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_notifier; ///< wakes the event loop when something comes
    QByteArray m_received;
    QByteArray m_ending;
    bool m_isReading = true;
};

} // namespace quiesce::test
