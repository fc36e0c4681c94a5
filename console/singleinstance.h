// SPDX-License-Identifier: GPL-3.0-only
// SingleInstance: one console a configuration folder; another start is handed to the first.
#pragma once

#include <QList>
#include <QLocalServer>
#include <QLockFile>
#include <QObject>
#include <QUrl>

class QLocalSocket;

namespace quiesce {

/// Two consoles would overwrite each other's connections and layout. Whoever has the folder's lock
/// is the first and listens; a later start tells it what it was asked for, and ends.
///
/// Thread:  event loop; handOver() blocks, at most kPatience, before there is one.
/// Owns:    the lock file and the socket beside it, readable by their owner only; what a console
///          that was killed has left is taken over.
/// Limits:  a message of kMaxMessage bytes, kMaxPeers at a time, each of which has kPatience.
class SingleInstance final : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 kMaxMessage = 64 * 1024;
    static constexpr int kMaxPeers = 16;
    static constexpr std::chrono::milliseconds kPatience{ 3'000 };

    explicit SingleInstance(const QString &folder, QObject *parent = nullptr);

    /// False: another has the folder. A folder that cannot be written to is nobody's: true.
    [[nodiscard]] bool isFirst();
    /// To the first: raise your window, and connect to these. False: it does not answer, or these
    /// are more than kMaxMessage holds; then it has been told of none.
    [[nodiscard]] bool handOver(const QList<QUrl> &urls) const;
    /// For people; empty when none is known.
    [[nodiscard]] QString firstOne() const;

Q_SIGNALS:
    /// Another was started, with these to connect to.
    void startedAgain(const QList<QUrl> &urls);

private:
    void listen();
    void adopt();
    void take(QLocalSocket *peer);

    QLockFile m_lock;
    QString m_socket;
    QLocalServer m_server;
};

} // namespace quiesce
