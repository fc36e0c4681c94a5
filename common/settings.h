// SPDX-License-Identifier: GPL-3.0-only
// The settings as plain values, with the contract's defaults. Where they come from is service/host.
#pragma once

#include "common/jobs/commandsettings.h"

#include <QString>
#include <QStringList>
#include <chrono>

namespace quiesce {

/// An address to listen on, as written: "127.0.0.1:8080", "[::1]:9090". Port 0 picks a free one.
struct Endpoint
{
    QString address;
    quint16 port = 0;

    friend bool operator==(const Endpoint &, const Endpoint &) = default;
};

struct ListenSettings
{
    Endpoint traffic{ QStringLiteral("127.0.0.1"), 8080 };
    Endpoint admin{ QStringLiteral("127.0.0.1"), 9090 }; ///< closes last

    friend bool operator==(const ListenSettings &, const ListenSettings &) = default;
};

struct ServiceSettings
{
    QString name = QStringLiteral("quiesced");
    QString dataDir; ///< jobs, reports, admin token; empty: nothing is kept (embedding, tests)
    QString runtimeDir; ///< one `<pid>.json` a running instance; empty: none is written
    /// How long a process that is to take this one's place may need until it could serve.
    std::chrono::milliseconds handoverTimeout{ 30'000 };

    friend bool operator==(const ServiceSettings &, const ServiceSettings &) = default;
};

/// How a stop proceeds. What an orchestrator must grant is the sum of all but linger (which lies
/// within grace): see longestStop().
struct StopSettings
{
    /// Still serving, readiness false, every answer says Connection: close. Must exceed the time
    /// a load balancer takes to notice. 0: accept nothing new at once.
    std::chrono::milliseconds lameDuck{ 0 };
    /// The longest in-flight work may take after lame duck; then its stop tokens are triggered.
    std::chrono::milliseconds grace{ 25'000 };
    /// The longest a drain waits for a connection that is only idle, within grace and so never
    /// longer. 0: close idle ones at once.
    std::chrono::milliseconds linger{ 1'000 };
    /// After the deadline: time for cancelled handlers to answer before they are cut.
    std::chrono::milliseconds cancelGrace{ 2'000 };
    /// Default time for each stop hook.
    std::chrono::milliseconds hookTimeout{ 2'000 };
    /// What the orchestrator grants in all. 0: unknown, not checked.
    std::chrono::milliseconds budget{ 0 };

    friend bool operator==(const StopSettings &, const StopSettings &) = default;
};

/// What an orchestrator must grant for a stop in which everything takes as long as it may; `hooks`
/// is the sum of all stop hooks' time-outs. linger is no part of it: it lies within grace.
[[nodiscard]] constexpr std::chrono::milliseconds longestStop(const StopSettings &stop,
                                                              std::chrono::milliseconds hooks)
{
    return stop.lameDuck + stop.grace + stop.cancelGrace + hooks;
}

struct LogSettings
{
    enum class Format : unsigned char { Auto, Text, Json }; ///< Auto: text on a terminal, else JSON
    enum class Level : unsigned char { Debug, Info, Warning, Error };

    Format format = Format::Auto;
    Level level = Level::Info;

    friend bool operator==(const LogSettings &, const LogSettings &) = default;
};

/// What one client may ask for. Past it: the status in brackets, as problem+json.
struct LimitSettings
{
    int maxConnections = 10'000; ///< beyond it nothing is accepted until one ends
    int maxAdminConnections = 1'024; ///< beyond it the stranger that has waited longest is closed
    int maxInFlight = 1'024; ///< [503 with Retry-After]
    qint64 maxUriBytes = qint64{ 8 } * 1'024; ///< [414]
    qint64 maxHeaderBytes = qint64{ 16 } * 1'024; ///< all header fields together [431]
    qint64 maxBodyBytes = qint64{ 8 } * 1'024 * 1'024; ///< [413]
    qint64 maxBodyMemory = qint64{ 256 } * 1'024 * 1'024; ///< of all bodies [503, Retry-After]
    std::chrono::milliseconds handshakeTimeout{ 10'000 }; ///< of TLS; closed
    std::chrono::milliseconds headerTimeout{ 10'000 }; ///< for the whole head [408, closed]
    std::chrono::milliseconds bodyTimeout{ 30'000 }; ///< without progress [408, closed]
    std::chrono::milliseconds keepAliveTimeout{ 60'000 }; ///< idle between requests; closed
    std::chrono::milliseconds writeTimeout{ 30'000 }; ///< without progress; closed
    std::chrono::milliseconds requestTimeout{ 60'000 }; ///< the handler's [504]; 0: none

    friend bool operator==(const LimitSettings &, const LimitSettings &) = default;
};

struct AdminSettings
{
    QString tokenFile; ///< empty: `<data_dir>/admin-token`
    QString readTokenFile; ///< may only read; empty: there is no such token
    QStringList allowedHosts; ///< beside the listener's own address and localhost
    bool metricsToken = false; ///< /metrics wants a token, too
    bool insecure = false; ///< allows a non-loopback admin listener without TLS

    friend bool operator==(const AdminSettings &, const AdminSettings &) = default;
};

/// PEM files; empty where there is none. A listener with a certificate speaks TLS only.
struct TlsSettings
{
    QString trafficCertificate; ///< with the chain to its root; needs its key
    QString trafficKey;
    QString adminCertificate;
    QString adminKey;
    QString adminClientCa; ///< clients of the admin listener need a certificate that it signed

    friend bool operator==(const TlsSettings &, const TlsSettings &) = default;
};

/// Work that outlives the process. Bounds: see each; a job may ask for less or more of the first
/// three within JobQueue's limits.
struct JobSettings
{
    enum class Store : unsigned char {
        Sqlite, ///< a file in the data directory
        Postgresql, ///< a database that any number of instances share
    };
    Store store = Store::Sqlite;
    QString database; ///< libpq's connection string, for Postgresql; it holds no password
    QString databasePasswordFile; ///< empty: what libpq finds by itself, as PGPASSWORD, or none
    enum class Dispatch : unsigned char {
        Store, ///< an instance looks into the store when that tells of work
        Rabbitmq, ///< a broker's message tells one of the instances
        Kafka,
    };
    Dispatch dispatch = Dispatch::Store; ///< another than Store needs Store::Postgresql
    QString broker; ///< an amqp(s) URL without a password, or Kafka's `host:port,…`
    QString brokerPasswordFile; ///< empty: none
    QString brokerCaFile; ///< PEM of who may have signed its certificate; empty: the system's
    QString brokerCertificate; ///< PEM, of this client; empty: none
    QString brokerKey; ///< PEM, of that certificate
    QString brokerPrefix = QStringLiteral("quiesce"); ///< begins queues', topics' and groups' names
    QString kafkaSecurity = QStringLiteral("plaintext"); ///< as Kafka's own tools call it
    QString kafkaMechanism; ///< of SASL; empty: none
    QString kafkaUser; ///< of SASL
    std::chrono::milliseconds kafkaFetchWait{ 100 }; ///< of a broker that has nothing new
    int maxRunning = 8; ///< at a time, of all kinds together
    std::chrono::milliseconds timeout = std::chrono::hours(1); ///< for one attempt; 0: none
    int maxAttempts = 3; ///< until a job that fails has failed
    /// How long a runner may be silent before its jobs are another's. Must exceed the longest time
    /// the store may stall; it is renewed at a third of it.
    std::chrono::milliseconds lease{ 30'000 };
    /// The wait before attempt n + 1 is random between 0 and retryBase * 2^(n - 1), at most
    /// retryCap.
    std::chrono::milliseconds retryBase{ 1'000 };
    std::chrono::milliseconds retryCap = std::chrono::minutes(5);
    qint64 maxPayloadBytes = qint64{ 256 } * 1'024; ///< as compact JSON [413]
    std::chrono::milliseconds keepFor = std::chrono::hours(7 * 24); ///< once ended; 0: for ever
    qint64 keepEnded = 100'000; ///< beyond it the oldest ended ones go; -1: any number stays
    QStringList digestRoots; ///< folders whose files `digest` may read; empty: none
    QString tokenFile; ///< the bearer token of /v1/jobs; empty: none is asked for
    bool insecure = false; ///< allows commands on a non-loopback listener without that token
    QList<CommandSettings> commands; ///< each is a kind of job

    friend bool operator==(const JobSettings &, const JobSettings &) = default;
};

struct Settings
{
    ListenSettings listen;
    ServiceSettings service;
    StopSettings stop;
    LogSettings log;
    LimitSettings limits;
    AdminSettings admin;
    TlsSettings tls;
    JobSettings jobs;

    friend bool operator==(const Settings &, const Settings &) = default;
};

} // namespace quiesce
