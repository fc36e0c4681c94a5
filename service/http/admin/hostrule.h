// SPDX-License-Identifier: GPL-3.0-only
// HostRule: the names by which a listener lets itself be called, against DNS rebinding.
#pragma once

#include "common/settings.h"

#include <QByteArrayList>
#include <QByteArrayView>
#include <QStringList>

namespace quiesce {

/// Says whether a Host field names this listener. A browser that was led here by a name of
/// somebody else's sends that name.
///
/// Allowed: the address the connection came in on and `localhost`, without port or with the
/// listener's own; the hosts of the setting with any port, as they are for what is mapped. Names
/// are compared without case, addresses by value. Not having a Host is not being called right.
///
/// Thread: any. Owns: the allowed hosts.
class HostRule final
{
public:
    HostRule() = default;
    /// Entries that are no host are passed over; the settings reader refuses them.
    explicit HostRule(const QStringList &allowed);

    [[nodiscard]] bool allows(QByteArrayView host, const Endpoint &local) const;

private:
    QByteArrayList m_allowed;
};

} // namespace quiesce
