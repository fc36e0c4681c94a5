// SPDX-License-Identifier: GPL-3.0-only
// AdmissionGate: who may ask what of the admin listener.
#pragma once

#include "service/http/admin/credentials.h"
#include "service/http/admin/failurethrottle.h"
#include "service/http/admin/hostrule.h"
#include "service/http/refusal.h"

#include <optional>

namespace quiesce {

struct ParsedRequest;

/// What becomes of a request.
struct Admission
{
    Access access = Access::None;
    TokenId token = 0; ///< the right one that was shown
    std::optional<Refusal> refusal{}; ///< the answer, when it may not go on
    std::chrono::milliseconds hold{ 0 }; ///< before that answer: one of FailureThrottle::kDelays
};

/// Judges each request of the admin listener by its head alone, in this order: an Origin field
/// (403 origin-not-allowed), the Host (403 host-not-allowed), the token (401 unauthorized), what a
/// read-only token may do (403 read-only).
///
/// The Origin and Host rules hold for every path. The token rule does for all but GET and HEAD of
/// exactly /livez, /readyz, /startupz and, unless the setting says otherwise, /metrics. Exactly: no
/// other spelling of them is exempt, whatever the router makes of it, so that nothing behind the
/// gate can be reached by one.
///
/// Thread:  event loop only. Owns: rules, credentials, throttle; all can change at run time and
/// hold
///          for the next request.
class AdmissionGate final
{
public:
    /// The two ends of the connection that asks.
    struct Ends
    {
        QHostAddress peer;
        Endpoint local;
    };

    explicit AdmissionGate(Clock &clock)
        : m_throttle(clock)
    { }

    void setRules(const AdminSettings &settings);
    void setCredentials(const Credentials &credentials) { m_credentials = credentials; }
    [[nodiscard]] const Credentials &credentials() const { return m_credentials; }

    [[nodiscard]] Admission judge(const ParsedRequest &request, const Ends &ends);

    /// Wrong tokens so far, and how many of their answers were held back.
    [[nodiscard]] quint64 authFailures() const { return m_authFailures; }
    [[nodiscard]] quint64 throttledAnswers() const { return m_throttledAnswers; }

private:
    [[nodiscard]] bool isExempt(const ParsedRequest &request) const;
    [[nodiscard]] Admission judgeToken(const ParsedRequest &request, const QHostAddress &peer);
    [[nodiscard]] Admission wrongToken(const QHostAddress &peer);

    HostRule m_hosts;
    Credentials m_credentials;
    FailureThrottle m_throttle;
    quint64 m_authFailures = 0;
    quint64 m_throttledAnswers = 0;
    bool m_wantsMetricsToken = false;
};

} // namespace quiesce
