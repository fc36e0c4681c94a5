// SPDX-License-Identifier: GPL-3.0-only
// TLS as an operator sets it up and as clients meet it: files, rotation, load, and the stop.
#include "tests/endtoend/serviceprocess.h"
#include "tests/support/tlsclient.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTest>
#include <csignal>
#include <deque>
#include <memory>
#include <set>
#include <sys/stat.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

constexpr int kLoadClients = 32;
const QByteArray kBody(2'000, 'b');
const QByteArray kAsk = post("/echo", kBody);

/// A service with certificates in its own folder.
class TlsService final
{
public:
    TlsService()
    {
        present("first");
        for (const auto *listener : { "TRAFFIC", "ADMIN" }) {
            set(listener, u"CERTIFICATE"_s, u"own.crt"_s);
            set(listener, u"KEY"_s, u"own.key"_s);
        }
    }
    void present(const QByteArray &name) const
    {
        const Certificate own({ .name = name });
        write(u"own.crt"_s, own.pem());
        write(u"own.key"_s, own.keyPem());
    }
    void write(const QString &name, const QByteArray &content) const
    {
        process.writeFile(name, content);
        ::chmod(QFile::encodeName(process.path(name)).constData(), 0600);
    }
    void set(const char *listener, const QString &what, const QString &file)
    {
        process.setEnvironment(u"QUIESCE_TLS_%1_%2"_s.arg(QLatin1StringView(listener), what),
                               file.isEmpty() ? QString() : process.path(file));
    }
    [[nodiscard]] quint16 port() const { return process.trafficPort(); }

    ServiceProcess process;
};

/// Asks again and again, on one connection or a fresh one each time, until nobody listens.
class Load final
{
public:
    enum class Connections : unsigned char { Kept, Fresh };

    Load(quint16 port, Connections connections)
        : m_port(port)
        , m_connections(connections)
        , m_clients(kLoadClients)
    { }

    /// A little of everybody's; true when all have found the listener closed.
    bool step()
    {
        int done = 0;
        for (std::unique_ptr<TlsClient> &client : m_clients)
            done += isDone(client) ? 1 : 0;
        return done == kLoadClients;
    }
    int answered = 0;
    int lost = 0;
    int impolite = 0; ///< ended without close_notify

private:
    bool isDone(std::unique_ptr<TlsClient> &client)
    {
        if (!client)
            return !tryConnect(client);
        const std::optional<RawAnswer> answer = client->tryAnswer();
        if (!answer) {
            if (client->isRefused())
                return !tryConnect(client);
            if (client->hasEnded() || !client->fault().isEmpty()) {
                ++lost;
                m_asked.erase(client.get());
                client.reset();
            } else if (client->isEstablished() && m_asked.insert(client.get()).second) {
                client->sendSome(kAsk);
            }
            return false;
        }
        ++(answer->status == 200 && answer->body == kBody ? answered : lost);
        m_asked.erase(client.get());
        if (answer->field("Connection") == "close")
            end(client);
        else if (m_connections == Connections::Fresh)
            client.reset();
        return false;
    }
    bool tryConnect(std::unique_ptr<TlsClient> &client) const
    {
        client = std::make_unique<TlsClient>(m_port);
        if (client->isConnected())
            client->sendHello();
        if (!client->isConnected() || client->isRefused())
            client.reset();
        return client != nullptr;
    }
    void end(std::unique_ptr<TlsClient> &client)
    {
        impolite += client->ending() == "close_notify" ? 0 : 1;
        client.reset();
    }

    quint16 m_port;
    Connections m_connections;
    std::vector<std::unique_ptr<TlsClient>> m_clients;
    std::set<TlsClient *> m_asked;
};

} // namespace

class TlsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysThatItSpeaksTls();
    void refusesFilesItCannotUse_data();
    void refusesFilesItCannotUse();
    void startsWithAnExpiredCertificateAndSaysSo();
    void rotatesItsCertificate();
    void keepsItsCertificateWhenTheNewOneIsBad();
    void switchesTlsByARestartOnly();
    void letsOnlyKnownClientsToTheAdminListener();
    void losesNothingWhenStoppedUnderLoad_data();
    void losesNothingWhenStoppedUnderLoad();
    void finishesALargeAnswerToASlowReader();
    void servesAndStopsDuringAFloodOfHandshakes();
};

