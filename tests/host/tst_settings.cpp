// SPDX-License-Identifier: GPL-3.0-only
// Every setting, valid and invalid, from the file, the environment and its flag.
#include "service/host/configuration/settingstable.h"
#include "tests/host/configurationinputs.h"

#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::findSetting;
using quiesce::Setting;
using quiesce::settingsTable;
using quiesce::TomlKind;
using quiesce::test::Sources;

namespace {

struct Case
{
    const char *key;
    const char *value;
    const char *reason; ///< how the error ends
};

/// One at each end of what is allowed, and one that is no default.
const QList<Case> &validCases()
{
    static const QList<Case> cases{
        { "listen.traffic", "127.0.0.1:0", {} },
        { "listen.traffic", "0.0.0.0:65535", {} },
        { "listen.traffic", "[::1]:80", {} },
        { "listen.admin", "127.0.0.2:1", {} },
        { "listen.admin", "[::1]:0", {} },
        { "service.name", "a", {} },
        { "service.name", "my-Service_2.eu", {} },
        { "service.data_dir", "/srv/q", {} },
        { "service.runtime_dir", "/run/q", {} },
        { "service.handover_timeout", "1ms", {} },
        { "service.handover_timeout", "24h", {} },
        { "stop.lame_duck", "0s", {} },
        { "stop.lame_duck", "24h", {} },
        { "stop.grace", "0s", {} },
        { "stop.grace", "24h", {} },
        { "stop.linger", "0s", {} },
        { "stop.linger", "24h", {} },
        { "stop.cancel_grace", "0s", {} },
        { "stop.cancel_grace", "24h", {} },
        { "stop.hook_timeout", "1ms", {} },
        { "stop.hook_timeout", "24h", {} },
        { "stop.budget", "29s", {} },
        { "stop.budget", "24h", {} },
        { "log.format", "text", {} },
        { "log.format", "json", {} },
        { "log.format", "auto", {} },
        { "log.level", "debug", {} },
        { "log.level", "warning", {} },
        { "log.level", "error", {} },
        { "limits.max_connections", "1", {} },
        { "limits.max_connections", "1000000", {} },
        { "limits.max_in_flight", "1", {} },
        { "limits.max_in_flight", "1000000", {} },
        { "limits.max_uri_bytes", "64B", {} },
        { "limits.max_uri_bytes", "16KiB", {} },
        { "limits.max_header_bytes", "8KiB", {} },
        { "limits.max_header_bytes", "1MiB", {} },
        { "limits.max_body_bytes", "0B", {} },
        { "limits.max_body_bytes", "256MiB", {} },
        { "limits.max_body_memory", "8MiB", {} },
        { "limits.max_body_memory", "1024GiB", {} },
        { "limits.handshake_timeout", "1ms", {} },
        { "limits.handshake_timeout", "24h", {} },
        { "limits.header_timeout", "1ms", {} },
        { "limits.header_timeout", "24h", {} },
        { "limits.body_timeout", "1ms", {} },
        { "limits.body_timeout", "24h", {} },
        { "limits.keep_alive_timeout", "1ms", {} },
        { "limits.keep_alive_timeout", "24h", {} },
        { "limits.write_timeout", "1ms", {} },
        { "limits.write_timeout", "24h", {} },
        { "limits.request_timeout", "0s", {} },
        { "limits.request_timeout", "24h", {} },
        { "admin.token_file", "/etc/q/token", {} },
        { "admin.read_token_file", "/etc/q/read", {} },
        { "admin.read_token_file", "", {} },
        { "admin.allowed_hosts", "", {} },
        { "admin.allowed_hosts", "admin.example.org,10.0.0.7,fe80::1", {} },
        { "admin.metrics_token", "true", {} },
        { "admin.metrics_token", "false", {} },
        { "limits.max_admin_connections", "128", {} },
        { "limits.max_admin_connections", "1000000", {} },
        { "admin.insecure", "true", {} },
        { "admin.insecure", "false", {} },
        { "tls.traffic_certificate", "", {} },
        { "tls.traffic_key", "", {} },
        { "tls.admin_certificate", "", {} },
        { "tls.admin_key", "", {} },
        { "tls.admin_client_ca", "", {} },
        { "jobs.max_running", "1", {} },
        { "jobs.max_running", "1024", {} },
        { "jobs.timeout", "0s", {} },
        { "jobs.timeout", "720h", {} },
        { "jobs.max_attempts", "1", {} },
        { "jobs.max_attempts", "100", {} },
        { "jobs.lease", "1s", {} },
        { "jobs.lease", "24h", {} },
        { "jobs.retry_base", "1ms", {} },
        { "jobs.retry_base", "5m", {} },
        { "jobs.retry_cap", "1s", {} },
        { "jobs.retry_cap", "24h", {} },
        { "jobs.max_payload_bytes", "1KiB", {} },
        { "jobs.max_payload_bytes", "1MiB", {} },
        { "jobs.keep_for", "0s", {} },
        { "jobs.keep_for", "87600h", {} },
        { "jobs.keep_ended", "-1", {} },
        { "jobs.keep_ended", "1000000000", {} },
        { "jobs.digest_roots", "", {} },
        { "jobs.digest_roots", "/srv/media,/srv/more files", {} },
        { "jobs.token_file", "/etc/q/jobs", {} },
        { "jobs.token_file", "", {} },
        { "jobs.store", "sqlite", {} },
        { "jobs.database", "", {} },
        { "jobs.dispatch", "store", {} },
        { "jobs.broker", "", {} },
        { "jobs.broker_password_file", "/etc/q/broker", {} },
        { "jobs.broker_ca_file", "/etc/q/ca.crt", {} },
        { "jobs.broker_certificate", "", {} },
        { "jobs.broker_key", "", {} },
        { "jobs.broker_prefix", "blue", {} },
        { "jobs.kafka_security", "sasl_ssl", {} },
        { "jobs.kafka_mechanism", "SCRAM-SHA-512", {} },
        { "jobs.kafka_user", "quiesced", {} },
        { "jobs.kafka_fetch_wait", "1ms", {} },
        { "jobs.kafka_fetch_wait", "1s", {} },
        { "jobs.database_password_file", "", {} },
        { "jobs.insecure", "true", {} },
        { "jobs.insecure", "false", {} },
    };
    return cases;
}

const QList<Case> &invalidCases()
{
    static const QList<Case> cases{
        { "listen.traffic", "127.0.0.1", "the port is missing" },
        { "listen.traffic", "127.0.0.1:65536", "\"65536\" is not a port from 0 to 65535" },
        { "listen.traffic", "127.0.0.256:80", "the address is not one" },
        { "listen.traffic", "127.1:80", "the address is written 127.0.0.1" },
        { "listen.traffic", "[::g]:80", "the address is not one" },
        { "listen.admin", "example.org:80",
          "\"example.org\" is not an address; a host name is not accepted" },
        { "listen.admin", "0.0.0.0:9090", "without TLS; admin.insecure = true allows it" },
        { "listen.admin", "127.0.0.1:8080", "cannot share an address and port" },
        { "service.name", "two words", "found \"two words\"" },
        { "service.name", "", "found \"\"" },
        { "service.data_dir", "", "it is empty" },
        { "service.data_dir", "~/q", "~ is not expanded here" },
        { "service.runtime_dir", "", "it is empty" },
        { "service.handover_timeout", "0s", "out of range, which is 1ms to 24h" },
        { "stop.lame_duck", "-1s", "it must not be negative" },
        { "stop.lame_duck", "25h", "out of range, which is 0s to 24h" },
        { "stop.grace", "25", "the unit is missing: ms, s, m or h" },
        { "stop.grace", "86400001ms", "out of range, which is 0s to 24h" },
        { "stop.linger", "1d", "\"d\" is not a unit: ms, s, m or h" },
        { "stop.cancel_grace", "", "it is empty" },
        { "stop.hook_timeout", "0s", "out of range, which is 1ms to 24h" },
        { "stop.budget", "28999ms", "= 29s, more than the budget of 28999ms" },
        { "stop.budget", "99999999999999999999s", "it is too large" },
        { "log.format", "xml", "expected \"text\", \"json\" or \"auto\", found \"xml\"" },
        { "log.level", "Info",
          "expected \"debug\", \"info\", \"warning\" or \"error\", found \"Info\"" },
        { "limits.max_connections", "0", "out of range, which is 1 to 1000000" },
        { "limits.max_connections", "1000001", "out of range, which is 1 to 1000000" },
        { "limits.max_in_flight", "-1", "out of range, which is 1 to 1000000" },
        { "limits.max_in_flight", "99999999999", "it does not fit" },
        { "limits.max_uri_bytes", "63B", "out of range, which is 64B to 1MiB" },
        { "limits.max_uri_bytes", "32KiB",
          "must not exceed max_header_bytes (16KiB), of which it "
          "is a part" },
        { "limits.max_header_bytes", "4KiB",
          "must not exceed max_header_bytes (4KiB), of which "
          "it is a part" },
        { "limits.max_header_bytes", "2MiB", "out of range, which is 256B to 1MiB" },
        { "limits.max_body_bytes", "2GiB", "out of range, which is 0B to 1GiB" },
        { "limits.max_body_bytes", "1GiB",
          "max_body_bytes (1GiB) must not exceed max_body_memory (256MiB), into which all bodies "
          "must fit" },
        { "limits.max_body_memory", "4MiB",
          "max_body_bytes (8MiB) must not exceed max_body_memory (4MiB), into which all bodies "
          "must fit" },
        { "limits.max_body_memory", "1025GiB", "out of range, which is 0B to 1024GiB" },
        { "limits.max_body_bytes", "8MB", "\"MB\" is not a unit: B, KiB, MiB or GiB" },
        { "limits.handshake_timeout", "0s", "out of range, which is 1ms to 24h" },
        { "limits.header_timeout", "0s", "out of range, which is 1ms to 24h" },
        { "limits.body_timeout", "0s", "out of range, which is 1ms to 24h" },
        { "limits.keep_alive_timeout", "0s", "out of range, which is 1ms to 24h" },
        { "limits.write_timeout", "0s", "out of range, which is 1ms to 24h" },
        { "limits.request_timeout", "never", "it does not begin with an integer" },
        { "admin.token_file", "", "it is empty" },
        { "admin.read_token_file", "~/q", "~ is not expanded here" },
        { "admin.allowed_hosts", "a.example.org:443", "\"a.example.org:443\" is not one" },
        { "admin.allowed_hosts", "a,*.example.org", "\"*.example.org\" is not one" },
        { "admin.allowed_hosts", "127.1", "\"127.1\" is not one" },
        { "limits.max_admin_connections", "127", "out of range, which is 128 to 1000000" },
        { "tls.traffic_certificate", "/t.crt",
          "tls.traffic_certificate is given without tls.traffic_key" },
        { "tls.traffic_key", "/t.key", "tls.traffic_key is given without tls.traffic_certificate" },
        { "tls.admin_certificate", "/a.crt",
          "tls.admin_certificate is given without tls.admin_key" },
        { "tls.admin_key", "~/a.key", "~ is not expanded here" },
        { "tls.admin_client_ca", "/c.crt",
          "tls.admin_client_ca is given without tls.admin_certificate" },
        { "jobs.max_running", "0", "out of range, which is 1 to 1024" },
        { "jobs.timeout", "721h", "out of range, which is 0s to 720h" },
        { "jobs.max_attempts", "101", "out of range, which is 1 to 100" },
        { "jobs.lease", "999ms", "out of range, which is 1s to 24h" },
        { "jobs.retry_base", "0s", "out of range, which is 1ms to 24h" },
        { "jobs.retry_base", "6m", "retry_base (6m) must not exceed retry_cap (5m)" },
        { "jobs.retry_cap", "999ms", "retry_base (1s) must not exceed retry_cap (999ms)" },
        { "jobs.max_payload_bytes", "2MiB", "out of range, which is 1KiB to 1MiB" },
        { "jobs.keep_for", "-1s", "it must not be negative" },
        { "jobs.keep_ended", "-2", "out of range, which is -1 to 1000000000" },
        { "jobs.keep_ended", "1000000001", "out of range, which is -1 to 1000000000" },
        { "jobs.digest_roots", "/srv,~/media", "\"~/media\": ~ is not expanded here" },
        { "jobs.token_file", "~/q", "~ is not expanded here" },
        { "jobs.database_password_file", "~/q", "~ is not expanded here" },
        { "jobs.dispatch", "kafka",
          "a broker is for instances that share their jobs: jobs.dispatch needs jobs.store = "
          "\"postgresql\"" },
        { "jobs.broker", "amqp://q@mq.example",
          "jobs.broker is given, and jobs.dispatch is \"store\"" },
        { "jobs.broker_password_file", "~/q", "~ is not expanded here" },
        { "jobs.broker_ca_file", "~/q", "~ is not expanded here" },
        { "jobs.broker_certificate", "/c.crt",
          "jobs.broker_certificate is given without jobs.broker_key" },
        { "jobs.broker_key", "/c.key", "jobs.broker_key is given without jobs.broker_certificate" },
        { "jobs.broker_prefix", "a b",
          "expected a name of 1 to 64 letters, digits, \".\", \"_\" or \"-\", found \"a b\"" },
        { "jobs.kafka_security", "tls",
          "expected \"plaintext\", \"ssl\", \"sasl_plaintext\" or \"sasl_ssl\", found \"tls\"" },
        { "jobs.kafka_mechanism", "GSSAPI", "found \"GSSAPI\"" },
        { "jobs.kafka_fetch_wait", "2s", "out of range, which is 1ms to 1s" },
        { "jobs.store", "postgresql",
          "jobs.store is \"postgresql\", and jobs.database does not say which database" },
        { "jobs.database", "postgresql://q@db.example/jobs",
          "jobs.database is given, and jobs.store is not \"postgresql\"" },
        { "jobs.store", "mysql", "expected \"sqlite\" or \"postgresql\", found \"mysql\"" },
    };
    return cases;
}

/// Those that no TOML value of the right kind can be; only text can.
const QList<Case> &invalidTextCases()
{
    static const QList<Case> cases{
        { "limits.max_connections", "many", "expected an integer, found \"many\"" },
        { "limits.max_connections", "1e3", "expected an integer, found \"1e3\"" },
        { "limits.max_connections", "", "expected an integer, found \"\"" },
        { "admin.metrics_token", "yes", "expected true or false, found \"yes\"" },
        { "admin.insecure", "yes", "expected true or false, found \"yes\"" },
        { "jobs.kafka_user", "a\tb", "b\"" },
        { "jobs.insecure", "yes", "expected true or false, found \"yes\"" },
        { "jobs.keep_ended", "all", "expected an integer, found \"all\"" },
    };
    return cases;
}

QByteArray asToml(const Setting &setting, const char *value)
{
    const QByteArray literal =
        setting.tomlKind == TomlKind::String ? '"' + QByteArray(value) + '"' : QByteArray(value);
    return '[' + setting.section.toUtf8() + "]\n" + setting.name.toUtf8() + " = " + literal + '\n';
}

/// A row for each way in which each case can be given.
void addRows(const QList<Case> &cases, bool isForFile)
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("flag");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("reason");
    for (const Case &each : cases) {
        const QString key = QString::fromLatin1(each.key);
        const Setting &setting = *findSetting(key);
        const auto row = [&](const char *way, const QByteArray &toml, const QString &variable,
                             const QString &flag) {
            QTest::addRow("%s %s = %s", way, each.key, each.value)
                << key << toml << variable << flag << QString::fromLatin1(each.value)
                << QString::fromLatin1(each.reason);
        };
        if (isForFile)
            row("file", asToml(setting, each.value), {}, {});
        row("variable", {}, setting.variable(), {});
        if (!setting.flag.isEmpty())
            row("flag", {}, {}, "--"_L1 + setting.flag);
    }
}

