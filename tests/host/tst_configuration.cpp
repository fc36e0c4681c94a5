// SPDX-License-Identifier: GPL-3.0-only
// The configuration as a whole: precedence, every error at once, what is printed, and reload.
#include "common/units.h"
#include "service/host/configuration/contradictions.h"
#include "service/host/configuration/settingstable.h"
#include "service/host/configuration/settingstext.h"
#include "tests/host/configurationinputs.h"

#include <QDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using quiesce::Configuration;
using quiesce::Setting;
using quiesce::settingsTable;
using quiesce::test::Sources;

namespace {

/// What stands below that header, up to the next one.
QByteArray sectionOf(const QByteArray &toml, const QByteArray &section)
{
    const qsizetype begin = toml.indexOf("\n[" + section + "]\n");
    const qsizetype end = toml.indexOf("\n[", begin + 1);
    return begin < 0 ? QByteArray() : toml.mid(begin, end < 0 ? -1 : end - begin);
}

} // namespace

class ConfigurationTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasTheContractsDefaultsWhenNothingIsGiven();
    void letsTheLaterSourceWin();
    void findsTheDirectories_data();
    void findsTheDirectories();
    void wantsADataDirectoryWhenTheEnvironmentGivesNone();
    void takesRelativePathsFromTheWorkingDirectory();
    void namesAllErrorsOfAllSourcesAtOnce();
    void checksAlsoWhatALaterSourceOverrides();
    void namesTheNearestKnownKey_data();
    void namesTheNearestKnownKey();
    void passesOverVariablesOfOthers_data();
    void passesOverVariablesOfOthers();
    void namesThePlaceOfASyntaxError_data();
    void namesThePlaceOfASyntaxError();
    void refusesAFileThatCannotBeRead_data();
    void refusesAFileThatCannotBeRead();
    void refusesAFileThatIsTooLarge();
    void showsNothingThatDoesNotPrint();
    void findsContradictions_data();
    void findsContradictions();
    void allowsWhatOnlyLooksContradictory_data();
    void allowsWhatOnlyLooksContradictory();
    void allowsAnExposedAdminListenerThatSpeaksTls();
    void refusesExposedCommandsThatAnybodyMayRun();
    void namesANumberThatNoIntegerHolds();
    void looksForNoContradictionInWhatIsWrongAnyway();
    void countsHooksIntoTheBudget();
    void refusesBadUsage_data();
    void refusesBadUsage();
    void answersAndExits_data();
    void answersAndExits();
    void explainsEverySettingAndFlag();
    void printsWhereEachSettingCameFrom();
    void printsSettingsThatReadBackTheSame_data();
    void printsSettingsThatReadBackTheSame();
    void keepsTheExampleInStepWithTheTable();
    void hasExamplesThatAreTheDefaults();
    void tabulatesEverySetting();
    void reloadsWhatMayChangeAtRunTime();
    void reloadsNothingWhenNothingChanged();
    void reportsAgainWhatWaitsForARestart();
    void keepsFlagsAndEnvironmentOnReload();
    void changesNothingWhenTheReloadedFileIsBad_data();
    void changesNothingWhenTheReloadedFileIsBad();
    void refusesToReadAPipeAgain();
    void rotatesTlsFilesButSwitchesTlsByARestart();
    void hasFilesCheckedLikeSettings();
};

namespace {

const QByteArray kTls = "tls.traffic_certificate = '/t.crt'\ntls.traffic_key = '/t.key'\n";

} // namespace

void ConfigurationTest::hasTheContractsDefaultsWhenNothingIsGiven()
{
    quiesce::Settings expected;
    expected.service.dataDir = u"/home/someone/.local/state/quiesce"_s;
    expected.service.runtimeDir = u"/home/someone/.local/state/quiesce/run"_s;
    expected.admin.tokenFile = u"/home/someone/.local/state/quiesce/admin-token"_s;
    const auto loaded = Sources().load();
    QVERIFY(loaded.isOk());
    QVERIFY(loaded.value().settings() == expected);
}

void ConfigurationTest::letsTheLaterSourceWin()
{
    const auto grace = [](const Sources &sources) {
        return sources.load().value().settings().stop.grace;
    };
    Sources sources;
    QCOMPARE(grace(sources), 25s);
    sources.file("[stop]\ngrace = '1s'\n");
    QCOMPARE(grace(sources), 1s);
    sources.variable(u"QUIESCE_STOP_GRACE"_s, u"2s"_s);
    QCOMPARE(grace(sources), 2s);
    sources.flags({ u"--grace"_s, u"3s"_s });
    QCOMPARE(grace(sources), 3s);
    sources.flags({ u"--grace=4s"_s });
    QCOMPARE(grace(sources), 4s);
}

