// SPDX-License-Identifier: GPL-3.0-only
// EventStream: one subscription to the events of one instance, from the request to its end.
#pragma once

#include "common/eventstream/eventparser.h"
#include "console/client/http/httpaccess.h"
#include "console/client/http/problem.h"
#include "console/client/link/linktiming.h"

#include <QObject>
#include <QTimer>

namespace quiesce {

/// Why a subscription is over.
struct StreamEnd
{
    enum class Why { // with a type, lupdate of Qt 6.8 loses its way
        Closed, ///< by the service, or the connection was lost
        Refused, ///< nobody listens there
        NoAnswer, ///< no route, no such host, TLS, time-out
        Rejected, ///< it answered with an error: `status`
        NoStream, ///< it answered with something that is no event stream
        Silent, ///< cut after too long a silence
        Faulty, ///< cut: longer than any event may be
    };
    Why why = Why::Closed;
    int status = 0;
    QString reason; ///< for people
};

/// Reads in turns of kTurnBytes, between which the event loop does other things, so that one that
/// floods its stream does not starve the others; what it is ahead waits in TCP's buffers.
///
/// Thread:  event loop.
/// Owns:    the reply, aborted when this is destroyed.
/// Emits:   heard() for any bytes, before the events in them; fellSilent() once for each silence of
///          staleAfter that begins after the first event; ended() exactly once, last, and never
///          inside the constructor. Nothing after close().
/// Limits:  EventParser's; kBufferBytes read ahead; the head within connectTimeout, the first event
///          within cutAfter from there.
class EventStream final : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 kTurnBytes = 64 * 1024;
    static constexpr qint64 kBufferBytes = 256 * 1024;
    static constexpr qsizetype kMaxProblemBytes = 64 * 1024; ///< of an error's body

    EventStream(HttpAccess &access, const QByteArray &lastEventId, const LinkTiming &timing,
                QObject *parent = nullptr);
    ~EventStream() override;

    void close();
    /// What to resume with; that of the request until the stream has said another.
    [[nodiscard]] QByteArray lastEventId() const;

Q_SIGNALS:
    void heard();
    void fellSilent();
    void received(const quiesce::ServerEvent &event);
    void ended(const quiesce::StreamEnd &end);

private:
    void takeHead();
    void takeBytes();
    void takeTurn();
    void takeProblem();
    void takeFinish();
    [[nodiscard]] bool deliver(QByteArrayView bytes);
    void continueLater();
    void endByItself();
    void end(StreamEnd::Why why, const QString &reason, int status = 0);

    QNetworkReply *m_reply;
    QByteArray m_resumedFrom;
    LinkTiming m_timing;
    EventParser m_parser;
    QByteArray m_problemBody;
    QTimer m_stale;
    QTimer m_cut;
    bool m_isOpen = false; ///< the head was good
    bool m_hasEvent = false;
    bool m_isFinished = false; ///< no more comes than what is there
    bool m_isContinuing = false; ///< a turn is queued
};

} // namespace quiesce