void give(Sources &sources, const QByteArray &toml, const QString &variable, const QString &flag,
          const QString &value)
{
    if (!toml.isEmpty())
        sources.file(toml);
    if (!variable.isEmpty())
        sources.variable(variable, value);
    if (!flag.isEmpty())
        sources.flags({ flag, value });
}

} // namespace

class SettingsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasACaseOfEachKindForEverySetting();
    void takes_data() { addRows(validCases(), true); }
    void takes();
    void refuses_data() { addRows(invalidCases(), true); }
    void refuses();
    void refusesAsText_data() { addRows(invalidTextCases(), false); }
    void refusesAsText() { refuses(); }
    void namesAWrongType_data();
    void namesAWrongType();
    void writesEachDefaultSoThatItReadsBack();
};

void SettingsTest::hasACaseOfEachKindForEverySetting()
{
    for (const Setting &setting : settingsTable()) {
        const auto isIn = [&](const QList<Case> &cases) {
            return std::any_of(cases.begin(), cases.end(), [&](const Case &each) {
                return setting.key() == QString::fromLatin1(each.key);
            });
        };
        QVERIFY2(isIn(validCases()), qPrintable(setting.key()));
        QVERIFY2(isIn(invalidCases()) || isIn(invalidTextCases()), qPrintable(setting.key()));
    }
}

