// SPDX-License-Identifier: GPL-3.0-only
// CuttingProxy: a TCP proxy on loopback that cuts connections when a test says so.
#pragma once

#include <QByteArrayList>
#include <QPointer>
#include <QTcpServer>

class QTcpSocket;

namespace quiesce::test {

/// Passes on what comes from both sides, until it cuts. Thread: event loop.
class CuttingProxy final : public QObject
{
    Q_OBJECT

public:
    enum class Cut : unsigned char {
        Before, ///< what has the text in it does not reach the server
        After, ///< it does, but nothing comes back any more
    };

    explicit CuttingProxy(quint16 target);

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    /// The next connection whose client sends this is cut there, once.
    void cutAt(const QByteArray &text, Cut how);
    /// Nothing comes back to the next connection whose client has sent both, one after the other,
    /// until letGo(); what it sends goes on.
    void holdAfter(const QByteArray &first, const QByteArray &then) { m_toHold = { first, then }; }
    [[nodiscard]] bool isHolding() const { return !m_held.isNull(); }
    void letGo();
    [[nodiscard]] int cuts() const { return m_cuts; }
    /// All connections end, as when the network says so. New ones are made.
    void cut();
    /// From now on nobody is let in, and who is in is put out.
    void close();
    void open();
    /// Nothing is passed on, and nothing is closed: as when the network is gone.
    void stall() { m_isStalled = true; }

private:
    void accept();
    void pass(QTcpSocket *client, QTcpSocket *server);

    QTcpServer m_server;
    const quint16 m_target;
    quint16 m_port = 0;
    QByteArray m_text; ///< empty: nothing is cut
    Cut m_how = Cut::Before;
    int m_cuts = 0;
    QByteArrayList m_toHold; ///< what is to be sent before a connection is held
    QPointer<QTcpSocket> m_held; ///< to the server
    bool m_isStalled = false;
};

} // namespace quiesce::test
