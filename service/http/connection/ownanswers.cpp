// SPDX-License-Identifier: GPL-3.0-only
// The answers that a connection gives by itself: see the header.
#include "service/http/connection/ownanswers.h"

namespace quiesce {

void appendInterim(QByteArray &out)
{
    out.append("HTTP/1.1 100 Continue\r\n\r\n");
}

void appendRefusal(QByteArray &out, const Refusal &refusal, const AnswerForm &form,
                   RefusalBody body)
{
    const QByteArray problem = problemJson(refusal);
    QByteArray raw = "HTTP/1.1 " + QByteArray::number(refusal.status) + ' '
        + reasonPhrase(refusal.status) + "\r\nContent-Type: " + kProblemType + "\r\n";
    if (refusal.status == 503)
        raw += "Retry-After: 1\r\n";
    if (!refusal.challenge.isEmpty())
        raw += "WWW-Authenticate: " + refusal.challenge + "\r\n";
    raw += "\r\n";
    appendAnswerHead(out, raw, { .status = refusal.status, .contentLength = problem.size() }, form);
    if (body == RefusalBody::Sent)
        out.append(problem);
}

void appendStreamHead(QByteArray &out, const QByteArray &contentType, const AnswerForm &form,
                      StreamFraming framing)
{
    QByteArray raw =
        "HTTP/1.1 200 OK\r\nContent-Type: " + contentType + "\r\nCache-Control: no-store\r\n";
    if (framing == StreamFraming::Chunked)
        raw += "Transfer-Encoding: chunked\r\n";
    raw += "\r\n";
    appendAnswerHead(out, raw, { .status = 200, .contentLength = {} }, form);
}

Refusal tooManyInFlight()
{
    return { .status = 503,
             .code = "overloaded",
             .detail = QStringLiteral("Too many requests are in flight.") };
}

Refusal tooMuchBody()
{
    return { .status = 503,
             .code = "overloaded",
             .detail = QStringLiteral("With this request's body, all bodies held would exceed "
                                      "limits.max_body_memory.") };
}

Refusal toldToGiveUp()
{
    return { .status = 503,
             .code = "cancelled",
             .detail = QStringLiteral("The request was told to give up: the deadline of a stop has "
                                      "passed, or an operator cancelled it.") };
}

Refusal nobodyWaits()
{
    return { .status = 500, .code = "client-left", .detail = QStringLiteral("Nobody waits.") };
}

Refusal handlerTimeout()
{
    return { .status = 504,
             .code = "handler-timeout",
             .detail = QStringLiteral("No answer within limits.request_timeout.") };
}

Refusal handlerFault()
{
    return { .status = 500,
             .code = "handler-fault",
             .detail = QStringLiteral("The handler's answer has no length.") };
}

Refusal headTimeout()
{
    return { .status = 408,
             .code = "head-timeout",
             .detail = QStringLiteral("The head was not complete within limits.header_timeout.") };
}

Refusal bodyTimeout()
{
    return { .status = 408,
             .code = "body-timeout",
             .detail = QStringLiteral("No more of the body came within limits.body_timeout.") };
}

} // namespace quiesce
