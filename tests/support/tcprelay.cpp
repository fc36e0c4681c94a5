// SPDX-License-Identifier: GPL-3.0-only
// TcpRelay: see the header.
#include "tests/support/tcprelay.h"

namespace quiesce::test {

namespace {

void handOn(QTcpSocket *from, QTcpSocket *to)
{
    QObject::connect(from, &QTcpSocket::readyRead, to, [from, to] { to->write(from->readAll()); });
    QObject::connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
}

} // namespace

TcpRelay::TcpRelay(quint16 target)
    : m_target(target)
{
    connect(&m_server, &QTcpServer::newConnection, this, &TcpRelay::accept);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no free port");
}

void TcpRelay::accept()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        client->setParent(&m_connections);
        auto *server = new QTcpSocket(&m_connections);
        server->connectToHost(QHostAddress::LocalHost, m_target);
        handOn(client, server);
        handOn(server, client);
    }
}

void TcpRelay::cut()
{
    for (QTcpSocket *socket : m_connections.findChildren<QTcpSocket *>()) {
        socket->disconnect();
        socket->abort();
        socket->deleteLater();
    }
}

} // namespace quiesce::test