void ConfigurationTest::findsTheDirectories_data()
{
    QTest::addColumn<QStringList>("variables"); // name, value, name, value, …
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QStringList>("expected"); // data, runtime, token file
    const auto row = [](const char *name, const QStringList &variables, const QStringList &flags,
                        const QStringList &expected) {
        QTest::newRow(name) << variables << flags << expected;
    };
    row("XDG", { u"XDG_STATE_HOME"_s, u"/x"_s, u"XDG_RUNTIME_DIR"_s, u"/run/user/1"_s }, {},
        { u"/x/quiesce"_s, u"/run/user/1/quiesce"_s, u"/x/quiesce/admin-token"_s });
    row("systemd",
        { u"STATE_DIRECTORY"_s, u"/var/lib/a:/var/lib/b"_s, u"RUNTIME_DIRECTORY"_s,
          u"/run/a:/run/b"_s, u"XDG_STATE_HOME"_s, u"/x"_s, u"XDG_RUNTIME_DIR"_s, u"/y"_s },
        {}, { u"/var/lib/a"_s, u"/run/a"_s, u"/var/lib/a/admin-token"_s });
    row("relative ones are unset",
        { u"STATE_DIRECTORY"_s, u"a"_s, u"XDG_STATE_HOME"_s, u"b"_s, u"XDG_RUNTIME_DIR"_s, u"c"_s },
        {},
        { u"/home/someone/.local/state/quiesce"_s, u"/home/someone/.local/state/quiesce/run"_s,
          u"/home/someone/.local/state/quiesce/admin-token"_s });
    row("empty ones are unset", { u"STATE_DIRECTORY"_s, u""_s, u"XDG_STATE_HOME"_s, u"/x"_s }, {},
        { u"/x/quiesce"_s, u"/x/quiesce/run"_s, u"/x/quiesce/admin-token"_s });
    row("others follow the data directory given", {}, { u"--data-dir"_s, u"/srv/q/"_s },
        { u"/srv/q"_s, u"/srv/q/run"_s, u"/srv/q/admin-token"_s });
}

void ConfigurationTest::findsTheDirectories()
{
    QFETCH(const QStringList, variables);
    QFETCH(const QStringList, flags);
    Sources sources;
    sources.flags(flags);
    for (qsizetype i = 0; i < variables.size(); i += 2)
        sources.variable(variables[i], variables[i + 1]);
    const auto loaded = sources.load();
    QVERIFY(loaded.isOk());
    const quiesce::Settings &settings = loaded.value().settings();
    const QStringList found{ settings.service.dataDir, settings.service.runtimeDir,
                             settings.admin.tokenFile };
    QTEST(found, "expected");
}

void ConfigurationTest::wantsADataDirectoryWhenTheEnvironmentGivesNone()
{
    Sources sources;
    sources.environment().remove(u"HOME"_s);
    QCOMPARE(sources.errors(),
             QStringList{ u"service.data_dir: it has no default here, since none of "
                          "STATE_DIRECTORY, XDG_STATE_HOME and HOME holds an absolute path; give "
                          "--data-dir"_s });
    sources.flags({ u"--data-dir"_s, u"/srv/q"_s });
    QCOMPARE(sources.errors(), QStringList());
}

void ConfigurationTest::takesRelativePathsFromTheWorkingDirectory()
{
    Sources sources;
    sources.flags({ u"--data-dir"_s, u"some/../place"_s });
    QCOMPARE(sources.load().value().settings().service.dataDir,
             QDir::current().filePath(u"place"_s));
}

