// SPDX-License-Identifier: GPL-3.0-only
// By way of libsystemd, where it was there at build time.
#include "service/host/servicemanager.h"

#include "service/core/listeningendpoint.h"

#include <QString>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#ifdef QUIESCE_HAS_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace quiesce {

using namespace Qt::StringLiterals;

#ifdef QUIESCE_HAS_SYSTEMD

namespace {

/// What sd_listen_fds_with_names() has allocated.
struct Names
{
    char **list = nullptr;

    Names() = default;
    Names(const Names &) = delete;
    Names &operator=(const Names &) = delete;
    ~Names()
    {
        for (char **name = list; name && *name; ++name)
            std::free(*name); // NOLINT(cppcoreguidelines-no-malloc): as sd_listen_fds(3) asks
        std::free(list); // NOLINT(cppcoreguidelines-no-malloc)
    }
};

/// Null when the name is not one of ours.
std::optional<InheritedSockets::Socket> *placeOf(InheritedSockets &sockets, const QString &name)
{
    if (name == "admin"_L1)
        return &sockets.admin;
    // `unknown` is what a manager calls one without a name (sd_listen_fds(3)).
    return name == "traffic"_L1 || name == "unknown"_L1 || name.isEmpty() ? &sockets.traffic
                                                                          : nullptr;
}

} // namespace

Result<InheritedSockets, QString> takeManagersSockets()
{
    Names names;
    const int count = ::sd_listen_fds_with_names(1, &names.list);
    if (count < 0)
        return Failure{ u"cannot take the service manager's sockets: %1"_s.arg(
            QString::fromLocal8Bit(std::strerror(-count))) };
    std::vector<FileDescriptor> owned;
    for (int i = 0; i < count; ++i)
        owned.emplace_back(SD_LISTEN_FDS_START + i);
    InheritedSockets sockets;
    for (int i = 0; i < count; ++i) {
        const QString name = QString::fromLocal8Bit(names.list[i]);
        const auto failed = [&](const QString &reason) {
            return Failure{ u"the service manager's socket \"%1\": %2"_s.arg(name, reason) };
        };
        std::optional<InheritedSockets::Socket> *place = placeOf(sockets, name);
        if (!place)
            return failed(u"FileDescriptorName= is neither traffic nor admin"_s);
        if (*place)
            return failed(u"there is one for that listener already"_s);
        auto endpoint = listeningEndpoint(owned[static_cast<size_t>(i)].get());
        if (!endpoint)
            return failed(endpoint.error());
        *place = InheritedSockets::Socket{ .descriptor = std::move(owned[static_cast<size_t>(i)]),
                                           .endpoint = endpoint.value() };
    }
    return sockets;
}

void notifyManager(const QByteArray &state)
{
    ::sd_notify(0, state.constData());
}

bool hasManager()
{
    return qEnvironmentVariableIsSet("NOTIFY_SOCKET");
}

std::optional<std::chrono::microseconds> managersWatchdog()
{
    std::uint64_t period = 0;
    if (::sd_watchdog_enabled(0, &period) <= 0)
        return {};
    return std::chrono::microseconds(period);
}

#else

Result<InheritedSockets, QString> takeManagersSockets()
{
    return InheritedSockets{};
}

void notifyManager(const QByteArray &)
{ }

bool hasManager()
{
    return false;
}

std::optional<std::chrono::microseconds> managersWatchdog()
{
    return {};
}

#endif

} // namespace quiesce
