// SPDX-License-Identifier: GPL-3.0-only
// SingleInstance: see the header.
#include "console/singleinstance.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>
#include <QStandardPaths>
#include <QTimer>
#include <memory>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr char kEnd = '\n';

/// Of a length that a socket's path may have, wherever the folder is.
QString socketFor(const QString &folder)
{
    const QByteArray hash =
        QCryptographicHash::hash(QDir(folder).absolutePath().toUtf8(), QCryptographicHash::Sha256);
    const QString runtime = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    return runtime + "/quiesce-console-"_L1 + QString::fromLatin1(hash.toHex().first(16));
}

QByteArray messageOf(const QList<QUrl> &urls)
{
    QJsonArray list;
    for (const QUrl &url : urls)
        list.append(url.toString());
    return QJsonDocument(QJsonObject{ { u"connect"_s, list } }).toJson(QJsonDocument::Compact)
        + kEnd;
}

QList<QUrl> urlsOf(const QByteArray &message)
{
    QList<QUrl> urls;
    for (const QJsonValue url :
         QJsonDocument::fromJson(message).object().value("connect"_L1).toArray())
        urls.append(QUrl(url.toString(), QUrl::StrictMode));
    return urls;
}

} // namespace

SingleInstance::SingleInstance(const QString &folder, QObject *parent)
    : QObject(parent)
    , m_lock(folder + "/console.lock"_L1)
    , m_socket(socketFor(folder))
{
    m_lock.setStaleLockTime(0); // while its owner lives it holds, however long that is
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    m_server.setMaxPendingConnections(kMaxPeers);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::adopt);
}

bool SingleInstance::isFirst()
{
    const QString folder = QFileInfo(m_lock.fileName()).path();
    if (!m_lock.isLocked())
        QDir().mkpath(folder);
    if (!m_lock.isLocked() && !m_lock.tryLock(0)) {
        if (m_lock.error() == QLockFile::LockFailedError)
            return false;
        qWarning("cannot lock %s: another console might overwrite what this one keeps there",
                 qPrintable(folder));
        return true;
    }
    listen();
    return true;
}

void SingleInstance::listen()
{
    if (m_server.isListening())
        return;
    QLocalServer::removeServer(m_socket); // of one that was killed: the lock is ours
    if (!m_server.listen(m_socket))
        qWarning("cannot listen for further starts: %s", qPrintable(m_server.errorString()));
}

bool SingleInstance::handOver(const QList<QUrl> &urls) const
{
    const QByteArray message = messageOf(urls);
    if (message.size() > kMaxMessage)
        return false;
    const QDeadlineTimer patience(kPatience);
    const auto left = [&patience] { return int(patience.remainingTime()); };
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    if (!socket.waitForConnected(left()))
        return false;
    socket.write(message);
    while (socket.bytesToWrite() > 0) {
        if (!socket.waitForBytesWritten(left()))
            return false;
    }
    // Its answer is that it has read all and closes.
    return socket.state() == QLocalSocket::UnconnectedState || socket.waitForDisconnected(left());
}

QString SingleInstance::firstOne() const
{
    qint64 pid = 0;
    QString host;
    QString program;
    if (!m_lock.getLockInfo(&pid, &host, &program))
        return {};
    return u"pid %1"_s.arg(pid);
}

void SingleInstance::adopt()
{
    while (QLocalSocket *peer = m_server.nextPendingConnection()) {
        const auto others =
            m_server.findChildren<QLocalSocket *>(QString(), Qt::FindDirectChildrenOnly);
        if (others.size() > kMaxPeers) {
            peer->deleteLater();
            continue;
        }
        connect(peer, &QLocalSocket::readyRead, this, [this, peer] { take(peer); });
        connect(peer, &QLocalSocket::disconnected, peer, &QObject::deleteLater);
        QTimer::singleShot(kPatience, peer, &QObject::deleteLater);
        take(peer);
    }
}

void SingleInstance::take(QLocalSocket *peer)
{
    if (!peer->canReadLine()) {
        if (peer->bytesAvailable() > kMaxMessage)
            peer->deleteLater();
        return;
    }
    const QList<QUrl> urls = urlsOf(peer->readLine(kMaxMessage));
    peer->disconnect(this);
    peer->disconnectFromServer();
    Q_EMIT startedAgain(urls);
}

} // namespace quiesce