void TlsTest::saysThatItSpeaksTls()
{
    TlsService service;
    QVERIFY(service.process.start());
    QVERIFY(service.process.output().startsWith(
        "quiesced ready traffic=https://127.0.0.1:" + QByteArray::number(service.port())
        + " admin=https://127.0.0.1:" + QByteArray::number(service.process.adminPort()) + ' '));
    QFile file(service.process.runtimeFile());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject info = QJsonDocument::fromJson(file.readAll()).object();
    QCOMPARE(info["trafficUrl"_L1].toString(), u"https://127.0.0.1:%1"_s.arg(service.port()));
    for (const quint16 port : { service.port(), service.process.adminPort() }) {
        TlsClient client(port);
        QCOMPARE(client.exchange(get("/livez")).value_or(RawAnswer{}).status, 200);
    }
}

void TlsTest::refusesFilesItCannotUse_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("no such key") << u"KEY"_s << u"none"_s << QByteArray("No such file");
    QTest::newRow("an exposed key") << u"KEY"_s << u"exposed"_s << QByteArray("is open to others");
    QTest::newRow("garbage") << u"CERTIFICATE"_s << u"garbage"_s
                             << QByteArray("holds no certificate in PEM");
    QTest::newRow("no certificate at all")
        << u"CERTIFICATE"_s << QString() << QByteArray("given without tls.admin_certificate");
}

void TlsTest::refusesFilesItCannotUse()
{
    QFETCH(const QString, setting);
    QFETCH(const QString, file);
    QFETCH(const QByteArray, reason);
    TlsService service;
    service.write(u"garbage"_s, "garbage");
    service.process.writeFile(u"exposed"_s, "key");
    service.set("ADMIN", setting, file);
    for (const bool isOnlyChecked : { false, true }) {
        const QStringList check =
            isOnlyChecked ? QStringList{ u"--check-config"_s } : QStringList();
        const auto finished = service.process.run(service.process.ownDirectories() + check);
        QCOMPARE(finished.exitCode, 78);
        QVERIFY2(finished.errors.contains(reason), finished.errors.constData());
        QVERIFY2(finished.errors.contains("QUIESCE_TLS_ADMIN_"), finished.errors.constData());
        QCOMPARE(finished.errors.count('\n'), 1);
        QVERIFY(!QFile::exists(service.process.dataDir()));
    }
}

void TlsTest::startsWithAnExpiredCertificateAndSaysSo()
{
    TlsService service;
    const Certificate expired({ .begins = -std::chrono::hours(2), .ends = -std::chrono::hours(1) });
    service.write(u"own.crt"_s, expired.pem());
    service.write(u"own.key"_s, expired.keyPem());
    QVERIFY(service.process.start());
    QCOMPARE(service.process.countLog(u"clients will refuse the certificate"_s,
                                      { { u"reason"_s, u"the certificate has expired"_s } }),
             2);
}

void TlsTest::rotatesItsCertificate()
{
    TlsService service;
    QVERIFY(service.process.start());
    TlsClient live(service.port());
    QVERIFY(live.exchange(get("/hello")));
    service.present("second");
    service.process.signal(SIGHUP);
    QVERIFY(service.process.waitForLog(u"configuration reloaded"_s));
    for (const quint16 port : { service.port(), service.process.adminPort() }) {
        TlsClient fresh(port);
        QVERIFY(fresh.exchange(get("/livez")));
        QCOMPARE(fresh.serverName(), u"second"_s);
    }
    QCOMPARE(live.exchange(get("/hello")).value_or(RawAnswer{}).status, 200);
    QCOMPARE(live.serverName(), u"first"_s);
}

void TlsTest::keepsItsCertificateWhenTheNewOneIsBad()
{
    TlsService service;
    QVERIFY(service.process.start());
    service.write(u"own.crt"_s, Certificate({ .name = "another" }).pem()); // and the key stays
    service.process.signal(SIGHUP);
    QVERIFY(service.process.waitForLog(u"configuration not reloaded"_s));
    QCOMPARE(service.process.countLog(u"configuration reloaded"_s), 0);
    TlsClient client(service.port());
    QVERIFY(client.exchange(get("/hello")));
    QCOMPARE(client.serverName(), u"first"_s);
    for (const QJsonObject &record : service.process.log())
        QVERIFY(!QJsonDocument(record).toJson().contains("PRIVATE"));
}

