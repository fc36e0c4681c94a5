// SPDX-License-Identifier: GPL-3.0-only
// The rows: what each setting is called, what it may be, and what it means.
#include "service/host/configuration/settingstable.h"

#include "service/host/configuration/settingforms.h"
#include "service/host/logging/logrecord.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr qint64 kKiB = 1'024;
constexpr qint64 kMiB = 1'024 * kKiB;
constexpr qint64 kGiB = 1'024 * kMiB;

constexpr Bounds<milliseconds> kUpToADay{ 0ms, 24h };
constexpr Bounds<milliseconds> kUpToThirtyDays{ 0ms, 720h };
constexpr Bounds<milliseconds> kSomeTime{ 1ms, 24h };
constexpr Bounds<int> kUpToAMillion{ 1, 1'000'000 };

/// Ties a row to its place in Settings; what is left is filled in by the row itself.
template <typename Part, typename Value>
Setting row(const SettingForm<Value> &form, Part Settings::*part, Value Part::*value)
{
    Setting setting;
    setting.placeholder = form.placeholder;
    setting.expected = form.expected;
    setting.tomlKind = form.tomlKind;
    setting.read = [=](Settings &settings, const QString &text) -> Result<Done, QString> {
        auto result = form.read(text);
        if (!result)
            return Failure{ result.error() };
        (settings.*part).*value = result.takeValue();
        return Done{};
    };
    setting.write = [=](const Settings &settings) { return form.write((settings.*part).*value); };
    return setting;
}

struct Place
{
    QString section;
    QString name;
    QString flag;
};

Setting named(Setting setting, const Place &place, const QString &meaning)
{
    setting.section = place.section;
    setting.name = place.name;
    setting.flag = place.flag;
    setting.meaning = meaning;
    return setting;
}

QList<Setting> listenRows()
{
    const auto form = endpointForm();
    return {
        named(row(form, &Settings::listen, &ListenSettings::traffic),
              { u"listen"_s, u"traffic"_s, u"listen"_s },
              u"Traffic listener. Port 0 picks a free one. An IPv6 address stands in brackets, "
              "localhost means 127.0.0.1, other host names are not accepted."_s),
        named(
            row(form, &Settings::listen, &ListenSettings::admin),
            { u"listen"_s, u"admin"_s, u"admin-listen"_s },
            u"Admin listener; it closes last. Not the traffic listener's address and port. Beyond "
            "loopback it needs tls.admin_certificate or admin.insecure."_s),
    };
}

QList<Setting> serviceRows()
{
    QList<Setting> rows{
        named(row(nameForm(), &Settings::service, &ServiceSettings::name),
              { u"service"_s, u"name"_s, {} },
              u"How this service is called in reports, snapshots and its runtime file. 1 to 64 "
              "letters, digits, \".\", \"_\" or \"-\"."_s),
        named(
            row(pathForm(u"DIR"_s), &Settings::service, &ServiceSettings::dataDir),
            { u"service"_s, u"data_dir"_s, u"data-dir"_s },
            u"Jobs, reports and the admin token. Made when missing (mode 0700); one instance at a "
            "time uses it."_s),
        named(row(pathForm(u"DIR"_s), &Settings::service, &ServiceSettings::runtimeDir),
              { u"service"_s, u"runtime_dir"_s, u"runtime-dir"_s },
              u"One <pid>.json for each running instance, so that a console finds it. Made when "
              "missing (mode 0700)."_s),
        named(row(durationForm(kSomeTime), &Settings::service, &ServiceSettings::handoverTimeout),
              { u"service"_s, u"handover_timeout"_s, {} },
              u"After SIGUSR2: how long the new process may take until it could serve; then it is "
              "ended and this one goes on. 1ms to 24h."_s),
    };
    rows[1].computedDefault =
        u"$STATE_DIRECTORY, else $XDG_STATE_HOME/quiesce, else ~/.local/state/quiesce"_s;
    rows[1].example = u"/var/lib/quiesce"_s;
    rows[2].computedDefault =
        u"$RUNTIME_DIRECTORY, else $XDG_RUNTIME_DIR/quiesce, else <data_dir>/run"_s;
    rows[2].example = u"/run/quiesce"_s;
    return rows;
}

