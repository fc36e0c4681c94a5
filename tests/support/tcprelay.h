// SPDX-License-Identifier: GPL-3.0-only
// TcpRelay: a way to a server that a test can cut.
#pragma once

#include <QTcpServer>
#include <QTcpSocket>

namespace quiesce::test {

/// Hands on bytes both ways between its own loopback port and another one.
///
/// Thread: the test's event loop. Owns: its connections.
class TcpRelay final : public QObject
{
    Q_OBJECT

public:
    explicit TcpRelay(quint16 target);

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    /// All connections end, as when the network says so. New ones are made.
    void cut();

private:
    void accept();

    const quint16 m_target;
    QTcpServer m_server;
    QObject m_connections; ///< parent of both sides of each
};

} // namespace quiesce::test
