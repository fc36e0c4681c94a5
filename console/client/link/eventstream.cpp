// SPDX-License-Identifier: GPL-3.0-only
// EventStream: see the header.
#include "console/client/link/eventstream.h"

#include <QNetworkReply>
#include <QPointer>
#include <array>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr int kOk = 200;

HttpAsk askFor(const QByteArray &lastEventId)
{
    return { .path = u"/admin/v1/events"_s,
             .accept = QByteArrayLiteral("text/event-stream"),
             .lastEventId = lastEventId };
}

} // namespace

EventStream::EventStream(HttpAccess &access, const QByteArray &lastEventId,
                         const LinkTiming &timing, QObject *parent)
    : QObject(parent)
    , m_reply(access.send(askFor(lastEventId)))
    , m_resumedFrom(lastEventId)
    , m_timing(timing)
{
    m_reply->setReadBufferSize(kBufferBytes);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &EventStream::takeHead);
    connect(m_reply, &QNetworkReply::readyRead, this, &EventStream::takeBytes);
    connect(m_reply, &QNetworkReply::finished, this, &EventStream::takeFinish);
    m_stale.setSingleShot(true);
    connect(&m_stale, &QTimer::timeout, this, &EventStream::fellSilent);
    m_cut.setSingleShot(true);
    connect(&m_cut, &QTimer::timeout, this, [this] {
        if (m_isOpen)
            end(StreamEnd::Why::Silent, tr("Nothing came for too long"));
        else
            end(StreamEnd::Why::NoAnswer, tr("No answer came in time"));
    });
    m_cut.start(m_timing.connectTimeout);
}

EventStream::~EventStream()
{
    close();
}

void EventStream::close()
{
    m_stale.stop();
    m_cut.stop();
    if (!m_reply)
        return;
    QNetworkReply *reply = std::exchange(m_reply, nullptr);
    reply->disconnect(this);
    reply->deleteLater(); // which ends it; abort() would be a second error where one is on its way
}

QByteArray EventStream::lastEventId() const
{
    return m_parser.lastEventId().isEmpty() ? m_resumedFrom : m_parser.lastEventId();
}

void EventStream::takeHead()
{
    const int status = statusOf(*m_reply);
    if (m_isOpen || status < kOk) // a proxy's, or an interim one
        return;
    if (isRedirect(status))
        return end(StreamEnd::Why::Rejected, problemOfRedirect(*m_reply).detail, status);
    if (status != kOk)
        return; // its body says why, within the time-out
    if (contentTypeOf(*m_reply) != "text/event-stream")
        return end(StreamEnd::Why::NoStream,
                   tr("It answers, but with no event stream: perhaps it is another program"));
    m_isOpen = true;
    m_cut.start(m_timing.cutAfter);
}

void EventStream::takeBytes()
{
    if (!m_isOpen)
        return takeProblem();
    if (!m_isContinuing)
        takeTurn();
}

void EventStream::takeProblem()
{
    const qint64 room = kMaxProblemBytes - m_problemBody.size();
    m_problemBody.append(m_reply->read(room));
    if (m_problemBody.size() == kMaxProblemBytes)
        endByItself();
}

void EventStream::takeTurn()
{
    m_isContinuing = false;
    if (!m_reply)
        return;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): about to be read into
    std::array<char, kTurnBytes> bytes;
    const qint64 size = m_reply->read(bytes.data(), bytes.size());
    if (size > 0 && !deliver(QByteArrayView(bytes.data(), size)))
        return;
    if (m_parser.isFaulty())
        return end(StreamEnd::Why::Faulty, tr("It sent something longer than any event may be"));
    if (m_reply->bytesAvailable() > 0)
        continueLater();
    else if (m_isFinished)
        endByItself();
}

/// False when somebody has closed or deleted this meanwhile.
bool EventStream::deliver(QByteArrayView bytes)
{
    const QPointer<EventStream> guard(this);
    if (m_hasEvent) {
        m_stale.start(m_timing.staleAfter);
        m_cut.start(m_timing.cutAfter);
    }
    Q_EMIT heard();
    if (!guard || !m_reply)
        return false;
    for (const ServerEvent &event : m_parser.feed(bytes)) {
        if (!std::exchange(m_hasEvent, true)) {
            m_stale.start(m_timing.staleAfter);
            m_cut.start(m_timing.cutAfter);
        }
        Q_EMIT received(event);
        if (!guard || !m_reply)
            return false;
    }
    return true;
}

void EventStream::continueLater()
{
    m_isContinuing = true;
    QMetaObject::invokeMethod(this, &EventStream::takeTurn, Qt::QueuedConnection);
}

void EventStream::takeFinish()
{
    m_isFinished = true;
    takeBytes();
    if (m_reply && !m_isOpen)
        endByItself();
}

/// For the reason that the reply has.
void EventStream::endByItself()
{
    const int status = statusOf(*m_reply);
    if (!m_isOpen && status >= kOk)
        return end(StreamEnd::Why::Rejected, problemOfAnswer(*m_reply, m_problemBody).detail,
                   status);
    const Problem problem = problemOfNetwork(*m_reply);
    if (m_isOpen) {
        const bool isOrderly = m_reply->error() == QNetworkReply::NoError;
        return end(StreamEnd::Why::Closed,
                   isOrderly ? tr("The service has closed the connection") : problem.detail);
    }
    const bool isRefused = m_reply->error() == QNetworkReply::ConnectionRefusedError;
    end(isRefused ? StreamEnd::Why::Refused : StreamEnd::Why::NoAnswer, problem.detail);
}

void EventStream::end(StreamEnd::Why why, const QString &reason, int status)
{
    close();
    Q_EMIT ended({ .why = why, .status = status, .reason = reason });
}

} // namespace quiesce
