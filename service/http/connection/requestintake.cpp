// SPDX-License-Identifier: GPL-3.0-only
// RequestIntake: see the header.
#include "service/http/connection/requestintake.h"

#include "service/http/connection/ownanswers.h"
#include "service/http/connectionhost.h"

namespace quiesce {

void RequestIntake::release()
{
    m_parser.reset();
    m_input = {};
}

void RequestIntake::dropBody()
{
    if (m_parser)
        m_parser->dropBody();
}

bool RequestIntake::isFresh() const
{
    return m_input.isEmpty() && (!m_parser || m_parser->state() == RequestParser::State::Fresh);
}

bool RequestIntake::isBodyUnread() const
{
    return m_parser
        && (m_parser->state() == RequestParser::State::Body
            || m_parser->state() == RequestParser::State::Refused);
}

bool RequestIntake::hasRoom() const
{
    return m_input.size() < HttpConnection::kMaxPipelined;
}

const ParsedRequest *RequestIntake::receiving() const
{
    if (!m_parser || m_parser->state() == RequestParser::State::Fresh)
        return nullptr;
    return &m_parser->request();
}

void RequestIntake::take(QByteArrayView bytes)
{
    QByteArray kept = std::exchange(m_input, {});
    if (!kept.isEmpty()) {
        kept.append(bytes);
        bytes = kept;
    }
    m_isAtWork = true;
    const qint64 consumed = pump(bytes);
    m_isAtWork = false;
    if (consumed < bytes.size() && m_connection.isOpen())
        m_input = bytes.sliced(consumed).toByteArray();
}

/// Works through the bytes and returns how many are done with.
qint64 RequestIntake::pump(QByteArrayView bytes)
{
    qint64 consumed = 0;
    for (int served = 0; m_connection.isReading() && consumed < bytes.size(); ++served) {
        if (served == HttpConnection::kRequestsPerTurn) {
            m_connection.resumeLater();
            break;
        }
        if (!m_parser) {
            const bool isOperators = m_connection.operatorSide() != nullptr;
            m_parser =
                std::make_unique<RequestParser>(m_host.limits(),
                                                isOperators ? RequestParser::Credentials::KeptBack
                                                            : RequestParser::Credentials::PassedOn);
        }
        const bool wasFresh = m_parser->state() == RequestParser::State::Fresh;
        consumed += m_parser->feed(bytes.sliced(consumed));
        if (wasFresh && m_parser->state() != RequestParser::State::Fresh)
            m_connection.headBegan();
        if (!tryServe())
            break;
    }
    return consumed;
}

/// Acts on what the parser has come to; true when a request was dealt with and the next may follow.
bool RequestIntake::tryServe()
{
    switch (m_parser->state()) {
    case RequestParser::State::Fresh:
    case RequestParser::State::Head:
        return false;
    case RequestParser::State::Body:
        bodyGoesOn();
        return false;
    case RequestParser::State::Refused:
        if (isAdmittedThoughTooLong())
            m_connection.refuse(m_parser->refusal());
        return false;
    case RequestParser::State::Complete:
        break;
    }
    ActiveRequest &request = m_connection.activeRequest();
    if (!request.hasBegun()) {
        begin();
        if (!isAdmitted())
            return true;
    }
    const bool isTooMuch = isBodyTooMuch();
    request.setParsed(m_parser->takeRequest());
    if (isTooMuch)
        reject(tooMuchBody());
    else if (isOverloaded())
        reject(tooManyInFlight());
    else
        m_connection.dispatch();
    return true;
}

void RequestIntake::bodyGoesOn()
{
    if (!m_connection.activeRequest().hasBegun()) {
        begin();
        if (!isAdmitted())
            return;
        if (isOverloaded())
            return reject(tooManyInFlight());
        if (!m_host.bodyMemory().hasRoomFor(m_parser->request().announced))
            return reject(tooMuchBody()); // at once, instead of when it has nearly come
        if (m_parser->takeExpectation())
            m_connection.sendInterim();
    }
    if (isBodyTooMuch())
        return reject(tooMuchBody());
    m_connection.bodyGoesOn();
}

void RequestIntake::begin()
{
    DrainHold &hold = m_connection.drainHold();
    m_host.meter().counts.lingeredAnswered += hold.isInFlight() ? 1U : 0U;
    m_connection.activeRequest().begin(m_parser->request());
    hold.end();
}

/// Whether an operator's request may go on; when not, its answer is under way.
bool RequestIntake::isAdmitted()
{
    OperatorSide *side = m_connection.operatorSide();
    if (!side)
        return true;
    const Admission admission = side->judge(*m_parser);
    if (admission.refusal)
        turnAway(admission);
    return !admission.refusal;
}

/// A body that is announced as too long is refused with its head; a stranger learns first that he
/// is one.
bool RequestIntake::isAdmittedThoughTooLong()
{
    constexpr int kContentTooLarge = 413;
    if (!m_connection.operatorSide() || m_connection.activeRequest().hasBegun()
        || m_parser->refusal().status != kContentTooLarge)
        return true;
    begin();
    return isAdmitted();
}

void RequestIntake::turnAway(const Admission &admission)
{
    ActiveRequest &request = m_connection.activeRequest();
    if (m_parser->state() == RequestParser::State::Complete) {
        request.setParsed(m_parser->takeRequest());
    } else {
        request.setParsed(m_parser->request());
        m_connection.closeAfterAnswer(); // its body comes, and is not read
    }
    m_connection.turnAway(admission);
}

bool RequestIntake::isOverloaded() const
{
    return m_connection.activeRequest().isCounted()
        && m_host.dispatchedCount() >= m_host.limits().maxInFlight;
}

/// With what has come of the body by now.
bool RequestIntake::isBodyTooMuch()
{
    return !m_connection.activeRequest().tryHoldBody(m_parser->request().body.size());
}

void RequestIntake::reject(const Refusal &refusal)
{
    ++m_host.meter().counts.rejected;
    if (isBodyUnread())
        m_connection.closeAfterAnswer(); // its body comes, and is not read
    m_connection.answer(refusal);
}

} // namespace quiesce
