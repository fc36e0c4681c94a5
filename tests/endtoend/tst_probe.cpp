// SPDX-License-Identifier: GPL-3.0-only
// quiesced --probe as an orchestrator runs it: beside an instance in every state, beside none, and
// beside what only looks like one.
#include "tests/endtoend/serviceprocess.h"
#include "tests/support/certificates.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>
#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

constexpr int kProbeMs = 2'000; // the constant in the program
const QStringList kProbes{ u"livez"_s, u"readyz"_s, u"startupz"_s };

using Finished = ServiceProcess::Finished;

/// Runs a probe with exactly these flags. A process of its own: the service's goes on.
Finished ask(const QString &check, const QStringList &flags,
             const QMap<QString, QString> &environment = {})
{
    ServiceProcess prober;
    for (auto variable = environment.begin(); variable != environment.end(); ++variable)
        prober.setEnvironment(variable.key(), variable.value());
    Finished finished = prober.run(flags + QStringList{ u"--probe"_s, check });
    return finished;
}

QStringList adminAt(quint16 port, const QString &address = u"127.0.0.1"_s)
{
    return { u"--admin-listen"_s, u"%1:%2"_s.arg(address).arg(port) };
}

/// Answers the one connection it takes with these bytes, after having read something; or, with
/// none, keeps it open and says nothing until it goes.
class FakeListener final
{
public:
    explicit FakeListener(QByteArray answer)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *const generic = reinterpret_cast<sockaddr *>(&address);
        if (::bind(m_socket, generic, size) != 0 || ::listen(m_socket, 1) != 0
            || ::getsockname(m_socket, generic, &size) != 0)
            qFatal("cannot listen");
        m_port = ::ntohs(address.sin_port);
        if (!answer.isEmpty())
            m_thread = std::jthread([this, answer] { serve(answer); });
    }
    ~FakeListener()
    {
        ::shutdown(m_socket, SHUT_RDWR); // wakes an accept()
        if (m_thread.joinable())
            m_thread.join();
        ::close(m_socket);
    }
    FakeListener(const FakeListener &) = delete;
    FakeListener &operator=(const FakeListener &) = delete;

    [[nodiscard]] quint16 port() const { return m_port; }

private:
    void serve(const QByteArray &answer) const
    {
        const int peer = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
        char request[1'024];
        if (peer >= 0 && ::recv(peer, request, sizeof request, 0) > 0)
            ::send(peer, answer.constData(), size_t(answer.size()), MSG_NOSIGNAL);
        ::close(peer);
    }

    int m_socket;
    quint16 m_port = 0;
    std::jthread m_thread;
};

} // namespace

class ProbeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysNothingOfAnInstanceThatIsWell();
    void tellsReadinessFromLiveness();
    void asksOnLoopbackWhereAllAddressesAreListenedOn();
    void findsPortZeroByTheRuntimeFile();
    void failsWhereNobodyIs();
    void doesNotWaitForEver();
    void takesOnlyOkForOk_data();
    void takesOnlyOkForOk();
    void trustsExactlyTheConfiguredCertificate();
    void cannotPassAClientAuthority();
    void refusesWrongUse_data();
    void refusesWrongUse();
    void touchesNothing();

private:
    void compare(const Finished &finished, int exitCode, const QByteArray &reason) const
    {
        QCOMPARE(finished.output, QByteArray());
        QVERIFY2(finished.errors.contains(reason), finished.errors.constData());
        QCOMPARE(finished.errors.count('\n'), 1);
        QCOMPARE(finished.exitCode, exitCode);
    }
    void compareWell(const Finished &finished) const
    {
        QCOMPARE(finished.errors, QByteArray());
        QCOMPARE(finished.output, QByteArray());
        QCOMPARE(finished.exitCode, 0);
    }
};

void ProbeTest::saysNothingOfAnInstanceThatIsWell()
{
    ServiceProcess service;
    QVERIFY(service.start());
    for (const QString &check : kProbes)
        compareWell(ask(check, adminAt(service.adminPort())));
    service.writeFile(u"q.toml"_s,
                      "[listen]\nadmin = \"127.0.0.1:" + QByteArray::number(service.adminPort())
                          + "\"\n");
    compareWell(ask(u"readyz"_s, { u"--config"_s, service.path(u"q.toml"_s) }));
    const QString address = u"127.0.0.1:%1"_s.arg(service.adminPort());
    compareWell(ask(u"readyz"_s, {}, { { u"QUIESCE_LISTEN_ADMIN"_s, address } }));
}

