// SPDX-License-Identifier: GPL-3.0-only
// PendingAnswer: see the header.
#include "service/http/pendinganswer.h"

#include "service/http/qtcompat.h"

#include <utility>

namespace quiesce {

PendingAnswer::PendingAnswer(Listens listens)
    : m_listens(listens)
{
    m_promise.reportStarted();
}

PendingAnswer::~PendingAnswer()
{
    if (!m_isAnswered)
        answer({ .status = 500,
                 .code = "no-answer",
                 .detail = QStringLiteral("No answer was given.") });
}

void PendingAnswer::answer(QHttpServerResponse &&response)
{
    if (m_isAnswered)
        return;
    m_isAnswered = true;
    m_promise.reportAndMoveResult(std::move(response));
    m_promise.reportFinished();
}

void PendingAnswer::answer(const Refusal &refusal)
{
    if (!m_isAnswered)
        answer(toResponse(refusal));
}

void PendingAnswer::requestCancel()
{
    if (m_listens == Listens::ToItsContext)
        return;
    const std::function<void()> canceller = std::exchange(m_canceller, {});
    if (m_listens == Listens::ToNobody)
        answer({ .status = 503,
                 .code = "cancelled",
                 .detail = QStringLiteral("The request was told to give up: the deadline of a stop "
                                          "has passed, or an operator cancelled it.") });
    if (canceller)
        canceller(); // last: it may drop whatever keeps this
}

void PendingAnswer::cancelHandler()
{
    if (const std::function<void()> canceller = std::exchange(m_canceller, {}))
        canceller();
}

QHttpServerResponse toResponse(const Refusal &refusal)
{
    QHttpServerResponse response(QByteArray(kProblemType), problemJson(refusal),
                                 static_cast<QHttpServerResponse::StatusCode>(refusal.status));
    if (refusal.status == 503)
        qtcompat::addField(response, "Retry-After", "1");
    if (!refusal.challenge.isEmpty())
        qtcompat::addField(response, "WWW-Authenticate", refusal.challenge);
    return response;
}

} // namespace quiesce
