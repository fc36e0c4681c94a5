// SPDX-License-Identifier: GPL-3.0-only
// AnswerStream: an answer without an end of its own, past QHttpServer, which cannot stream in 6.4.
#pragma once

#include "service/http/refusal.h"

#include <QByteArrayView>
#include <functional>
#include <optional>

namespace quiesce {

struct ParsedRequest;

/// Told by an AnswerStream what becomes of it.
class AnswerStreamObserver
{
public:
    /// Everything written is in the kernel, after it had to wait: never called inside write().
    virtual void streamFlushed() = 0;
    /// Finished and flushed, cut, left by its client, or the server leaves; also when the token it
    /// was asked for with is not right any more, behind what was written. Exactly once, last, and
    /// perhaps inside begin(), write(), finish() or cut(); the AnswerStream must not be used any
    /// more.
    virtual void streamEnded() = 0;

protected:
    ~AnswerStreamObserver() = default;
};

/// One client's answer as a stream: chunked for HTTP/1.1, ended by the close for HTTP/1.0.
///
/// Thread:  event loop.
/// Order:   begin() once, inside StreamRoute::open; then write() as often as you like, then
///          finish() or cut().
/// Limits:  what the kernel does not take is kept without a bound: whoever writes looks at
///          bytesToWrite() first. A client that takes nothing for limits.write_timeout is cut, one
///          that sends more than kMaxStreamInput, too; one that ends its side has left.
class AnswerStream
{
public:
    static constexpr qsizetype kMaxStreamInput = 16 * 1024; ///< read and dropped
    static constexpr int kSendBuffer = 128 * 1024; ///< asked of the kernel, which may double it

    /// Sends the head.
    virtual void begin(AnswerStreamObserver &observer) = 0;
    virtual void write(QByteArrayView bytes) = 0;
    [[nodiscard]] virtual qsizetype bytesToWrite() const = 0;
    /// No more bytes: sends the end, then closes in order.
    virtual void finish() = 0;
    /// Closes with a reset.
    virtual void cut() = 0;

protected:
    ~AnswerStream() = default;
};

/// What answers a GET with a stream. HEAD gets the head alone, without open().
struct StreamRoute
{
    QByteArray contentType;
    /// Calls begin() on the stream, or returns why not.
    std::function<std::optional<Refusal>(const ParsedRequest &, AnswerStream &)> open;
};

} // namespace quiesce
