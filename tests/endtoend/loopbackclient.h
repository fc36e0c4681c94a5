// SPDX-License-Identifier: GPL-3.0-only
// LoopbackClient: one raw TCP connection to a service under test, with bounded waits.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
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
    bool isComplete = false; ///< as long as its Content-Length says

    [[nodiscard]] bool saysClose() const { return fields.value("connection") == "close"; }
    /// The `code` of a problem+json body; empty when it is none.
    [[nodiscard]] QByteArray code() const;
};

/// Writes what it is told, well formed or not, and reads answers. Interim answers are skipped.
///
/// Blocks:  each wait by poll(), at most kLongestWait.
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
    /// At least so many bytes of whatever comes; they stay for readAnswer().
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
    [[nodiscard]] bool waitFor(short events) const;
    [[nodiscard]] bool readMore();
    [[nodiscard]] std::optional<Answer> takeHead();

    int m_socket = -1;
    QByteArray m_input;
    End m_end = End::Open;
};

/// A GET on a connection of its own, or on `client`.
[[nodiscard]] QByteArray get(QByteArrayView target);
[[nodiscard]] QByteArray post(QByteArrayView target, const QByteArray &body);
[[nodiscard]] Answer ask(LoopbackClient &client, const QByteArray &request);
[[nodiscard]] Answer askAfresh(quint16 port, const QByteArray &request);
[[nodiscard]] bool isRefused(quint16 port);

} // namespace quiesce::test
