// SPDX-License-Identifier: GPL-3.0-only
// PendingAnswer: see the header.
#include "service/http/pendinganswer.h"

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
    if (m_listens == Listens::ToItsFuture)
        cancelHandler();
}

void PendingAnswer::cancelHandler()
{
    if (m_canceller)
        m_canceller();
}

QHttpServerResponse toResponse(const Refusal &refusal)
{
    QHttpServerResponse response(QByteArray(kProblemType), problemJson(refusal),
                                 static_cast<QHttpServerResponse::StatusCode>(refusal.status));
    if (refusal.status == 503)
        response.addHeader("Retry-After", "1");
    return response;
}

} // namespace quiesce
