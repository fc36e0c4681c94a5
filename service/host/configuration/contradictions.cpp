// SPDX-License-Identifier: GPL-3.0-only
// One function a rule.
#include "service/host/configuration/contradictions.h"

#include "common/endpoint.h"
#include "common/units.h"

#include <QHostAddress>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// 0.0.0.0 takes every IPv4 address and [::] every IPv6 one.
bool isSameOrWithin(const QHostAddress &a, const QHostAddress &b)
{
    const auto isEvery = [](const QHostAddress &address) {
        return address == QHostAddress(QHostAddress::AnyIPv4)
            || address == QHostAddress(QHostAddress::AnyIPv6);
    };
    return a == b || (a.protocol() == b.protocol() && (isEvery(a) || isEvery(b)));
}

std::optional<Contradiction> sameListeners(const Settings &settings)
{
    const Endpoint &traffic = settings.listen.traffic;
    const Endpoint &admin = settings.listen.admin;
    if (admin.port == 0 || admin.port != traffic.port
        || !isSameOrWithin(QHostAddress(admin.address), QHostAddress(traffic.address)))
        return std::nullopt;
    return Contradiction{ { u"listen.admin"_s, u"listen.traffic"_s },
                          u"the admin listener at %1 and the traffic listener at %2 cannot share "
                          "an address and port"_s.arg(formatEndpoint(admin),
                                                      formatEndpoint(traffic)) };
}

std::optional<Contradiction> exposedAdmin(const Settings &settings)
{
    const Endpoint &admin = settings.listen.admin;
    if (settings.admin.insecure || !settings.tls.adminCertificate.isEmpty()
        || QHostAddress(admin.address).isLoopback())
        return std::nullopt;
    return Contradiction{ { u"listen.admin"_s, u"admin.insecure"_s },
                          u"the admin listener at %1 can be reached from other machines without "
                          "TLS; admin.insecure = true allows it"_s.arg(formatEndpoint(admin)) };
}

std::optional<Contradiction> uriBeyondHeader(const Settings &settings)
{
    const LimitSettings &limits = settings.limits;
    if (limits.maxUriBytes <= limits.maxHeaderBytes)
        return std::nullopt;
    return Contradiction{ { u"limits.max_uri_bytes"_s, u"limits.max_header_bytes"_s },
                          u"max_uri_bytes (%1) must not exceed max_header_bytes (%2), of which it "
                          "is a part"_s.arg(formatSize(limits.maxUriBytes),
                                            formatSize(limits.maxHeaderBytes)) };
}

std::optional<Contradiction> bodyBeyondMemory(const Settings &settings)
{
    const LimitSettings &limits = settings.limits;
    if (limits.maxBodyBytes <= limits.maxBodyMemory)
        return std::nullopt;
    return Contradiction{ { u"limits.max_body_bytes"_s, u"limits.max_body_memory"_s },
                          u"max_body_bytes (%1) must not exceed max_body_memory (%2), into which "
                          "all bodies must fit"_s.arg(formatSize(limits.maxBodyBytes),
                                                      formatSize(limits.maxBodyMemory)) };
}

std::optional<Contradiction> brokenBudget(const Settings &settings)
{
    const auto reason = checkBudget(settings.stop, settings.stop.hookTimeout);
    if (!reason)
        return std::nullopt;
    return Contradiction{ { u"stop.budget"_s, u"stop.lame_duck"_s, u"stop.grace"_s,
                            u"stop.cancel_grace"_s, u"stop.hook_timeout"_s },
                          *reason };
}

/// Two settings of which neither is of use without the other.
std::optional<Contradiction> lonely(const QString &certificate, const QString &certificateKey,
                                    const QString &key, const QString &keyKey)
{
    if (certificate.isEmpty() == key.isEmpty())
        return std::nullopt;
    const bool isKeyMissing = key.isEmpty();
    return Contradiction{ { isKeyMissing ? certificateKey : keyKey },
                          u"%1 is given without %2"_s.arg(isKeyMissing ? certificateKey : keyKey,
                                                          isKeyMissing ? keyKey : certificateKey) };
}

std::optional<Contradiction> halfTrafficTls(const Settings &settings)
{
    return lonely(settings.tls.trafficCertificate, u"tls.traffic_certificate"_s,
                  settings.tls.trafficKey, u"tls.traffic_key"_s);
}

std::optional<Contradiction> halfAdminTls(const Settings &settings)
{
    return lonely(settings.tls.adminCertificate, u"tls.admin_certificate"_s, settings.tls.adminKey,
                  u"tls.admin_key"_s);
}

std::optional<Contradiction> clientCaWithoutTls(const Settings &settings)
{
    if (settings.tls.adminClientCa.isEmpty() || !settings.tls.adminCertificate.isEmpty())
        return std::nullopt;
    return Contradiction{ { u"tls.admin_client_ca"_s },
                          u"tls.admin_client_ca is given without tls.admin_certificate"_s };
}

