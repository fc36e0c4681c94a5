// SPDX-License-Identifier: GPL-3.0-only
// RabbitServer: a real RabbitMQ of a test's own.
#pragma once

#include "tests/support/certificates.h"

#include <QProcess>
#include <QTemporaryDir>

namespace quiesce::test {

/// Debian's rabbitmq-server on free loopback ports, with folders, an epmd and certificates that go
/// with this object. It takes some ten seconds to start: one for a whole test program.
///
/// Thread:  the test's, which needs no event loop; the kernel kills it when that thread ends.
/// Blocks:  each wait until its event, at most kLongestWait.
/// Owns:    its processes: killed by the destructor, and by the kernel when the test itself dies.
/// Order:   messages outlive stop() and kill(); start() may follow either.
class RabbitServer final
{
public:
    static constexpr int kLongestWaitMs = 120'000;

    RabbitServer();
    ~RabbitServer();
    RabbitServer(const RabbitServer &) = delete;
    RabbitServer &operator=(const RabbitServer &) = delete;

    [[nodiscard]] static bool isInstalled();
    /// False: it is not ready; output() says more.
    [[nodiscard]] bool start();
    void stop(); ///< as an operator would
    void kill();
    void freeze(); ///< it keeps its connections and says nothing any more
    void thaw();
    /// rabbitmqctl; whether it succeeded.
    bool control(const QStringList &arguments);

    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] quint16 tlsPort() const { return m_tlsPort; }
    /// Who has signed its certificate, and somebody who has not. Users: guest, guest.
    [[nodiscard]] QString authorityFile() const
    {
        return m_certificates.path(QStringLiteral("authority.pem"));
    }
    [[nodiscard]] QString strangerFile() const
    {
        return m_certificates.path(QStringLiteral("stranger.pem"));
    }
    [[nodiscard]] QByteArray output() const { return m_output; }

private:
    void writeFiles();
    [[nodiscard]] QProcessEnvironment environment() const;
    void launch(QProcess &process, const QString &program, const QStringList &arguments) const;
    void signal(int number) const;

    QTemporaryDir m_folder;
    CertificateFolder m_certificates;
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
    quint16 m_distributionPort = 0;
    quint16 m_epmdPort = 0;
    QProcess m_epmd;
    QProcess m_server;
    QByteArray m_output;
};

} // namespace quiesce::test
