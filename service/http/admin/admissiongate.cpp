// SPDX-License-Identifier: GPL-3.0-only
// AdmissionGate: see the header.
#include "service/http/admin/admissiongate.h"

#include "service/http/requestparser.h"

namespace quiesce {

namespace {

constexpr char kChallenge[] = "Bearer realm=\"quiesce\"";
constexpr char kInvalidToken[] = "Bearer realm=\"quiesce\", error=\"invalid_token\"";

Admission refused(Refusal refusal)
{
    return { .refusal = std::move(refusal) };
}

Refusal forbidden(const char *code, const char *detail)
{
    return { .status = 403, .code = code, .detail = QString::fromLatin1(detail) };
}

Refusal unauthorized(const char *challenge, const char *detail)
{
    return { .status = 401,
             .code = "unauthorized",
             .detail = QString::fromLatin1(detail),
             .challenge = challenge };
}

bool isReading(const ParsedRequest &request)
{
    return request.isHead || request.method == "GET";
}

/// What stands behind the scheme, when that is Bearer; empty when nothing does.
std::optional<QByteArrayView> bearerToken(QByteArrayView authorization)
{
    constexpr QByteArrayView kScheme("bearer");
    if (authorization.first(std::min(kScheme.size(), authorization.size()))
            .compare(kScheme, Qt::CaseInsensitive)
        != 0)
        return {};
    const QByteArrayView rest = authorization.sliced(kScheme.size());
    if (!rest.isEmpty() && !rest.startsWith(' '))
        return {}; // another scheme, whose name begins alike
    return rest.trimmed();
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
        return refused(unauthorized(kChallenge, "This wants a bearer token."));
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
    return { .refusal = unauthorized(kInvalidToken, "The bearer token is not the right one."),
             .hold = hold };
}

} // namespace quiesce
