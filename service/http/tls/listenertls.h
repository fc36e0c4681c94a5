// SPDX-License-Identifier: GPL-3.0-only
// ListenerTls: what both listeners present, as the settings name it.
#pragma once

#include "common/settings.h"
#include "service/http/tls/tlscontext.h"

#include <QList>

namespace quiesce {

/// Null where a listener is plain.
struct ListenerTls
{
    std::shared_ptr<const TlsContext> traffic;
    std::shared_ptr<const TlsContext> admin;
};

/// A setting that names a file which cannot be used.
struct TlsRefusal
{
    QString key; ///< "tls.traffic_key"
    QString reason; ///< the file and what is wrong with it
};

/// Reads every file that the settings name, also when they are the same as before: that is how a
/// certificate is rotated in place. @error one refusal a listener.
[[nodiscard]] Result<ListenerTls, QList<TlsRefusal>> loadListenerTls(const TlsSettings &settings);

} // namespace quiesce
