// SPDX-License-Identifier: GPL-3.0-only
// AdmissionGate: see the header.
#include "service/http/admin/admissiongate.h"

#include "service/http/admin/bearertoken.h"
#include "service/http/requestparser.h"

namespace quiesce {

namespace {

Admission refused(Refusal refusal)
{
    return { .refusal = std::move(refusal) };
}

Refusal forbidden(const char *code, const char *detail)
{
    return { .status = 403, .code = code, .detail = QString::fromLatin1(detail) };
}

bool isReading(const ParsedRequest &request)
{
    return request.isHead || request.method == "GET";
}

} // namespace

void AdmissionGate::setRules(const AdminSettings &settings)
{
    m_hosts = HostRule(settings.allowedHosts);
    m_wantsMetricsToken = settings.metricsToken;
}

Admission AdmissionGate::judge(const ParsedRequest &request, const Ends &ends)
{
    if (request.hasOrigin)
        return refused(forbidden("origin-not-allowed",
                                 "The admin listener does not answer scripts of web pages."));
    if (!m_hosts.allows(request.host, ends.local))
        return refused(forbidden("host-not-allowed",
                                 "The Host is neither the listener's own address, localhost, nor "
                                 "one of admin.allowed_hosts."));
    if (isExempt(request))
        return {};
    return judgeToken(request, ends.peer);
}

bool AdmissionGate::isExempt(const ParsedRequest &request) const
{
    if (!isReading(request))
        return false;
    const QByteArrayView path = request.path();
    return path == "/livez" || path == "/readyz" || path == "/startupz"
        || (path == "/metrics" && !m_wantsMetricsToken);
}

Admission AdmissionGate::judgeToken(const ParsedRequest &request, const QHostAddress &peer)
{
    const std::optional<QByteArrayView> token = bearerToken(request.authorization);
    if (!token) // nothing was guessed, so nothing is slowed
        return refused(tokenMissing());
    const auto [access, id] = m_credentials.match(*token);
    if (access == Access::None)
        return wrongToken(peer);
    Admission admission{ .access = access, .token = id };
    if (access == Access::Read && !isReading(request))
        admission.refusal = forbidden("read-only", "This token may only read.");
    return admission;
}

Admission AdmissionGate::wrongToken(const QHostAddress &peer)
{
    ++m_authFailures;
    const std::chrono::milliseconds hold = m_throttle.failed(peer);
    m_throttledAnswers += hold.count() > 0 ? 1 : 0;
    return { .refusal = tokenWrong(), .hold = hold };
}

} // namespace quiesce