void ConfigurationTest::namesAllErrorsOfAllSourcesAtOnce()
{
    Sources sources;
    sources.file("[stop]\ngrace = 25\ngraze = '1s'\n[limits]\nmax_connections = 0\n");
    sources.variable(u"QUIESCE_STOP_LINGER"_s, u"soon"_s);
    sources.variable(u"QUIESCE_STOP_LINGERS"_s, u"1s"_s);
    sources.flags({ u"--log-level"_s, u"loud"_s, u"--admin-listen"_s, u"0.0.0.0:1"_s });
    const QStringList expected{
        u"q.toml:2:1: stop.grace: expected a duration like \"25s\", found integer 25"_s,
        u"q.toml:3:1: unknown setting \"stop.graze\"; the nearest known one is \"stop.grace\""_s,
        u"q.toml:5:1: limits.max_connections: expected an integer, found integer 0: out of range, "
        "which is 1 to 1000000"_s,
        u"QUIESCE_STOP_LINGER: expected a duration like \"25s\", found \"soon\": it does not begin "
        "with an integer"_s,
        u"QUIESCE_STOP_LINGERS: unknown variable; the nearest known one is QUIESCE_STOP_LINGER"_s,
        u"--log-level: expected \"debug\", \"info\", \"warning\" or \"error\", found \"loud\""_s,
        u"--admin-listen: the admin listener at 0.0.0.0:1 can be reached from other machines "
        "without TLS; admin.insecure = true allows it"_s,
    };
    QCOMPARE(sources.errors(), expected);
    QCOMPARE(sources.exitCode(), 78);
}

void ConfigurationTest::checksAlsoWhatALaterSourceOverrides()
{
    Sources sources;
    sources.file("stop.grace = 'x'").flags({ u"--grace"_s, u"1s"_s });
    QCOMPARE(sources.errors().size(), 1);
}

void ConfigurationTest::namesTheNearestKnownKey_data()
{
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *toml, const QString &what) {
        const qsizetype column = QByteArray(toml).indexOf(toml[0] == '[' ? '[' : '.') + 2;
        QTest::newRow(toml) << QByteArray(toml) << u"q.toml:1:%1: unknown "_s.arg(column) + what;
    };
    row("stop.\"gracé\" = 1", u"setting \"stop.gracé\"; the nearest known one is \"stop.grace\""_s);
    row("stop.lameduck = 1",
        u"setting \"stop.lameduck\"; the nearest known one is \"stop.lame_duck\""_s);
    row("stpo.budget = 1", u"setting \"stpo.budget\"; the nearest known one is \"stop.budget\""_s);
    row("grace = '1s'", u"setting \"grace\"; the nearest known one is \"stop.grace\""_s);
    row("limit.max_inflight = 1",
        u"setting \"limit.max_inflight\"; the nearest known one is \"limits.max_in_flight\""_s);
    row("[stopp]", u"section \"stopp\"; the nearest known one is \"stop\""_s);
    row("stop = 1", u"setting \"stop\"; the nearest known one is \"stop.grace\""_s);
}

void ConfigurationTest::namesTheNearestKnownKey()
{
    QFETCH(const QByteArray, toml);
    QFETCH(const QString, error);
    Sources sources;
    sources.file(toml);
    QCOMPARE(sources.errors(), QStringList{ error });
}

void ConfigurationTest::passesOverVariablesOfOthers_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("errors");
    const auto row = [](const char *name, const char *value, int errors) {
        QTest::newRow(name) << QString::fromLatin1(value) << errors;
    };
    row("QUIESCE_TEST_ANYTHING", "1", 0);
    row("QUIESCE_CONSOLE_TOKEN", "1", 0);
    row("QUIESCE_REHEARSE_STOPS", "1", 0);
    row("QUIESCE_SERVICE_HOST", "10.0.0.1", 0);
    row("QUIESCE_SERVICE_PORT", "8080", 0);
    row("QUIESCE_SERVICE_PORT_HTTP", "8080", 0);
    row("QUIESCE_ADMIN_SERVICE_HOST", "10.0.0.1", 0);
    row("QUIESCE_PORT", "tcp://10.0.0.1:8080", 0);
    row("QUIESCE_PORT_8080_TCP", "tcp://10.0.0.1:8080", 0);
    row("QUIESCE_PORT_8080_TCP_PROTO", "tcp", 0);
    row("QUIESCE_ADMIN_PORT_9090_TCP_ADDR", "10.0.0.1", 0);
    row("QUIESCED_SOMETHING", "1", 0);
    row("quiesce_stop_grace", "1", 0);
    row("QUIESCE_PORT", "8080", 1);
    row("QUIESCE_LISTEN_PORT", "8080", 1);
    row("QUIESCE_SERVICE_HOSTS", "a", 1);
    row("QUIESCE_TESTS", "1", 1);
    row("QUIESCE_", "1", 1);
}

void ConfigurationTest::passesOverVariablesOfOthers()
{
    QFETCH(const QString, value);
    Sources sources;
    sources.variable(QString::fromLatin1(QTest::currentDataTag()), value);
    QTEST(int(sources.errors().size()), "errors");
}