QList<Setting> stopRows()
{
    const auto upToADay = durationForm(kUpToADay);
    return {
        named(
            row(upToADay, &Settings::stop, &StopSettings::lameDuck),
            { u"stop"_s, u"lame_duck"_s, u"lame-duck"_s },
            u"Still serving, readiness already false, every answer says Connection: close. Should "
            "exceed the time a load balancer takes to notice. At most 24h; 0s accepts nothing new "
            "at once."_s),
        named(row(upToADay, &Settings::stop, &StopSettings::grace),
              { u"stop"_s, u"grace"_s, u"grace"_s },
              u"The longest time in-flight work may take after lame duck; then it is cancelled. At "
              "most 24h; 0s cancels it at once."_s),
        named(
            row(upToADay, &Settings::stop, &StopSettings::linger),
            { u"stop"_s, u"linger"_s, u"linger"_s },
            u"The longest a drain waits for a connection that is only idle; each connection's own "
            "rhythm decides how much of it is used. It lies within grace, which ends it. At most "
            "24h; 0s closes idle connections at once."_s),
        named(row(upToADay, &Settings::stop, &StopSettings::cancelGrace),
              { u"stop"_s, u"cancel_grace"_s, {} },
              u"After the deadline: time for cancelled handlers to answer before their connections "
              "are cut. At most 24h; 0s cuts them at once."_s),
        named(row(durationForm(kSomeTime), &Settings::stop, &StopSettings::hookTimeout),
              { u"stop"_s, u"hook_timeout"_s, {} },
              u"Default time for each stop hook. 1ms to 24h."_s),
        named(row(upToADay, &Settings::stop, &StopSettings::budget),
              { u"stop"_s, u"budget"_s, u"budget"_s },
              u"What the orchestrator grants in all (Kubernetes terminationGracePeriodSeconds, "
              "systemd TimeoutStopSec). lame_duck + grace + cancel_grace + hook_timeout must fit "
              "into it (linger lies within grace). At most 24h; 0s means unknown: nothing is "
              "checked."_s),
    };
}

QList<Setting> logRows()
{
    using Format = LogSettings::Format;
    using Level = LogSettings::Level;
    const auto formats = choiceForm<Format>(
        { { u"text"_s, Format::Text }, { u"json"_s, Format::Json }, { u"auto"_s, Format::Auto } });
    Choices<Level> levels;
    for (const Level level : { Level::Debug, Level::Info, Level::Warning, Level::Error })
        levels.append({ QString(toWire(level)), level });
    QList<Setting> rows{
        named(row(formats, &Settings::log, &LogSettings::format),
              { u"log"_s, u"format"_s, u"log-format"_s },
              u"One event a line on stderr, as text or as JSON; auto: text on a terminal, else "
              "JSON."_s),
        named(row(choiceForm(levels), &Settings::log, &LogSettings::level),
              { u"log"_s, u"level"_s, u"log-level"_s },
              u"What is less important than this is not logged; debug shows Quiesce's own parts "
              "only."_s),
    };
    rows[1].reload = Setting::Reload::AtRunTime;
    return rows;
}

