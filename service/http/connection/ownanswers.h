// SPDX-License-Identifier: GPL-3.0-only
// The answers that a connection gives by itself, past QHttpServer: which there are, and their
// bytes.
#pragma once

#include "service/http/answerhead.h"
#include "service/http/refusal.h"

namespace quiesce {

/// 100 Continue (RFC 9110 section 15.2.1).
void appendInterim(QByteArray &out);
/// The whole answer; without its body when that is for a HEAD request. A 503 says when to come
/// again.
enum class RefusalBody : unsigned char { Sent, LeftOut };
void appendRefusal(QByteArray &out, const Refusal &refusal, const AnswerForm &form,
                   RefusalBody body);
/// The head of an answer without an end of its own, in chunks or until the close.
enum class StreamFraming : unsigned char { Chunked, UntilClose };
void appendStreamHead(QByteArray &out, const QByteArray &contentType, const AnswerForm &form,
                      StreamFraming framing);

// Why a connection refuses.
[[nodiscard]] Refusal tooManyInFlight();
[[nodiscard]] Refusal tooMuchBody();
[[nodiscard]] Refusal toldToGiveUp();
/// For a handler whose client has gone: nobody sees it.
[[nodiscard]] Refusal nobodyWaits();
[[nodiscard]] Refusal handlerTimeout();
[[nodiscard]] Refusal handlerFault();
[[nodiscard]] Refusal headTimeout();
[[nodiscard]] Refusal bodyTimeout();

} // namespace quiesce