void ConfigurationTest::namesThePlaceOfASyntaxError_data()
{
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QString>("place");
    QTest::newRow("no value") << QByteArray("[stop]\ngrace =\n") << u"q.toml:2:8: "_s;
    QTest::newRow("open string") << QByteArray("[stop]\ngrace = \"25s\n") << u"q.toml:2:13: "_s;
    QTest::newRow("given twice") << QByteArray("[log]\nlevel = 'info'\nlevel = 'info'\n")
                                 << u"q.toml:3:"_s;
    QTest::newRow("no UTF-8") << QByteArray("[stop]\n# \xff\n") << u"q.toml:2:"_s;
    QTest::newRow("deep nesting") << QByteArray("a = " + QByteArray(1'000, '[')) << u"q.toml:1:"_s;
}

void ConfigurationTest::namesThePlaceOfASyntaxError()
{
    QFETCH(const QByteArray, toml);
    QFETCH(const QString, place);
    Sources sources;
    sources.file(toml);
    const QStringList errors = sources.errors();
    QCOMPARE(errors.size(), 1);
    QVERIFY2(errors[0].startsWith(place), qPrintable(errors[0]));
    QCOMPARE(sources.exitCode(), 78);
}

void ConfigurationTest::refusesAFileThatCannotBeRead_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("reason");
    QTest::newRow("missing") << u"/nowhere/q.toml"_s << u"No such file or directory"_s;
    QTest::newRow("folder") << u"/"_s << QString();
}

void ConfigurationTest::refusesAFileThatCannotBeRead()
{
    QFETCH(const QString, path);
    QFETCH(const QString, reason);
    Sources sources;
    sources.flags({ u"--config"_s, path });
    const QStringList errors = sources.errors();
    QCOMPARE(errors.size(), 1);
    QVERIFY2(errors[0].startsWith(path + ": cannot be read: "_L1), qPrintable(errors[0]));
    QVERIFY2(errors[0].endsWith(reason), qPrintable(errors[0]));
    QCOMPARE(sources.exitCode(), 78);
}

void ConfigurationTest::refusesAFileThatIsTooLarge()
{
    Sources sources;
    QByteArray toml(Configuration::kMaxFileBytes, '\n');
    sources.file(toml);
    QCOMPARE(sources.errors(), QStringList());
    sources.file(toml + '\n');
    QCOMPARE(sources.errors(),
             QStringList{ u"q.toml: is larger than a configuration may be (1MiB)"_s });
}

void ConfigurationTest::showsNothingThatDoesNotPrint()
{
    Sources sources;
    sources.file("\"a\\u001b[2J\" = 1\nlog.level = \"" + QByteArray(5'000, 'x') + "\\n\"\n");
    const QStringList errors = sources.errors();
    QCOMPARE(errors.size(), 2);
    for (const QString &error : errors) {
        QVERIFY(error.size() < 300);
        QVERIFY(std::all_of(error.begin(), error.end(), [](QChar c) { return c.isPrint(); }));
    }
}

void ConfigurationTest::findsContradictions_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QStringList &flags, const QString &error) {
        QTest::newRow(name) << flags << error;
    };
    row("one address and port twice", { u"--listen"_s, u"127.0.0.1:9090"_s },
        u"--listen: the admin listener at 127.0.0.1:9090 and the traffic listener at "
        "127.0.0.1:9090 cannot share an address and port"_s);
    row("every address and one of them", { u"--listen"_s, u"0.0.0.0:9090"_s },
        u"--listen: the admin listener at 127.0.0.1:9090 and the traffic listener at 0.0.0.0:9090 "
        "cannot share an address and port"_s);
    row("one IPv6 address in two spellings",
        { u"--listen"_s, u"[::1]:1"_s, u"--admin-listen"_s, u"[0:0:0:0:0:0:0:1]:1"_s },
        u"--admin-listen: the admin listener at [::1]:1 and the traffic listener at [::1]:1 cannot "
        "share an address and port"_s);
    row("exposed admin", { u"--admin-listen"_s, u"[::]:1"_s },
        u"--admin-listen: the admin listener at [::]:1 can be reached from other machines without "
        "TLS; admin.insecure = true allows it"_s);
    row("budget", { u"--lame-duck"_s, u"10s"_s, u"--budget"_s, u"30s"_s },
        u"--budget: a stop can take lame_duck 10s + grace 25s + cancel_grace 2s + hooks 2s = 39s, "
        "more than the budget of 30s"_s);
}

void ConfigurationTest::findsContradictions()
{
    QFETCH(const QStringList, flags);
    QFETCH(const QString, error);
    Sources sources;
    sources.flags(flags);
    QCOMPARE(sources.errors(), QStringList{ error });
}

void ConfigurationTest::allowsWhatOnlyLooksContradictory_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::newRow("free ports") << QStringList{ u"--listen"_s, u"127.0.0.1:0"_s,
                                                u"--admin-listen"_s, u"127.0.0.1:0"_s };
    QTest::newRow("other loopback address") << QStringList{ u"--listen"_s, u"127.0.0.2:9090"_s };
    QTest::newRow("other protocol") << QStringList{ u"--listen"_s, u"[::]:9090"_s };
    QTest::newRow("no grace but linger") << QStringList{ u"--grace"_s, u"0s"_s };
    QTest::newRow("budget that just fits") << QStringList{ u"--budget"_s, u"29s"_s };
    QTest::newRow("loopback admin") << QStringList{ u"--admin-listen"_s, u"127.8.9.1:1"_s };
}

void ConfigurationTest::allowsWhatOnlyLooksContradictory()
{
    QFETCH(const QStringList, flags);
    Sources sources;
    sources.flags(flags);
    QCOMPARE(sources.errors(), QStringList());
}

void ConfigurationTest::allowsAnExposedAdminListenerThatSpeaksTls()
{
    Sources sources;
    sources.flags({ u"--admin-listen"_s, u"0.0.0.0:1"_s });
    QCOMPARE(sources.errors().size(), 1);
    sources.file("tls.admin_certificate = '/a.crt'\ntls.admin_key = '/a.key'\n");
    QCOMPARE(sources.errors(), QStringList());
}

void ConfigurationTest::refusesExposedCommandsThatAnybodyMayRun()
{
    Sources sources;
    sources.file("[jobs.commands.x]\nprogram = '/bin/x'\n");
    QCOMPARE(sources.errors(), QStringList());
    sources.flags({ u"--listen"_s, u"0.0.0.0:1"_s });
    QCOMPARE(sources.errors(),
             QStringList{ u"--listen: the traffic listener at 0.0.0.0:1 can be reached from other "
                          "machines, and whoever reaches it may have the commands of jobs.commands "
                          "run; set jobs.token_file, or allow it with jobs.insecure = true"_s });
    QCOMPARE(sources.exitCode(), 78);
    sources.variable(u"QUIESCE_JOBS_TOKEN_FILE"_s, u"/etc/q/jobs"_s);
    QCOMPARE(sources.errors(), QStringList());
    sources.variable(u"QUIESCE_JOBS_TOKEN_FILE"_s, QString());
    QCOMPARE(sources.errors().size(), 1);
    sources.variable(u"QUIESCE_JOBS_INSECURE"_s, u"true"_s);
    QCOMPARE(sources.errors(), QStringList());
}

void ConfigurationTest::namesANumberThatNoIntegerHolds()
{
    Sources sources;
    sources.variable(u"QUIESCE_JOBS_KEEP_ENDED"_s, u"99999999999999999999"_s);
    QCOMPARE(sources.errors().size(), 1);
    QVERIFY(sources.errors()[0].startsWith(u"QUIESCE_JOBS_KEEP_ENDED: "_s));
    QVERIFY2(sources.errors()[0].contains("it does not fit"_L1), qPrintable(sources.errors()[0]));
}

void ConfigurationTest::looksForNoContradictionInWhatIsWrongAnyway()
{
    Sources sources;
    sources.flags({ u"--budget"_s, u"1s"_s, u"--grace"_s, u"x"_s });
    QCOMPARE(sources.errors().size(), 1);
    QVERIFY(sources.errors()[0].startsWith(u"--grace: "_s));
}

void ConfigurationTest::countsHooksIntoTheBudget()
{
    quiesce::StopSettings stop;
    QVERIFY(!quiesce::checkBudget(stop, 24h));
    stop.budget = 30s;
    QVERIFY(!quiesce::checkBudget(stop, 3s));
    QCOMPARE(quiesce::checkBudget(stop, 3001ms).value(),
             u"a stop can take lame_duck 0s + grace 25s + cancel_grace 2s + hooks 3001ms = "
             "30001ms, more than the budget of 30s"_s);
}

void ConfigurationTest::refusesBadUsage_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const QStringList &flags, const QStringList &errors) {
        QTest::newRow(name) << flags << errors + QStringList{ u"Flags are explained by --help."_s };
    };
    row("unknown flag", { u"--graze"_s, u"1s"_s },
        { u"unknown flag \"graze\"; the nearest known one is --grace"_s,
          u"unexpected argument \"1s\""_s });
    row("unknown short flag", { u"-x"_s }, { u"unknown flag \"x\""_s });
    row("missing value", { u"--grace"_s }, { u"Missing value after '--grace'."_s });
    row("value of a switch", { u"--check-config=1"_s },
        { u"Unexpected value after '--check-config'."_s });
    row("argument", { u"start"_s }, { u"unexpected argument \"start\""_s });
    row("no file", { u"--config="_s }, { u"--config names no file"_s });
    row("help does not hide it", { u"--help"_s, u"start"_s },
        { u"unexpected argument \"start\""_s });
}

