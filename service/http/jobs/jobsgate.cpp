// SPDX-License-Identifier: GPL-3.0-only
// JobsGate: see the header.
#include "service/http/jobs/jobsgate.h"

#include "service/http/admin/bearertoken.h"
#include "service/http/qtcompat.h"

#include <algorithm>

namespace quiesce {

namespace {

/// Also an empty one.
bool hasOrigin(const QHttpServerRequest &request)
{
    const auto fields = qtcompat::fieldsOf(request);
    return std::any_of(fields.cbegin(), fields.cend(), [](const auto &field) {
        return field.first.compare("origin", Qt::CaseInsensitive) == 0;
    });
}

Refusal forbidden(const char *code, const char *detail)
{
    return { .status = 403, .code = code, .detail = QString::fromLatin1(detail) };
}

} // namespace

void JobsGate::setListener(const Endpoint &listener)
{
    m_listener = listener;
    m_isOnLoopback = QHostAddress(listener.address).isLoopback();
    m_allowedBefore.clear();
}

void JobsGate::setAllowedHosts(const QStringList &hosts)
{
    m_hosts = HostRule(hosts);
    m_allowedBefore.clear();
}

Admission JobsGate::judge(const QHttpServerRequest &request)
{
    if (m_isOnLoopback) {
        if (const std::optional<Refusal> refusal = foreignness(request))
            return { .refusal = refusal };
    }
    return m_credentials ? judgeToken(request) : Admission{};
}

std::optional<Refusal> JobsGate::foreignness(const QHttpServerRequest &request)
{
    if (hasOrigin(request))
        return forbidden("origin-not-allowed",
                         "Jobs on a loopback address are not for scripts of web pages.");
    const QByteArray host = request.value("Host");
    if (!host.isEmpty() && host == m_allowedBefore)
        return {};
    if (!m_hosts.allows(host, m_listener))
        return forbidden("host-not-allowed",
                         "The Host is neither the listener's own address, localhost, nor one of "
                         "admin.allowed_hosts.");
    m_allowedBefore = host;
    return {};
}

Admission JobsGate::judgeToken(const QHttpServerRequest &request)
{
    const QByteArray authorization = request.value("Authorization");
    const std::optional<QByteArrayView> token = bearerToken(authorization);
    if (!token) // nothing was guessed, so nothing is slowed
        return { .refusal = tokenMissing() };
    if (m_credentials->accessOf(*token) == Access::Operator)
        return {};
    ++m_authFailures;
    const std::chrono::milliseconds hold = m_throttle.failed(request.remoteAddress());
    m_throttledAnswers += hold.count() > 0 ? 1 : 0;
    return { .refusal = tokenWrong(), .hold = hold };
}

} // namespace quiesce
