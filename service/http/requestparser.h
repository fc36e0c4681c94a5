// SPDX-License-Identifier: GPL-3.0-only
// RequestParser: bytes from a client in, one complete canonical request out, or a refusal.
#pragma once

#include "common/settings.h"
#include "service/http/headguard.h"

#include <QByteArray>
#include <memory>
#include <optional>

namespace quiesce {

/// A request as QHttpServer gets to see it: origin-form target, exactly one Host, a body whose
/// length is known, nothing that speaks about the connection it came on.
struct ParsedRequest
{
    QByteArray method; ///< as sent, so HEAD for a HEAD request
    QByteArray target; ///< origin-form, or "*" of OPTIONS
    QByteArray head; ///< the canonical head with its empty line; a HEAD request reads GET in it
    QByteArray body; ///< as far as it has come
    qint64 announced = 0; ///< bytes of the body by Content-Length; of chunks nobody knows
    QByteArray traceParent; ///< the W3C traceparent field as sent, perhaps empty or nonsense
    QByteArray host;
    QByteArray origin; ///< the Origin field
    QByteArray authorization; ///< the Authorization field, empty when there is none
    QByteArray lastEventId; ///< the Last-Event-ID field, empty when there is none
    bool isHead = false;
    bool isHttp10 = false;
    bool hasOrigin = false; ///< the field is there, perhaps empty
    bool wantsKeepAlive = false; ///< by version and Connection options (RFC 9112 section 9.3)
    bool hasUpload = false; ///< announced a body, by length or by chunks

    [[nodiscard]] QByteArrayView path() const;
};

/// Frames and checks one request after the other.
///
/// What a message may be is checked here, around Boost.Beast's parser: RFC 9112 sections 3, 6 and
/// 7, RFC 9110 section 7.2. Refused: Content-Length beside Transfer-Encoding, two of either,
/// codings other than chunked, a missing or doubled Host, a doubled Authorization, targets in none
/// of the four forms, and what HeadGuard refuses; each as soon as the first wrong byte is there.
///
/// Thread: event loop. Owns: the request until takeRequest().
/// Limits: maxUriBytes, maxHeaderBytes, maxBodyBytes of the settings, HeadGuard's constants.
class RequestParser final
{
public:
    enum class State : unsigned char {
        Fresh, ///< not a byte of a request yet
        Head,
        Body,
        Complete,
        Refused,
    };

    /// Whether whoever handles the request sees its Authorization field, or only request() shows
    /// it.
    enum class Credentials : unsigned char { PassedOn, KeptBack };

    explicit RequestParser(const LimitSettings &limits,
                           Credentials credentials = Credentials::PassedOn);
    ~RequestParser();

    /// Takes what it can from all bytes not consumed so far, and returns how many that was. The
    /// rest must come again in front of what follows it.
    [[nodiscard]] qint64 feed(QByteArrayView bytes);
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Refusal &refusal() const { return *m_refusal; }
    /// The client waits for "100 Continue" before it sends the body. Asked once: then false.
    [[nodiscard]] bool takeExpectation();
    /// What is known of the request; complete from State::Body on but for body and head.
    [[nodiscard]] const ParsedRequest &request() const;
    /// Overwrites the Authorization field; nobody needs it any more.
    void forgetAuthorization();
    /// Lets go of the body that has come so far; the request will not be taken.
    void dropBody();
    /// The complete request; the parser is Fresh again.
    [[nodiscard]] ParsedRequest takeRequest();

private:
    class Message;
    void beginMessage();
    [[nodiscard]] qint64 feedHead(QByteArrayView bytes);
    [[nodiscard]] qint64 feedMessage(QByteArrayView bytes);
    void refuse(const Refusal &refusal);

    LimitSettings m_limits;
    Credentials m_credentials;
    HeadGuard m_guard;
    std::unique_ptr<Message> m_message;
    std::optional<Refusal> m_refusal;
    State m_state = State::Fresh;
};

/// The value of a W3C traceparent field's trace id (32 lower-case hex digits, not all zero), empty
/// when the field is not a valid version 00 one (Trace Context, section 3.2).
[[nodiscard]] QByteArray traceIdOf(QByteArrayView traceParent);

} // namespace quiesce