void ConfigurationTest::refusesBadUsage()
{
    QFETCH(const QStringList, flags);
    Sources sources;
    sources.flags(flags);
    QTEST(sources.errors(), "expected");
    QCOMPARE(sources.exitCode(), 64);
}

void ConfigurationTest::answersAndExits_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QString>("begin");
    QTest::addColumn<int>("code");
    const auto row = [](const QStringList &flags, const char *begin, int code) {
        QTest::newRow(qPrintable(flags.join(u' '))) << flags << QString::fromLatin1(begin) << code;
    };
    row({ u"--help"_s }, "Usage: quiesced [flags]\n", 0);
    row({ u"-h"_s }, "Usage: quiesced [flags]\n", 0);
    row({ u"--version"_s }, "quiesced 1.2.3\n", 0);
    row({ u"--check-config"_s }, "The configuration is valid.\n", 0);
    row({ u"--print-config"_s }, "[listen]\ntraffic = ", 0);
    row({ u"--print-settings-table"_s }, "| setting | flag | default | reload | meaning |\n", 0);
    row({ u"--print-example-config"_s }, "# SPDX-License-Identifier: ", 0);
    row({ u"--print-manual-options"_s }, ".TP\n\\fB\\-\\-config\\fR \\fIFILE\\fR\n", 0);
    row({ u"--print-manual-settings"_s }, ".SS [listen]\n.TP\n\\fBtraffic\\fR = ", 0);
    row({ u"--check-config"_s, u"--grace"_s, u"x"_s }, "--grace: ", 78);
    row({ u"--print-config"_s, u"--grace"_s, u"x"_s }, "--grace: ", 78);
    row({ u"--help"_s, u"--grace"_s, u"x"_s }, "Usage: ", 0);
}