void TlsTest::switchesTlsByARestartOnly()
{
    ServiceProcess service;
    const Certificate own({});
    service.writeFile(u"own.crt"_s, own.pem());
    service.writeFile(u"own.key"_s, own.keyPem());
    ::chmod(QFile::encodeName(service.path(u"own.key"_s)).constData(), 0600);
    service.writeFile(u"q.toml"_s, "");
    QVERIFY(service.start({ u"--config"_s, service.path(u"q.toml"_s) }));
    service.writeFile(u"q.toml"_s,
                      u"tls.traffic_certificate = '%1'\ntls.traffic_key = '%2'\n"_s
                          .arg(service.path(u"own.crt"_s), service.path(u"own.key"_s))
                          .toUtf8());
    service.signal(SIGHUP);
    QVERIFY(
        service.waitForLog(u"configuration reloaded"_s,
                           { { u"needRestart"_s, u"tls.traffic_certificate,tls.traffic_key"_s } }));
    QCOMPARE(askAfresh(service.trafficPort(), get("/hello")).status, 200);
}

void TlsTest::letsOnlyKnownClientsToTheAdminListener()
{
    const Certificate authority({ .name = "operators", .kind = Certificate::Kind::Authority });
    const Certificate known({ .name = "ann" }, &authority);
    const Certificate stranger({ .name = "ann" });
    TlsService service;
    service.write(u"operators.crt"_s, authority.pem());
    service.set("ADMIN", u"CLIENT_CA"_s, u"operators.crt"_s);
    QVERIFY(service.process.start());
    const auto ask = [&](const Certificate *certificate) {
        TlsClient client(service.process.adminPort(), { .certificate = certificate });
        return client.exchange(get("/livez")).value_or(RawAnswer{}).status;
    };
    QCOMPARE(ask(nullptr), 0);
    QCOMPARE(ask(&stranger), 0);
    QCOMPARE(ask(&known), 200);
    TlsClient anyone(service.port());
    QCOMPARE(anyone.exchange(get("/livez")).value_or(RawAnswer{}).status, 200);
}

void TlsTest::losesNothingWhenStoppedUnderLoad_data()
{
    QTest::addColumn<bool>("isKept");
    QTest::newRow("kept-alive connections") << true;
    QTest::newRow("a fresh connection each time") << false;
}

void TlsTest::losesNothingWhenStoppedUnderLoad()
{
    QFETCH(const bool, isKept);
    TlsService service;
    for (int stop = 0; stop < 3; ++stop) {
        QVERIFY(service.process.start());
        Load load(service.port(), isKept ? Load::Connections::Kept : Load::Connections::Fresh);
        QVERIFY(eventually([&] {
            load.step();
            return load.answered >= (10 + stop) * kLoadClients;
        }));
        service.process.signal(SIGTERM);
        QVERIFY(eventually([&] { return load.step(); }));
        QCOMPARE(service.process.waitForExit(), 0);
        QCOMPARE(load.lost, 0);
        QCOMPARE(load.impolite, 0);
    }
}

void TlsTest::finishesALargeAnswerToASlowReader()
{
    const QByteArray body(8 * 1024 * 1024, 'x');
    TlsService service;
    QVERIFY(service.process.start());
    TlsClient client(service.port(), { .receiveBuffer = 16 * 1024 });
    QVERIFY(client.shakeHands());
    client.stopReading();
    QVERIFY(client.send(post("/echo", body)));
    TlsClient other(service.port());
    QCOMPARE(other.exchange(get("/hello")).value_or(RawAnswer{}).status, 200);
    service.process.signal(SIGTERM);
    QVERIFY(service.process.waitForState(u"draining"_s));
    const std::optional<RawAnswer> answer = client.answer();
    QVERIFY(answer);
    QVERIFY(answer->body == body);
    QCOMPARE(client.ending(), "close_notify");
    QCOMPARE(service.process.waitForExit(), 0);
}

void TlsTest::servesAndStopsDuringAFloodOfHandshakes()
{
    constexpr int kFlood = 500;
    constexpr qint64 kWithoutWaiting = 9'000; // ms; less than a handshake's time-out
    TlsService service;
    QVERIFY(service.process.start());
    std::deque<TlsClient> flood;
    for (int i = 0; i < kFlood; ++i) {
        flood.emplace_back(service.port());
        flood.back().sendHello();
        flood.back().stopReading();
    }
    for (const quint16 port : { service.port(), service.process.adminPort() }) {
        TlsClient client(port);
        QCOMPARE(client.exchange(get("/livez")).value_or(RawAnswer{}).status, 200);
    }
    QElapsedTimer elapsed;
    elapsed.start();
    service.process.signal(SIGTERM);
    QCOMPARE(service.process.waitForExit(), 0);
    QVERIFY(elapsed.elapsed() < kWithoutWaiting);
}

QTEST_GUILESS_MAIN(TlsTest)
#include "tst_tls.moc"
