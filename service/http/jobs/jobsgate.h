// SPDX-License-Identifier: GPL-3.0-only
// JobsGate: who may ask what is below /v1/jobs.
#pragma once

#include "service/http/admin/admissiongate.h"

#include <QHttpServerRequest>

namespace quiesce {

/// Judges a request by its head: while the listener is on loopback first the rules of the admin
/// listener, against web pages that a browser on this machine shows: an Origin field (403
/// `origin-not-allowed`), the Host (403 `host-not-allowed`). Then, when there is a token, that (401
/// `unauthorized`); wrong ones are answered ever later, as on the admin listener.
///
/// Thread:  event loop only. Owns: its rules, which can change at run time.
/// Order:   setListener() before the first request.
class JobsGate final
{
public:
    explicit JobsGate(Clock &clock)
        : m_throttle(clock)
    { }

    void setListener(const Endpoint &listener);
    /// What a listener may be called beside its address and localhost.
    void setAllowedHosts(const QStringList &hosts);
    /// None: no token is asked for.
    void setCredentials(const std::optional<Credentials> &credentials)
    {
        m_credentials = credentials;
    }

    [[nodiscard]] Admission judge(const QHttpServerRequest &request);

    /// Wrong tokens so far, and how many of their answers were held back.
    [[nodiscard]] quint64 authFailures() const { return m_authFailures; }
    [[nodiscard]] quint64 throttledAnswers() const { return m_throttledAnswers; }

private:
    [[nodiscard]] std::optional<Refusal> foreignness(const QHttpServerRequest &request);
    [[nodiscard]] Admission judgeToken(const QHttpServerRequest &request);

    Endpoint m_listener;
    bool m_isOnLoopback = false;
    HostRule m_hosts;
    QByteArray m_allowedBefore; ///< the last such Host: to judge it takes a parser
    std::optional<Credentials> m_credentials;
    FailureThrottle m_throttle;
    quint64 m_authFailures = 0;
    quint64 m_throttledAnswers = 0;
};

} // namespace quiesce
