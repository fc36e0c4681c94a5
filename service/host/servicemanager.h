// SPDX-License-Identifier: GPL-3.0-only
// What passes between this process and the service manager that has started it (systemd).
#pragma once

#include "common/result.h"
#include "common/settings.h"
#include "service/core/filedescriptor.h"

#include <QByteArray>
#include <chrono>
#include <optional>

namespace quiesce {

/// Sockets that listen already, to be served instead of the addresses of the settings.
struct InheritedSockets
{
    struct Socket
    {
        FileDescriptor descriptor;
        Endpoint endpoint; ///< as bound
    };
    std::optional<Socket> traffic;
    std::optional<Socket> admin;
};

/// Takes what the manager has passed on (sd_listen_fds_with_names(3)), once: the variables are
/// unset, so that no child takes them for its own. `FileDescriptorName=` says which is which,
/// `traffic` or `admin`; one without a name is the traffic listener. None, when this was not
/// started with sockets, or was built without libsystemd.
/// @error for people: a name that is neither, two of one, or not a listening TCP socket.
[[nodiscard]] Result<InheritedSockets, QString> takeManagersSockets();

/// sd_notify(3): one or more `NAME=value`, a line each. Without a manager it does nothing.
///
/// Blocks: while the manager's queue is full, which it makes long.
void notifyManager(const QByteArray &state);
/// Whether there is one that wants to be told.
[[nodiscard]] bool hasManager();
/// How long the manager waits between two signs of life before it restarts this; none: it does not
/// (sd_watchdog_enabled(3)).
[[nodiscard]] std::optional<std::chrono::microseconds> managersWatchdog();

} // namespace quiesce
