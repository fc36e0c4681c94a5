// SPDX-License-Identifier: GPL-3.0-only
// PlayedManager: a service manager as a service sees it: told what it is told, opening its sockets.
#pragma once

#include "tests/endtoend/serviceprocess.h"

#include <QList>
#include <QStringList>

namespace quiesce::test {

/// The socket of $NOTIFY_SOCKET, and two listening sockets to pass on.
///
/// Blocks:  each wait by poll(), at most kLongestWait.
/// Owns:    its sockets: the listening ones live as long as it does, whoever serves them.
class PlayedManager final
{
public:
    PlayedManager();
    ~PlayedManager();
    PlayedManager(const PlayedManager &) = delete;
    PlayedManager &operator=(const PlayedManager &) = delete;

    /// From its next start on it tells this manager how it is.
    void watch(ServiceProcess &service) const;
    /// From its next start on it is passed sockets of these names. `service` must have been made
    /// with activatable() as its program.
    void pass(ServiceProcess &service, const QStringList &names);
    /// A program that starts quiesced with $LISTEN_PID set, which only the process itself knows.
    [[nodiscard]] QString activatable() const;

    [[nodiscard]] quint16 port(int index) const { return m_ports.at(index); }
    /// The next message; empty when none comes.
    [[nodiscard]] QString next();
    /// Whatever has come, in order.
    [[nodiscard]] QStringList takeAll();
    /// Everything up to the first message that begins so; the last is empty when none comes.
    [[nodiscard]] QStringList takeUntil(const QString &beginning);
    /// True when nothing comes for so long.
    [[nodiscard]] bool isSilentFor(std::chrono::milliseconds time);

private:
    [[nodiscard]] QString receive(std::chrono::milliseconds longest);

    QTemporaryDir m_directory;
    int m_notify = -1;
    QList<int> m_listening;
    QList<quint16> m_ports;
};

} // namespace quiesce::test