void ProbeTest::tellsReadinessFromLiveness()
{
    ServiceProcess service;
    QVERIFY(service.start({ u"--lame-duck"_s, u"1h"_s }));
    service.signal(SIGTERM);
    QVERIFY(service.waitForState(u"lame-duck"_s));
    const QStringList admin = adminAt(service.adminPort());
    compareWell(ask(u"livez"_s, admin));
    compareWell(ask(u"startupz"_s, admin));
    const QByteArray where =
        "readyz of http://127.0.0.1:" + QByteArray::number(service.adminPort()) + ": 503 ";
    compare(ask(u"readyz"_s, admin), 1, where);
}

void ProbeTest::asksOnLoopbackWhereAllAddressesAreListenedOn()
{
    ServiceProcess service;
    service.setEnvironment(u"QUIESCE_ADMIN_INSECURE"_s, u"true"_s);
    QVERIFY(!service.start({ u"--admin-listen"_s, u"0.0.0.0:0"_s })); // its URL is another one
    QTRY_VERIFY(service.output().contains(" admin=http://0.0.0.0:"));
    const QByteArray port = service.output().split(':').last().split(' ').first();
    const QMap<QString, QString> insecure{ { u"QUIESCE_ADMIN_INSECURE"_s, u"true"_s } };
    compareWell(ask(u"readyz"_s, adminAt(port.toUShort(), u"0.0.0.0"_s), insecure));
    // Listens on no IPv6 address: that it asks there shows in what it says.
    compare(ask(u"readyz"_s, adminAt(port.toUShort(), u"[::]"_s), insecure), 1,
            "readyz of http://[::1]:" + port + ": ");
}

void ProbeTest::findsPortZeroByTheRuntimeFile()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const QStringList flags = service.ownDirectories() + adminAt(0);
    compareWell(ask(u"readyz"_s, flags));
    {
        ServiceProcess second;
        QVERIFY(second.start({ u"--runtime-dir"_s, service.path(u"run"_s) }));
        compare(ask(u"readyz"_s, flags), 1, "; 2 of them belong to a running instance");
        second.signal(SIGKILL);
        QCOMPARE(second.waitForExit(), -1);
    }
    compareWell(ask(u"readyz"_s, flags)); // what the dead one left does not count
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    compare(ask(u"readyz"_s, flags), 1, "; 0 of them belong to a running instance");
}

void ProbeTest::failsWhereNobodyIs()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const QStringList admin = adminAt(service.adminPort());
    service.signal(SIGTERM);
    QCOMPARE(service.waitForExit(), 0);
    compare(ask(u"livez"_s, admin), 1, "Connection refused");
}

void ProbeTest::doesNotWaitForEver()
{
    const FakeListener silent{ QByteArray() };
    QElapsedTimer time;
    time.start();
    compare(ask(u"livez"_s, adminAt(silent.port())), 1, "no answer within 2s");
    QVERIFY(time.elapsed() >= kProbeMs);
}

void ProbeTest::takesOnlyOkForOk_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("reason"); // empty: it is well
    QTest::newRow("ok") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
                        << QByteArray();
    QTest::newRow("no content") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n")
                                << QByteArray(": 204\n");
    QTest::newRow("elsewhere") << QByteArray("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")
                               << QByteArray(": 302\n");
    QTest::newRow("not ready, in two lines")
        << QByteArray("HTTP/1.1 503 Service Unavailable\r\n\r\njobs: a\nb\n\x1b[2J")
        << QByteArray(": 503 jobs: a\\nb\\n\\u001b[2J\n");
    QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\n")
                                 << QByteArray("is no HTTP server");
    QTest::newRow("another protocol")
        << QByteArray("SSH-2.0-x\r\n\r\n") << QByteArray("is no HTTP server");
}

void ProbeTest::takesOnlyOkForOk()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, reason);
    const FakeListener listener(answer);
    const Finished finished = ask(u"livez"_s, adminAt(listener.port()));
    if (reason.isEmpty())
        compareWell(finished);
    else
        compare(finished, 1, reason);
}