void ConfigurationTest::answersAndExits()
{
    QFETCH(const QStringList, flags);
    QFETCH(const QString, begin);
    Sources sources;
    sources.flags(flags);
    const auto loaded = sources.load();
    QVERIFY(!loaded.isOk());
    QTEST(loaded.error().code, "code");
    QCOMPARE(loaded.error().text.left(begin.size()), begin);
    QVERIFY(loaded.error().text.endsWith(u'\n'));
}

void ConfigurationTest::explainsEverySettingAndFlag()
{
    const QString help = quiesce::helpText(u"quiesced"_s);
    for (const char *flag : { "--config FILE", "--check-config", "--print-config", "--version" })
        QVERIFY2(help.contains(QString::fromLatin1(flag)), flag);
    for (const Setting &setting : settingsTable()) {
        const QString flag = setting.flag.isEmpty()
            ? QString()
            : u"--%1 %2, "_s.arg(setting.flag, setting.placeholder);
        const QString entry = flag + setting.name + " = "_L1;
        QVERIFY2(help.contains("\n  "_L1 + entry), qPrintable(entry));
    }
    for (const QString &line : help.split(u'\n'))
        QVERIFY2(line.size() <= 100, qPrintable(line));
}

void ConfigurationTest::printsWhereEachSettingCameFrom()
{
    Sources sources;
    sources.file("# first\n[stop]\ngrace = '1s'\n");
    sources.variable(u"QUIESCE_STOP_LINGER"_s, u"2s"_s);
    sources.flags({ u"--lame-duck"_s, u"3s"_s, u"--print-config"_s });
    const QString text = sources.load().error().text;
    for (const QString &line : {
             u"grace = \"1s\" # %1:3"_s.arg(sources.path()),
             u"linger = \"2s\" # QUIESCE_STOP_LINGER"_s,
             u"lame_duck = \"3s\" # --lame-duck"_s,
             u"cancel_grace = \"2s\" # default"_s,
             u"max_connections = 10000 # default"_s,
             u"insecure = false # default"_s,
             u"data_dir = \"/home/someone/.local/state/quiesce\" # default, from HOME"_s,
         })
        QVERIFY2(text.contains(u'\n' + line + u'\n'), qPrintable(text));
}

