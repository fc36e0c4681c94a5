// SPDX-License-Identifier: GPL-3.0-only
// CuttingProxy: see the header.
#include "tests/support/cuttingproxy.h"

#include <QTcpSocket>
#include <utility>

namespace quiesce::test {

CuttingProxy::CuttingProxy(quint16 target)
    : m_target(target)
{
    connect(&m_server, &QTcpServer::newConnection, this, &CuttingProxy::accept);
    open();
}

void CuttingProxy::open()
{
    m_isStalled = false;
    m_server.listen(QHostAddress::LocalHost, m_port);
    m_port = m_server.serverPort();
}

void CuttingProxy::close()
{
    m_server.close();
    cut();
}

void CuttingProxy::cut()
{
    for (QTcpSocket *socket : m_server.findChildren<QTcpSocket *>())
        socket->abort();
}

void CuttingProxy::cutAt(const QByteArray &text, Cut how)
{
    m_text = text;
    m_how = how;
}

void CuttingProxy::letGo()
{
    if (QTcpSocket *server = std::exchange(m_held, nullptr))
        qobject_cast<QTcpSocket *>(server->parent())->write(server->readAll());
}

void CuttingProxy::accept()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        auto *server = new QTcpSocket(client);
        server->connectToHost(QHostAddress(QHostAddress::LocalHost), m_target);
        connect(client, &QTcpSocket::readyRead, this, [=, this] { pass(client, server); });
        connect(server, &QTcpSocket::connected, this, [=, this] { pass(client, server); });
        connect(server, &QTcpSocket::readyRead, this, [=, this] {
            if (!m_isStalled && server != m_held)
                client->write(server->readAll());
        });
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
        connect(server, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
    }
}

void CuttingProxy::pass(QTcpSocket *client, QTcpSocket *server)
{
    if (server->state() != QTcpSocket::ConnectedState || m_isStalled)
        return;
    const QByteArray bytes = client->readAll();
    if (!m_toHold.isEmpty() && bytes.contains(m_toHold.first())) {
        m_toHold.removeFirst();
        if (m_toHold.isEmpty())
            m_held = server;
    }
    if (m_text.isEmpty() || !bytes.contains(m_text)) {
        server->write(bytes);
        return;
    }
    ++m_cuts;
    m_text.clear();
    if (m_how == Cut::After) {
        server->disconnect();
        server->setParent(this);
        server->write(bytes);
        server->flush();
        server->disconnectFromHost(); // in order, so that the server reads it first
    }
    client->abort();
}

} // namespace quiesce::test