void ProbeTest::trustsExactlyTheConfiguredCertificate()
{
    const Certificate authority({ .name = "authority", .kind = Certificate::Kind::Authority });
    const Certificate own({ .name = "own", .ends = -std::chrono::minutes(1) }, &authority);
    const Certificate sibling({ .name = "own" }, &authority);
    ServiceProcess service;
    const CertificateFolder folder;
    const QMap<QString, QString> tls{
        { u"QUIESCE_TLS_ADMIN_CERTIFICATE"_s, folder.write(u"own.crt"_s, own.pem()) },
        { u"QUIESCE_TLS_ADMIN_KEY"_s, folder.write(u"own.key"_s, own.keyPem()) },
    };
    for (auto variable = tls.begin(); variable != tls.end(); ++variable)
        service.setEnvironment(variable.key(), variable.value());
    QVERIFY(service.start());
    const QStringList admin = adminAt(service.adminPort());
    compareWell(ask(u"readyz"_s, admin, tls)); // expired, but the very one
    compareWell(ask(u"readyz"_s, service.ownDirectories() + adminAt(0), tls));
    compare(ask(u"readyz"_s, admin), 1, "readyz of http://127.0.0.1:"); // without TLS

    QMap<QString, QString> others = tls;
    for (const Certificate *other : { &sibling, &authority }) {
        others[u"QUIESCE_TLS_ADMIN_CERTIFICATE"_s] = folder.write(u"other.crt"_s, other->pem());
        compare(ask(u"readyz"_s, admin, others), 1, "it shows another certificate");
    }
    others[u"QUIESCE_TLS_ADMIN_CERTIFICATE"_s] = folder.path(u"none.crt"_s);
    compare(ask(u"readyz"_s, admin, others), 78, "tls.admin_certificate: ");
    const FakeListener plain("HTTP/1.1 200 OK\r\n\r\n");
    compare(ask(u"readyz"_s, adminAt(plain.port()), tls), 1, ": TLS: ");
}

void ProbeTest::cannotPassAClientAuthority()
{
    const Certificate own({ .name = "own" });
    const CertificateFolder folder;
    const QString pem = folder.write(u"own.crt"_s, own.pem());
    compare(ask(u"livez"_s, {},
                { { u"QUIESCE_TLS_ADMIN_CERTIFICATE"_s, pem },
                  { u"QUIESCE_TLS_ADMIN_KEY"_s, folder.write(u"own.key"_s, own.keyPem()) },
                  { u"QUIESCE_TLS_ADMIN_CLIENT_CA"_s, pem } }),
            1, "tls.admin_client_ca asks clients");
}

void ProbeTest::refusesWrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("another check") << QStringList{ u"--probe"_s, u"healthz"_s } << 64
                                   << QByteArray("--probe wants livez, readyz, startupz, not");
    QTest::newRow("none") << QStringList{ u"--probe"_s } << 64 << QByteArray("probe");
    QTest::newRow("a path") << QStringList{ u"--probe"_s, u"/livez"_s } << 64
                            << QByteArray("not \"/livez\"");
    QTest::newRow("a wrong setting")
        << QStringList{ u"--probe"_s, u"livez"_s, u"--grace"_s, u"soon"_s } << 78
        << QByteArray("--grace");
}

void ProbeTest::refusesWrongUse()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const int, exitCode);
    QFETCH(const QByteArray, reason);
    ServiceProcess prober;
    const Finished finished = prober.run(arguments);
    QCOMPARE(finished.exitCode, exitCode);
    QVERIFY2(finished.errors.contains(reason), finished.errors.constData());
}

void ProbeTest::touchesNothing()
{
    ServiceProcess prober;
    const FakeListener listener("HTTP/1.1 200 OK\r\n\r\n");
    compareWell(prober.run(prober.ownDirectories() + adminAt(listener.port())
                           + QStringList{ u"--probe"_s, u"livez"_s }));
    QVERIFY(QDir(prober.path(u"."_s)).isEmpty());
}

QTEST_GUILESS_MAIN(ProbeTest)
#include "tst_probe.moc"