void SettingsTest::takes()
{
    QFETCH(const QString, key);
    QFETCH(const QByteArray, toml);
    QFETCH(const QString, variable);
    QFETCH(const QString, flag);
    QFETCH(const QString, value);
    Sources sources;
    give(sources, toml, variable, flag, value);
    QCOMPARE(sources.errors(), QStringList());
    QCOMPARE(findSetting(key)->write(sources.load().value().settings()), value);
}

void SettingsTest::refuses()
{
    QFETCH(const QByteArray, toml);
    QFETCH(const QString, variable);
    QFETCH(const QString, flag);
    QFETCH(const QString, value);
    QFETCH(const QString, reason);
    Sources sources;
    give(sources, toml, variable, flag, value);
    const QStringList errors = sources.errors();
    QCOMPARE(errors.size(), 1);
    const QString source = !flag.isEmpty() ? flag
        : !variable.isEmpty()              ? variable
                                           : u"q.toml:2:1"_s;
    QVERIFY2(errors[0].startsWith(source + ": "_L1), qPrintable(errors[0]));
    QVERIFY2(errors[0].endsWith(reason), qPrintable(errors[0]));
    QCOMPARE(sources.exitCode(), 78);
}

void SettingsTest::namesAWrongType_data()
{
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const char *toml, const QString &error) {
        const qsizetype column = QByteArray(toml).indexOf('.') + 2; // of the key's last part
        QTest::newRow(name) << QByteArray(toml) << u"q.toml:1:%1: "_s.arg(column) + error;
    };
    const QString duration = u"stop.grace: expected a duration like \"25s\", found "_s;
    row("integer", "stop.grace = 25", duration + u"integer 25"_s);
    row("number", "stop.grace = 2.5", duration + u"number"_s);
    row("boolean", "stop.grace = true", duration + u"boolean true"_s);
    row("array", "stop.grace = []", duration + u"array"_s);
    row("time", "stop.grace = 00:00:25", duration + u"time"_s);
    row("empty table", "stop.grace = {}", duration + u"table"_s);
    row("size", "limits.max_body_bytes = 8",
        u"limits.max_body_bytes: expected a size like \"8KiB\", found integer 8"_s);
    row("count", "limits.max_in_flight = \"8\"",
        u"limits.max_in_flight: expected an integer, found \"8\""_s);
    row("switch", "admin.insecure = \"true\"",
        u"admin.insecure: expected true or false, found \"true\""_s);
    row("endpoint", "listen.traffic = 8080",
        u"listen.traffic: expected an address and port like \"127.0.0.1:8080\", found integer 8080"_s);
}

void SettingsTest::namesAWrongType()
{
    QFETCH(const QByteArray, toml);
    QFETCH(const QString, error);
    Sources sources;
    sources.file(toml);
    QCOMPARE(sources.errors(), QStringList{ error });
}

void SettingsTest::writesEachDefaultSoThatItReadsBack()
{
    for (const Setting &setting : settingsTable()) {
        if (!setting.computedDefault.isEmpty())
            continue;
        quiesce::Settings settings;
        const QString text = setting.write(settings);
        QVERIFY2(setting.read(settings, text), qPrintable(setting.key()));
        QVERIFY2(settings == quiesce::Settings{}, qPrintable(setting.key()));
    }
}

QTEST_APPLESS_MAIN(SettingsTest)
#include "tst_settings.moc"