QList<Setting> limitCountRows()
{
    const auto count = countForm(kUpToAMillion);
    return {
        named(row(count, &Settings::limits, &LimitSettings::maxConnections),
              { u"limits"_s, u"max_connections"_s, {} },
              u"Of the traffic listener; beyond it no connection is accepted until one ends. 1 to "
              "1000000."_s),
        named(row(countForm({ 128, 1'000'000 }), &Settings::limits,
                  &LimitSettings::maxAdminConnections),
              { u"limits"_s, u"max_admin_connections"_s, {} },
              u"The admin listener's own. Beyond it the connection that has waited longest without "
              "having shown a valid token is closed, so that strangers cannot keep the operator "
              "out. 128 to 1000000."_s),
        named(row(count, &Settings::limits, &LimitSettings::maxInFlight),
              { u"limits"_s, u"max_in_flight"_s, {} },
              u"Requests at work at a time; past it 503 with Retry-After. 1 to 1000000."_s),
        named(row(sizeForm({ 64, kMiB }), &Settings::limits, &LimitSettings::maxUriBytes),
              { u"limits"_s, u"max_uri_bytes"_s, {} },
              u"Longest request target; past it 414. 64B to 1MiB, and not more than "
              "max_header_bytes."_s),
        named(row(sizeForm({ 256, kMiB }), &Settings::limits, &LimitSettings::maxHeaderBytes),
              { u"limits"_s, u"max_header_bytes"_s, {} },
              u"All header fields together; past it 431. 256B to 1MiB."_s),
        named(row(sizeForm({ 0, kGiB }), &Settings::limits, &LimitSettings::maxBodyBytes),
              { u"limits"_s, u"max_body_bytes"_s, {} },
              u"Largest request body, held in memory; past it 413. At most 1GiB; 0B refuses every "
              "body. On the admin listener at most 64KiB, whatever this says."_s),
        named(row(sizeForm({ 0, 1'024 * kGiB }), &Settings::limits, &LimitSettings::maxBodyMemory),
              { u"limits"_s, u"max_body_memory"_s, {} },
              u"All request bodies of the traffic listener together, from the arrival of their "
              "bytes until their requests are answered; past it 503 with Retry-After. At most "
              "1024GiB, and not less than max_body_bytes."_s),
    };
}

QList<Setting> limitTimeRows()
{
    const auto someTime = durationForm(kSomeTime);
    return {
        named(row(someTime, &Settings::limits, &LimitSettings::handshakeTimeout),
              { u"limits"_s, u"handshake_timeout"_s, {} },
              u"For a TLS handshake; past it closed. 1ms to 24h."_s),
        named(row(someTime, &Settings::limits, &LimitSettings::headerTimeout),
              { u"limits"_s, u"header_timeout"_s, {} },
              u"For the whole head of a request; past it 408, closed. 1ms to 24h."_s),
        named(row(someTime, &Settings::limits, &LimitSettings::bodyTimeout),
              { u"limits"_s, u"body_timeout"_s, {} },
              u"For a body without progress; past it 408, closed. 1ms to 24h."_s),
        named(row(someTime, &Settings::limits, &LimitSettings::keepAliveTimeout),
              { u"limits"_s, u"keep_alive_timeout"_s, {} },
              u"For a connection idle between two requests; past it closed. 1ms to 24h."_s),
        named(row(someTime, &Settings::limits, &LimitSettings::writeTimeout),
              { u"limits"_s, u"write_timeout"_s, {} },
              u"For an answer that its client does not take; past it closed. 1ms to 24h."_s),
        named(row(durationForm(kUpToADay), &Settings::limits, &LimitSettings::requestTimeout),
              { u"limits"_s, u"request_timeout"_s, {} },
              u"For a handler; past it 504 and its stop token is triggered. At most 24h; 0s means "
              "none."_s),
    };
}

QList<Setting> limitRows()
{
    QList<Setting> rows = limitCountRows() + limitTimeRows();
    for (Setting &setting : rows)
        setting.reload = Setting::Reload::AtRunTime;
    return rows;
}

QList<Setting> adminRows()
{
    QList<Setting> rows{
        named(row(pathForm(u"FILE"_s), &Settings::admin, &AdminSettings::tokenFile),
              { u"admin"_s, u"token_file"_s, {} },
              u"Holds the operator's token: 16 to 1024 bytes of letters, digits and -._~+/ (= at "
              "the end). Made with 256 random bits (mode 0600) when missing. A file that others "
              "may read or write is refused, but that its group may read one of root's (0640). "
              "SIGHUP reads it again. The token itself is never a setting."_s),
        named(
            row(optionalPathForm(u"FILE"_s), &Settings::admin, &AdminSettings::readTokenFile),
            { u"admin"_s, u"read_token_file"_s, {} },
            u"Holds a second token, which may only read. Like token_file, but never made; it must "
            "hold another token. Empty: there is none."_s),
        named(row(hostsForm(), &Settings::admin, &AdminSettings::allowedHosts),
              { u"admin"_s, u"allowed_hosts"_s, {} },
              u"What the admin listener may be called in a Host field, on any port, beside the "
              "address a connection came in on and localhost (these without port or with the "
              "listener's own). Names or addresses without port, separated by commas; at most "
              "64."_s),
        named(row(switchForm(), &Settings::admin, &AdminSettings::metricsToken),
              { u"admin"_s, u"metrics_token"_s, {} },
              u"/metrics of the admin listener wants a token, too."_s),
        named(row(switchForm(), &Settings::admin, &AdminSettings::insecure),
              { u"admin"_s, u"insecure"_s, {} },
              u"Allows an admin listener without TLS on an address that is not loopback."_s),
    };
    rows[0].computedDefault = u"<data_dir>/admin-token"_s;
    rows[0].example = u"/var/lib/quiesce/admin-token"_s;
    for (const qsizetype reloadable : { 1, 2, 3 })
        rows[reloadable].reload = Setting::Reload::AtRunTime;
    return rows;
}

Setting tlsRow(QString TlsSettings::*file, const QString &name, const QString &meaning,
               const QString &example)
{
    Setting setting = named(row(optionalPathForm(u"FILE"_s), &Settings::tls, file),
                            { u"tls"_s, name, {} }, meaning);
    setting.computedDefault = u"none"_s;
    setting.example = example;
    setting.reload = Setting::Reload::WhileGiven;
    return setting;
}

QList<Setting> tlsRows()
{
    QList<Setting> rows{
        tlsRow(&TlsSettings::trafficCertificate, u"traffic_certificate"_s,
               u"PEM: the traffic listener's certificate and those that lead to its root. With it "
               "the listener speaks TLS only; it needs tls.traffic_key. SIGHUP reads it again, as "
               "all of tls; to switch TLS on or off takes a restart."_s,
               u"/etc/quiesce/traffic.crt"_s),
        tlsRow(&TlsSettings::trafficKey, u"traffic_key"_s,
               u"PEM: the key of that certificate, not encrypted. Mode 0600, or 0640 when it is "
               "root's, as of token files."_s,
               u"/etc/quiesce/traffic.key"_s),
        tlsRow(&TlsSettings::adminCertificate, u"admin_certificate"_s,
               u"The same for the admin listener; it needs tls.admin_key."_s,
               u"/etc/quiesce/admin.crt"_s),
        tlsRow(&TlsSettings::adminKey, u"admin_key"_s, u"The key of that certificate."_s,
               u"/etc/quiesce/admin.key"_s),
        tlsRow(&TlsSettings::adminClientCa, u"admin_client_ca"_s,
               u"PEM: clients of the admin listener, probes included, must show a certificate that "
               "one of these has signed. Needs tls.admin_certificate."_s,
               u"/etc/quiesce/clients.crt"_s),
    };
    rows.last().reload = Setting::Reload::AtRunTime;
    return rows;
}

QList<Setting> jobStoreRows()
{
    using Store = JobSettings::Store;
    const auto stores = choiceForm<Store>(
        { { u"sqlite"_s, Store::Sqlite }, { u"postgresql"_s, Store::Postgresql } });
    QList<Setting> rows{
        named(row(stores, &Settings::jobs, &JobSettings::store), { u"jobs"_s, u"store"_s, {} },
              u"Where jobs are kept. \"sqlite\": in jobs.db in the data directory, for one "
              "instance. \"postgresql\": in jobs.database, which any number of instances share."_s),
        named(row(textForm(u"URL"_s), &Settings::jobs, &JobSettings::database),
              { u"jobs"_s, u"database"_s, {} },
              u"Which PostgreSQL database, as libpq has it: a URL, or key=value pairs. Without the "
              "password, which comes from jobs.database_password_file or PGPASSWORD. For "
              "jobs.store = \"postgresql\" alone."_s),
        named(row(optionalPathForm(u"FILE"_s), &Settings::jobs, &JobSettings::databasePasswordFile),
              { u"jobs"_s, u"database_password_file"_s, {} },
              u"Holds the password for jobs.database, and is nobody else's to read. Empty: what "
              "libpq finds by itself, PGPASSWORD or a password file, or none."_s),
    };
    rows[1].computedDefault = rows[2].computedDefault = u"none"_s;
    rows[1].example = u"postgresql://quiesced@db.example/jobs?sslmode=verify-full"_s;
    rows[2].example = u"/etc/quiesce/database-password"_s;
    return rows;
}

QList<Setting> jobBrokerRows()
{
    using Dispatch = JobSettings::Dispatch;
    const auto dispatches = choiceForm<Dispatch>({ { u"store"_s, Dispatch::Store },
                                                   { u"rabbitmq"_s, Dispatch::Rabbitmq },
                                                   { u"kafka"_s, Dispatch::Kafka } });
    const auto file = [](QString JobSettings::*member, const QString &name,
                         const QString &meaning) {
        Setting setting = named(row(optionalPathForm(u"FILE"_s), &Settings::jobs, member),
                                { u"jobs"_s, name, {} }, meaning);
        setting.computedDefault = u"none"_s;
        setting.example = u"/etc/quiesce/"_s + QString(name).replace(u'_', u'-');
        return setting;
    };
    QList<Setting> rows{
        named(row(dispatches, &Settings::jobs, &JobSettings::dispatch),
              { u"jobs"_s, u"dispatch"_s, {} },
              u"How an instance hears of a job. \"store\": from the store. \"rabbitmq\", "
              "\"kafka\": by a message, which goes to one instance; for jobs.store = "
              "\"postgresql\" alone."_s),
        named(row(textForm(u"ADDRESS"_s), &Settings::jobs, &JobSettings::broker),
              { u"jobs"_s, u"broker"_s, {} },
              u"For \"rabbitmq\" amqp://user@host:port/virtualhost, or amqps://…; for \"kafka\" "
              "host:port,…. Without the password."_s),
        file(&JobSettings::brokerPasswordFile, u"broker_password_file"_s,
             u"Holds the broker's password, and is nobody else's to read."_s),
        file(
            &JobSettings::brokerCaFile, u"broker_ca_file"_s,
            u"PEM: who may have signed the broker's certificate. Empty: whom the system trusts."_s),
        file(&JobSettings::brokerCertificate, u"broker_certificate"_s,
             u"PEM, shown to the broker; with jobs.broker_key or not at all."_s),
        file(&JobSettings::brokerKey, u"broker_key"_s, u"PEM, of jobs.broker_certificate."_s),
        named(row(nameForm(), &Settings::jobs, &JobSettings::brokerPrefix),
              { u"jobs"_s, u"broker_prefix"_s, {} },
              u"Begins the names of queues, topics and groups: instances with the same share "
              "jobs."_s),
    };
    rows[1].computedDefault = u"none"_s;
    rows[1].example = u"amqps://quiesced@mq.example/jobs"_s;
    return rows;
}

QList<Setting> jobKafkaRows()
{
    const auto choices = [](const QStringList &names) {
        Choices<QString> all;
        for (const QString &name : names)
            all.append({ name, name });
        return choiceForm<QString>(all);
    };
    return {
        named(row(choices({ u"plaintext"_s, u"ssl"_s, u"sasl_plaintext"_s, u"sasl_ssl"_s }),
                  &Settings::jobs, &JobSettings::kafkaSecurity),
              { u"jobs"_s, u"kafka_security"_s, {} },
              u"How Kafka is spoken to, as its own tools call it."_s),
        named(row(choices({ u""_s, u"PLAIN"_s, u"SCRAM-SHA-256"_s, u"SCRAM-SHA-512"_s }),
                  &Settings::jobs, &JobSettings::kafkaMechanism),
              { u"jobs"_s, u"kafka_mechanism"_s, {} },
              u"Of SASL, with jobs.kafka_user and jobs.broker_password_file. Empty: none."_s),
        named(row(textForm(u"NAME"_s), &Settings::jobs, &JobSettings::kafkaUser),
              { u"jobs"_s, u"kafka_user"_s, {} }, u"Of SASL. Empty: none."_s),
        named(row(durationForm({ 1ms, 1s }), &Settings::jobs, &JobSettings::kafkaFetchWait),
              { u"jobs"_s, u"kafka_fetch_wait"_s, {} },
              u"How long a broker with nothing new keeps a request for more waiting. Shorter: more "
              "requests, and sooner a partition that goes on after a pause. 1ms to 1s."_s),
    };
}

QList<Setting> jobRunRows()
{
    return {
        named(row(countForm({ 1, 1'024 }), &Settings::jobs, &JobSettings::maxRunning),
              { u"jobs"_s, u"max_running"_s, {} },
              u"Jobs that run at a time, of all kinds together. 1 to 1024."_s),
        named(row(durationForm(kUpToThirtyDays), &Settings::jobs, &JobSettings::timeout),
              { u"jobs"_s, u"timeout"_s, {} },
              u"For one attempt of a job without its own; past it the attempt has failed. At most "
              "720h; 0s means none."_s),
        named(row(countForm({ 1, 100 }), &Settings::jobs, &JobSettings::maxAttempts),
              { u"jobs"_s, u"max_attempts"_s, {} },
              u"Until a job without its own that fails, or kills the process, has failed. 1 to "
              "100."_s),
        named(row(durationForm({ 1s, 24h }), &Settings::jobs, &JobSettings::lease),
              { u"jobs"_s, u"lease"_s, {} },
              u"How long a runner may be silent before its jobs are another's; renewed at a third "
              "of it. Must exceed the longest time the store may stall. 1s to 24h."_s),
        named(row(durationForm(kSomeTime), &Settings::jobs, &JobSettings::retryBase),
              { u"jobs"_s, u"retry_base"_s, {} },
              u"After failed attempt N the next waits a random time up to retry_base * 2^(N-1), "
              "but no longer than retry_cap. 1ms to 24h."_s),
        named(
            row(durationForm(kSomeTime), &Settings::jobs, &JobSettings::retryCap),
            { u"jobs"_s, u"retry_cap"_s, {} },
            u"The longest wait between two attempts. 1ms to 24h, and not less than retry_base."_s),
    };
}

QList<Setting> jobKeepRows()
{
    QList<Setting> rows{
        named(row(sizeForm({ kKiB, kMiB }), &Settings::jobs, &JobSettings::maxPayloadBytes),
              { u"jobs"_s, u"max_payload_bytes"_s, {} },
              u"Largest payload, as compact JSON; past it 413. 1KiB to 1MiB."_s),
        named(row(durationForm({ 0ms, 24h * 3'650 }), &Settings::jobs, &JobSettings::keepFor),
              { u"jobs"_s, u"keep_for"_s, {} },
              u"How long a job and its output are kept once it has ended. At most 87600h; 0s means "
              "for ever."_s),
        named(row(longCountForm({ -1, 1'000'000'000 }), &Settings::jobs, &JobSettings::keepEnded),
              { u"jobs"_s, u"keep_ended"_s, {} },
              u"Of more ended jobs the oldest go. At most 1000000000; -1 keeps any number."_s),
        named(row(pathsForm(), &Settings::jobs, &JobSettings::digestRoots),
              { u"jobs"_s, u"digest_roots"_s, {} },
              u"Folders whose files the kind digest may read. Paths, separated by commas; at most "
              "64. Empty: none."_s),
        named(row(optionalPathForm(u"FILE"_s), &Settings::jobs, &JobSettings::tokenFile),
              { u"jobs"_s, u"token_file"_s, {} },
              u"Holds the token that /v1/jobs wants then. Like admin.token_file, but never made; "
              "it must hold another token. SIGHUP reads it again. Empty: none is asked for."_s),
        named(row(switchForm(), &Settings::jobs, &JobSettings::insecure),
              { u"jobs"_s, u"insecure"_s, {} },
              u"Allows commands without jobs.token_file on a traffic listener that is not "
              "loopback: whoever reaches it may run them."_s),
    };
    rows[4].reload = Setting::Reload::AtRunTime;
    return rows;
}

} // namespace

const QList<Setting> &settingsTable()
{
    static const QList<Setting> table = listenRows() + serviceRows() + stopRows() + logRows()
        + limitRows() + adminRows() + tlsRows() + jobStoreRows() + jobBrokerRows() + jobKafkaRows()
        + jobRunRows() + jobKeepRows();
    return table;
}

const Setting *findSetting(QStringView key)
{
    const auto found = std::find_if(settingsTable().begin(), settingsTable().end(),
                                    [key](const Setting &setting) { return setting.key() == key; });
    return found == settingsTable().end() ? nullptr : &*found;
}

QStringList settingNames(QString (Setting::*spell)() const)
{
    QStringList names;
    for (const Setting &setting : settingsTable())
        names.append((setting.*spell)());
    names.removeAll(QString());
    names.removeDuplicates();
    return names;
}

} // namespace quiesce
