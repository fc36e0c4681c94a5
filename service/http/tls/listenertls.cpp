// SPDX-License-Identifier: GPL-3.0-only
// Loads the contexts and names the settings that are to blame.
#include "service/http/tls/listenertls.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// Loads into `context`; nothing to do without a certificate.
void load(QLatin1StringView listener, const TlsFiles &files,
          std::shared_ptr<const TlsContext> *context, QList<TlsRefusal> *refusals)
{
    if (files.certificate.isEmpty())
        return;
    auto loaded = TlsContext::load(files);
    if (loaded) {
        *context = loaded.takeValue();
        return;
    }
    static constexpr QLatin1StringView kNames[] = { "_certificate"_L1, "_key"_L1, "_client_ca"_L1 };
    const QString key = "tls."_L1 + listener + kNames[static_cast<size_t>(loaded.error().file)];
    refusals->append({ key, loaded.error().reason });
}

} // namespace

Result<ListenerTls, QList<TlsRefusal>> loadListenerTls(const TlsSettings &settings)
{
    ListenerTls tls;
    QList<TlsRefusal> refusals;
    load("traffic"_L1, { settings.trafficCertificate, settings.trafficKey, {} }, &tls.traffic,
         &refusals);
    load("admin"_L1, { settings.adminCertificate, settings.adminKey, settings.adminClientCa },
         &tls.admin, &refusals);
    if (!refusals.isEmpty())
        return Failure{ refusals };
    return tls;
}

} // namespace quiesce