void ConfigurationTest::printsSettingsThatReadBackTheSame_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::newRow("defaults") << QStringList();
    QTest::newRow("others") << QStringList{ u"--listen"_s, u"[::]:1"_s,      u"--grace"_s,
                                            u"90s"_s,      u"--log-level"_s, u"error"_s };
    QTest::newRow("path that needs escapes")
        << QStringList{ u"--data-dir"_s, u"/tmp/a \"b\" \\ \n\u007f\u202E ü 😀 \U000E0001"_s };
}

void ConfigurationTest::printsSettingsThatReadBackTheSame()
{
    QFETCH(const QStringList, flags);
    Sources first;
    first.flags(flags);
    const auto direct = first.load();
    QVERIFY(direct.isOk());
    first.flags({ u"--print-config"_s });
    Sources second;
    second.file(first.load().error().text.toUtf8());
    QCOMPARE(second.errors(), QStringList());
    QVERIFY(second.load().value().settings() == direct.value().settings());
}

void ConfigurationTest::keepsTheExampleInStepWithTheTable()
{
    QFile file(QStringLiteral(QUIESCE_EXAMPLE_CONFIG));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), quiesce::exampleConfiguration());
}

void ConfigurationTest::hasExamplesThatAreTheDefaults()
{
    QFile file(QStringLiteral(QUIESCE_EXAMPLE_CONFIG));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray toml = file.readAll();
    Sources sources;
    sources.file(toml);
    QCOMPARE(sources.errors(), QStringList());
    QVERIFY(sources.load().value().settings() == Sources().load().value().settings());

    // What is commented out because it depends on the machine is right as well.
    sources.file(QByteArray(toml)
                     .replace("\n#", "\n")
                     .replace("\n ", "\n# ")
                     .replace("store = \"sqlite\"", "store = \"postgresql\"")
                     .replace("dispatch = \"store\"", "dispatch = \"rabbitmq\""));
    QCOMPARE(sources.errors(), QStringList());
    for (const Setting &setting : settingsTable()) {
        const bool isAssigned = sectionOf(toml, setting.section.toUtf8())
                                    .contains('\n' + setting.name.toUtf8() + " = ");
        QCOMPARE(isAssigned, setting.computedDefault.isEmpty());
    }
}

void ConfigurationTest::tabulatesEverySetting()
{
    const QStringList lines = quiesce::settingsTableMarkdown().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), settingsTable().size() + 2);
    for (const QString &line : lines) {
        QCOMPARE(QString(line).remove(u"\\|"_s).count(u'|'), 6);
    }
    for (qsizetype i = 0; i < settingsTable().size(); ++i) {
        const QString begin = u"| `%1` | "_s.arg(settingsTable()[i].key());
        QVERIFY2(lines[i + 2].startsWith(begin), qPrintable(lines[i + 2]));
    }
}

void ConfigurationTest::reloadsWhatMayChangeAtRunTime()
{
    Sources sources;
    sources.file("log.level = 'info'\n");
    auto configuration = sources.load().takeValue();
    sources.file("log.level = 'debug'\nlimits.max_in_flight = 7\nlimits.header_timeout = '3s'\n"
                 "stop.grace = '5s'\nlisten.traffic = '127.0.0.1:1'\n");
    const auto reloaded = configuration.reload();
    QVERIFY(reloaded.isOk());
    const QStringList changed{ u"log.level"_s, u"limits.max_in_flight"_s,
                               u"limits.header_timeout"_s };
    QCOMPARE(reloaded.value().changed, changed);
    QCOMPARE(reloaded.value().needRestart, (QStringList{ u"listen.traffic"_s, u"stop.grace"_s }));

    quiesce::Settings expected = sources.load().value().settings();
    expected.stop.grace = 25s;
    expected.listen.traffic.port = 8080;
    QVERIFY(reloaded.value().settings == expected);
    QVERIFY(configuration.settings() == expected);
}

void ConfigurationTest::reloadsNothingWhenNothingChanged()
{
    Sources sources;
    sources.file("log.level = 'debug'\n");
    auto configuration = sources.load().takeValue();
    const auto before = configuration.settings();
    const auto reloaded = configuration.reload();
    QCOMPARE(reloaded.value().changed, QStringList());
    QCOMPARE(reloaded.value().needRestart, QStringList());
    QVERIFY(configuration.settings() == before);
}

