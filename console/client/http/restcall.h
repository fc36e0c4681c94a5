// SPDX-License-Identifier: GPL-3.0-only
// RestCall: one request and its one answer, bounded in size and in time.
#pragma once

#include "console/client/http/httpaccess.h"
#include "console/client/http/problem.h"

#include <QObject>
#include <QTimer>
#include <chrono>

namespace quiesce {

/// What came back: a status with its body, or none.
struct RestAnswer
{
    int status = 0; ///< 0: no complete answer, `problem` says why
    QByteArray contentType;
    QByteArray body;
    Problem problem; ///< unless the status is 2xx
};

/// Thread:  event loop.
/// Owns:    the reply.
/// Emits:   finished() exactly once, never inside the constructor, within the time-out; nothing
/// once
///          it is destroyed.
/// Limits:  a body of `maxBytes`; more is no answer, with the code `too-large`.
class RestCall final : public QObject
{
    Q_OBJECT

public:
    struct Limits
    {
        std::chrono::milliseconds timeout;
        qint64 maxBytes;
    };

    RestCall(HttpAccess &access, const HttpAsk &ask, const Limits &limits,
             QObject *parent = nullptr);
    ~RestCall() override;

    /// Finishes it now, as one that was given up.
    void cancel();

Q_SIGNALS:
    void finished(const quiesce::RestAnswer &answer);

private:
    static constexpr qint64 kBufferBytes = 256 * 1024;

    void takeBytes();
    void takeEnd();
    void giveUp(const QString &code, const QString &detail);
    void finish(const RestAnswer &answer);
    void dropReply();

    QNetworkReply *m_reply;
    qint64 m_maxBytes;
    QByteArray m_body;
    QTimer m_timeout;
};

} // namespace quiesce