std::optional<Contradiction> retryBeyondCap(const Settings &settings)
{
    const JobSettings &jobs = settings.jobs;
    if (jobs.retryBase <= jobs.retryCap)
        return std::nullopt;
    return Contradiction{ { u"jobs.retry_base"_s, u"jobs.retry_cap"_s },
                          u"retry_base (%1) must not exceed retry_cap (%2)"_s.arg(
                              formatDuration(jobs.retryBase), formatDuration(jobs.retryCap)) };
}

std::optional<Contradiction> storeWithoutDatabase(const Settings &settings)
{
    const JobSettings &jobs = settings.jobs;
    const bool isShared = jobs.store == JobSettings::Store::Postgresql;
    if (isShared && jobs.database.isEmpty())
        return Contradiction{ { u"jobs.store"_s, u"jobs.database"_s },
                              u"jobs.store is \"postgresql\", and jobs.database does not say "
                              "which database"_s };
    if (!isShared && !(jobs.database + jobs.databasePasswordFile).isEmpty())
        return Contradiction{ { u"jobs.store"_s, u"jobs.database"_s },
                              u"jobs.database is given, and jobs.store is not \"postgresql\""_s };
    return std::nullopt;
}

std::optional<Contradiction> brokerWithoutNeed(const Settings &settings)
{
    const JobSettings &jobs = settings.jobs;
    const bool hasBroker = jobs.dispatch != JobSettings::Dispatch::Store;
    if (hasBroker && jobs.store != JobSettings::Store::Postgresql)
        return Contradiction{ { u"jobs.dispatch"_s, u"jobs.store"_s },
                              u"a broker is for instances that share their jobs: jobs.dispatch "
                              "needs jobs.store = \"postgresql\""_s };
    if (hasBroker && jobs.broker.isEmpty())
        return Contradiction{ { u"jobs.dispatch"_s, u"jobs.broker"_s },
                              u"jobs.dispatch names a broker, and jobs.broker does not say "
                              "where it is"_s };
    if (!hasBroker && !jobs.broker.isEmpty())
        return Contradiction{ { u"jobs.dispatch"_s, u"jobs.broker"_s },
                              u"jobs.broker is given, and jobs.dispatch is \"store\""_s };
    return lonely(jobs.brokerCertificate, u"jobs.broker_certificate"_s, jobs.brokerKey,
                  u"jobs.broker_key"_s);
}

std::optional<Contradiction> sharedJobsToken(const Settings &settings)
{
    const QString &file = settings.jobs.tokenFile;
    if (file.isEmpty()
        || (file != settings.admin.tokenFile && file != settings.admin.readTokenFile))
        return std::nullopt;
    return Contradiction{ { u"jobs.token_file"_s },
                          u"whoever may hand in jobs is no operator: jobs.token_file must not be a "
                          "token file of admin"_s };
}

std::optional<Contradiction> exposedCommands(const Settings &settings)
{
    const Endpoint &traffic = settings.listen.traffic;
    const JobSettings &jobs = settings.jobs;
    if (jobs.commands.isEmpty() || jobs.insecure || !jobs.tokenFile.isEmpty()
        || QHostAddress(traffic.address).isLoopback())
        return std::nullopt;
    return Contradiction{ { u"listen.traffic"_s, u"jobs.token_file"_s, u"jobs.insecure"_s },
                          u"the traffic listener at %1 can be reached from other machines, and "
                          "whoever reaches it may have the commands of jobs.commands run; set "
                          "jobs.token_file, or allow it with jobs.insecure = true"_s.arg(
                              formatEndpoint(traffic)) };
}

} // namespace

QList<Contradiction> findContradictions(const Settings &settings)
{
    QList<Contradiction> found;
    for (const auto rule :
         { sameListeners, exposedAdmin, brokenBudget, uriBeyondHeader, bodyBeyondMemory,
           halfTrafficTls, halfAdminTls, clientCaWithoutTls, retryBeyondCap, storeWithoutDatabase,
           brokerWithoutNeed, sharedJobsToken, exposedCommands }) {
        if (const auto contradiction = rule(settings))
            found.append(*contradiction);
    }
    return found;
}

std::optional<QString> checkBudget(const StopSettings &stop, std::chrono::milliseconds hooks)
{
    const auto longest = longestStop(stop, hooks);
    if (stop.budget.count() == 0 || longest <= stop.budget)
        return std::nullopt;
    return u"a stop can take lame_duck %1 + grace %2 + cancel_grace %3 + hooks %4 = %5, more than "
           "the budget of %6"_s.arg(formatDuration(stop.lameDuck), formatDuration(stop.grace),
                                    formatDuration(stop.cancelGrace), formatDuration(hooks),
                                    formatDuration(longest), formatDuration(stop.budget));
}

} // namespace quiesce