void ConfigurationTest::reportsAgainWhatWaitsForARestart()
{
    Sources sources;
    sources.file("stop.grace = '5s'\n");
    auto configuration = sources.load().takeValue();
    sources.file("stop.grace = '6s'\n");
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(configuration.reload().value().needRestart, QStringList{ u"stop.grace"_s });
        QCOMPARE(configuration.settings().stop.grace, 5s);
    }
    sources.file("stop.grace = '5s'\n");
    QCOMPARE(configuration.reload().value().needRestart, QStringList());
}

void ConfigurationTest::keepsFlagsAndEnvironmentOnReload()
{
    Sources sources;
    sources.file("").flags({ u"--log-level"_s, u"error"_s });
    sources.variable(u"QUIESCE_LIMITS_MAX_IN_FLIGHT"_s, u"3"_s);
    auto configuration = sources.load().takeValue();
    sources.file("log.level = 'debug'\nlimits.max_in_flight = 9\n");
    QCOMPARE(configuration.reload().value().changed, QStringList());
    QCOMPARE(configuration.settings().limits.maxInFlight, 3);
}

void ConfigurationTest::changesNothingWhenTheReloadedFileIsBad_data()
{
    QTest::addColumn<QByteArray>("toml");
    QTest::newRow("wrong value") << QByteArray("log.level = 'debug'\nlimits.max_in_flight = 0\n");
    QTest::newRow("unknown key") << QByteArray("log.level = 'debug'\nlog.levels = 1\n");
    QTest::newRow("syntax") << QByteArray("log.level = 'debug'\n[");
    QTest::newRow("contradiction") << QByteArray("log.level = 'debug'\nstop.budget = '1s'\n");
}

void ConfigurationTest::changesNothingWhenTheReloadedFileIsBad()
{
    QFETCH(const QByteArray, toml);
    Sources sources;
    sources.file("");
    auto configuration = sources.load().takeValue();
    const auto before = configuration.settings();
    sources.file(toml);
    const auto reloaded = configuration.reload();
    QVERIFY(!reloaded.isOk());
    QCOMPARE(reloaded.error().size(), 1);
    QVERIFY(configuration.settings() == before);

    QVERIFY(QFile::remove(sources.path()));
    QVERIFY(!configuration.reload().isOk());
    QVERIFY(configuration.settings() == before);
}

void ConfigurationTest::refusesToReadAPipeAgain()
{
    Sources sources;
    sources.flags({ u"--config"_s, u"/dev/null"_s });
    auto configuration = sources.load().takeValue();
    QCOMPARE(configuration.reload().error(),
             QStringList{ u"/dev/null: is not a regular file and cannot be read again"_s });
}

void ConfigurationTest::rotatesTlsFilesButSwitchesTlsByARestart()
{
    Sources sources;
    sources.file("");
    auto plain = sources.load().takeValue();
    sources.file(kTls);
    auto encrypted = sources.load().takeValue();
    const QStringList both{ u"tls.traffic_certificate"_s, u"tls.traffic_key"_s };
    QCOMPARE(plain.reload().value().needRestart, both);
    QVERIFY(plain.settings().tls == quiesce::TlsSettings{});
    sources.file(QByteArray(kTls).replace("/t.crt", "/new.crt"));
    QCOMPARE(encrypted.reload().value().changed, both.first(1));
    sources.file("");
    QCOMPARE(encrypted.reload().value().needRestart, both);
    QCOMPARE(encrypted.settings().tls.trafficCertificate, u"/new.crt"_s);
}

void ConfigurationTest::hasFilesCheckedLikeSettings()
{
    QList<quiesce::Contradiction> found;
    Sources sources;
    sources.check([&](const quiesce::Settings &) { return found; });
    sources.file(kTls);
    auto configuration = sources.load().takeValue();
    found.append({ { u"tls.traffic_key"_s }, u"the key is no key"_s });
    QCOMPARE(sources.errors(), QStringList{ u"q.toml:2:5: tls.traffic_key: the key is no key"_s });
    QCOMPARE(sources.exitCode(), 78);
    sources.file(kTls + "log.level = 'debug'\n");
    QCOMPARE(configuration.reload().error().size(), 1);
    QVERIFY(configuration.settings().log == quiesce::LogSettings{});
    sources.flags({ u"--check-config"_s });
    QCOMPARE(sources.exitCode(), 78);
    found.clear();
    QCOMPARE(sources.exitCode(), 0);
    QCOMPARE(configuration.reload().value().changed, QStringList{ u"log.level"_s });
}

QTEST_APPLESS_MAIN(ConfigurationTest)
#include "tst_configuration.moc"
