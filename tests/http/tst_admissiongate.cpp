// SPDX-License-Identifier: GPL-3.0-only
// What the gate says to a request: tables of hosts, paths and Authorization fields.
#include "service/http/admin/admissiongate.h"
#include "service/http/requestparser.h"
#include "tests/support/manualclock.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::ManualClock;

namespace {

constexpr char kOperator[] = "operator-token-0123";
constexpr char kRead[] = "read-only-token-0123";

/// Parses what a client would send; the body, if any, stays out.
ParsedRequest parsed(const QByteArray &requestLine, const QByteArray &fields)
{
    RequestParser parser(LimitSettings{}, RequestParser::Credentials::KeptBack);
    const QByteArray head = requestLine + " HTTP/1.1\r\n" + fields + "\r\n";
    static_cast<void>(parser.feed(head));
    if (parser.state() != RequestParser::State::Complete)
        qFatal("no request: %s", head.constData());
    return parser.takeRequest();
}

QByteArray bearer(const QByteArray &token)
{
    return "Host: localhost\r\nAuthorization: Bearer " + token + "\r\n";
}

} // namespace

class AdmissionGateTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void allowsTheListenersOwnNames_data();
    void allowsTheListenersOwnNames();
    void exemptsExactlyTheProbes_data();
    void exemptsExactlyTheProbes();
    void metricsMayWantAToken();
    void readsTheAuthorizationField_data();
    void readsTheAuthorizationField();
    void aReadOnlyTokenOnlyReads_data();
    void aReadOnlyTokenOnlyReads();
    void asksInItsOrder_data();
    void asksInItsOrder();
    void slowsOnlyWrongTokens();

private:
    [[nodiscard]] Admission judge(const QByteArray &requestLine, const QByteArray &fields,
                                  const Endpoint &local = { u"127.0.0.1"_s, 9'090 })
    {
        return m_gate->judge(parsed(requestLine, fields),
                             { .peer = QHostAddress(u"192.0.2.1"_s), .local = local });
    }
    /// The code of the refusal, or "ok".
    [[nodiscard]] QByteArray verdict(const QByteArray &requestLine, const QByteArray &fields,
                                     const Endpoint &local = { u"127.0.0.1"_s, 9'090 })
    {
        const Admission admission = judge(requestLine, fields, local);
        return admission.refusal ? admission.refusal->code : QByteArray("ok");
    }

    ManualClock m_clock;
    AdminSettings m_rules;
    std::optional<AdmissionGate> m_gate;
};

void AdmissionGateTest::init()
{
    m_rules = {};
    m_rules.allowedHosts = { u"Admin.Example.org"_s, u"10.9.8.7"_s, u"2001:db8::7"_s };
    m_gate.emplace(m_clock);
    m_gate->setRules(m_rules);
    m_gate->setCredentials(Credentials(kOperator, kRead));
}

void AdmissionGateTest::allowsTheListenersOwnNames_data()
{
    QTest::addColumn<QString>("local");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isAllowed");
    const auto row = [](const char *local, const char *host, bool isAllowed) {
        QTest::addRow("%s by %s", local, host)
            << QString::fromLatin1(local) << QByteArray(host) << isAllowed;
    };
    row("127.0.0.1", "127.0.0.1", true);
    row("127.0.0.1", "127.0.0.1:9090", true);
    row("127.0.0.1", "127.0.0.1:9091", false);
    row("127.0.0.1", "127.0.0.1:80", false);
    row("127.0.0.1", "127.0.0.2", false);
    row("127.0.0.1", "localhost", true);
    row("127.0.0.1", "LOCALHOST:9090", true);
    row("127.0.0.1", "localhost:8080", false);
    row("127.0.0.1", "localhost.", false);
    row("127.0.0.1", "localhost:", false);
    row("127.0.0.1", "localhost.evil.example", false);
    row("127.0.0.1", "evil.localhost", false);
    row("127.0.0.1", "evil.example", false);
    row("127.0.0.1", "127.1", false);
    row("127.0.0.1", "[::1]", false);
    row("127.0.0.1", "[::ffff:127.0.0.1]:9090", true);
    row("127.0.0.1", "", false);
    row("::ffff:10.1.2.3", "10.1.2.3:9090", true);
    row("::ffff:10.1.2.3", "[::ffff:10.1.2.3]", true);
    row("10.1.2.3", "10.1.2.3", true); // a pod's address, of a wildcard bind
    row("10.1.2.3", "0.0.0.0", false);
    row("::1", "[::1]:9090", true);
    row("::1", "[0:0::1]", true);
    row("::1", "::1", false);
    row("2001:db8::5", "[2001:0DB8:0:0:0:0:0:5]", true);
    row("fe80::1", "[fe80::1]", true);
    row("fe80::1", "[fe80::1%25eth0]", false);
    row("127.0.0.1", "admin.example.org", true);
    row("127.0.0.1", "ADMIN.example.ORG:443", true);
    row("127.0.0.1", "admin.example.org.", false);
    row("127.0.0.1", "x.admin.example.org", false);
    row("127.0.0.1", "10.9.8.7:31000", true);
    row("127.0.0.1", "[2001:DB8:0::7]:1", true);
}

void AdmissionGateTest::allowsTheListenersOwnNames()
{
    QFETCH(const QString, local);
    QFETCH(const QByteArray, host);
    QFETCH(const bool, isAllowed);
    const QByteArray expected = isAllowed ? "ok" : "host-not-allowed";
    QCOMPARE(verdict("GET /livez", "Host: " + host + "\r\n", { local, 9'090 }), expected);
    if (!host.isEmpty()) // a target that names the host wins over the field
        QCOMPARE(verdict("GET http://" + host + "/livez", "Host: localhost\r\n", { local, 9'090 }),
                 expected);
}

void AdmissionGateTest::exemptsExactlyTheProbes_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("isExempt");
    for (const char *line :
         { "GET /livez", "HEAD /livez", "GET /readyz?verbose", "GET /startupz", "GET /metrics",
           "HEAD /metrics", "GET /livez?", "GET http://localhost/livez" })
        QTest::newRow(line) << QByteArray(line) << true;
    for (const char *line : { "GET /",
                              "GET /livez/",
                              "GET //livez",
                              "GET /livez/..",
                              "GET /livez/../admin",
                              "GET /./livez",
                              "GET /%6civez",
                              "GET /livez%2f",
                              "GET /livez%2f..%2fadmin",
                              "GET /livez%00",
                              "GET /livez%3fx",
                              "GET /livez;x",
                              "GET /livezx",
                              "GET /LIVEZ",
                              "GET /admin?/livez",
                              "GET /admin/livez",
                              "GET /metrics/",
                              "GET /Metrics",
                              "POST /livez",
                              "PUT /metrics",
                              "DELETE /livez",
                              "OPTIONS /livez",
                              "OPTIONS *",
                              "GET /unknown",
                              "GET http://localhost",
                              "GET http://localhost?/livez",
                              "GET http://localhost//livez" })
        QTest::newRow(line) << QByteArray(line) << false;
}

void AdmissionGateTest::exemptsExactlyTheProbes()
{
    QFETCH(const QByteArray, line);
    QFETCH(const bool, isExempt);
    QCOMPARE(verdict(line, "Host: localhost\r\n"), isExempt ? "ok" : "unauthorized");
    QCOMPARE(verdict(line, bearer(kOperator)), QByteArray("ok"));
}

void AdmissionGateTest::metricsMayWantAToken()
{
    m_rules.metricsToken = true;
    m_gate->setRules(m_rules);
    QCOMPARE(verdict("GET /metrics", "Host: localhost\r\n"), "unauthorized");
    QCOMPARE(verdict("GET /metrics", bearer(kRead)), "ok");
    QCOMPARE(verdict("GET /livez", "Host: localhost\r\n"), "ok");
}

void AdmissionGateTest::readsTheAuthorizationField_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("verdict"); // the role, "none" for no token, "invalid"
    const auto row = [](const QByteArray &field, const char *verdict) {
        QTest::newRow(field.isEmpty() ? "empty" : field.constData())
            << field << QByteArray(verdict);
    };
    const QByteArray token(kOperator);
    row("Bearer " + token, "operator");
    row("bearer " + token, "operator");
    row("BEARER   " + token + "  ", "operator");
    row("Bearer " + QByteArray(kRead), "read");
    row("", "none");
    row("Basic " + token, "none");
    row("Bearerx " + token, "none");
    row("Bearer" + token, "none");
    row(token, "none");
    row("Digest Bearer " + token, "none");
    row("Bearer", "invalid");
    row("Bearer " + token + "x", "invalid");
    row("Bearer " + token.toUpper(), "invalid");
    row("Bearer " + token + " " + token, "invalid");
    row("Bearer " + token + ", Bearer " + token, "invalid");
    row("Bearer " + token + ",", "invalid");
    row("Bearer \"" + token + '"', "invalid");
    row("Bearer Bearer " + token, "invalid");
}

void AdmissionGateTest::readsTheAuthorizationField()
{
    QFETCH(const QByteArray, field);
    QFETCH(const QByteArray, verdict);
    const Admission admission =
        judge("GET /admin", "Host: localhost\r\nAuthorization: " + field + "\r\n");
    if (!admission.refusal) {
        QCOMPARE(toWire(admission.access), QLatin1StringView(verdict));
        return;
    }
    QCOMPARE(admission.access, Access::None);
    QCOMPARE(admission.refusal->status, 401);
    QCOMPARE(admission.refusal->code, "unauthorized");
    QCOMPARE(admission.refusal->challenge,
             verdict == "none" ? "Bearer realm=\"quiesce\""
                               : "Bearer realm=\"quiesce\", error=\"invalid_token\"");
    QVERIFY(verdict == "none" || verdict == "invalid");
    QCOMPARE(m_gate->authFailures(), quint64(verdict == "invalid" ? 1 : 0));
}

void AdmissionGateTest::aReadOnlyTokenOnlyReads_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("isReading");
    QTest::newRow("GET") << QByteArray("GET") << true;
    QTest::newRow("HEAD") << QByteArray("HEAD") << true;
    for (const char *method : { "POST", "PUT", "PATCH", "DELETE", "OPTIONS" })
        QTest::newRow(method) << QByteArray(method) << false;
}

void AdmissionGateTest::aReadOnlyTokenOnlyReads()
{
    QFETCH(const QByteArray, method);
    QFETCH(const bool, isReading);
    QCOMPARE(verdict(method + " /admin", bearer(kRead)), isReading ? "ok" : "read-only");
    QCOMPARE(verdict(method + " /admin", bearer(kOperator)), QByteArray("ok"));
    const Admission admission = judge(method + " /admin", bearer(kRead));
    QCOMPARE(admission.access, Access::Read);
    if (!isReading)
        QCOMPARE(admission.refusal->status, 403);
}

void AdmissionGateTest::asksInItsOrder_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("code");
    const QByteArray right = "Authorization: Bearer " + QByteArray(kOperator) + "\r\n";
    const QByteArray wrong = "Authorization: Bearer wrong-token-0123456\r\n";
    const auto row = [](const char *name, const QByteArray &fields, const char *code) {
        QTest::newRow(name) << fields << QByteArray(code);
    };
    row("all wrong", "Host: evil\r\nOrigin: http://evil\r\n" + wrong, "origin-not-allowed");
    row("an empty origin", "Host: localhost\r\nOrigin:\r\n" + right, "origin-not-allowed");
    row("a null origin", "Host: localhost\r\nOrigin: null\r\n" + right, "origin-not-allowed");
    row("its own origin", "Host: localhost\r\nOrigin: http://localhost:9090\r\n" + right,
        "origin-not-allowed");
    row("host and token wrong", "Host: evil\r\n" + wrong, "host-not-allowed");
    row("token wrong", "Host: localhost\r\n" + wrong, "unauthorized");
    row("nothing wrong", "Host: localhost\r\n" + right, "ok");
}

void AdmissionGateTest::asksInItsOrder()
{
    QFETCH(const QByteArray, fields);
    QFETCH(const QByteArray, code);
    QCOMPARE(verdict("GET /admin", fields), code);
    if (code.endsWith("not-allowed")) {
        QCOMPARE(verdict("GET /livez", fields), code);
        QCOMPARE(judge("GET /livez", fields).refusal->status, 403);
        QCOMPARE(m_gate->authFailures(), quint64(0)); // the token was not looked at
    }
}

void AdmissionGateTest::slowsOnlyWrongTokens()
{
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(judge("GET /admin", "Host: localhost\r\n").hold.count(), 0);
        static_cast<void>(judge("GET /admin", bearer("wrong-token-0123456")));
    }
    QCOMPARE(judge("GET /admin", bearer("wrong-token-0123456")).hold,
             FailureThrottle::kDelays.back());
    QCOMPARE(judge("GET /admin", bearer(kOperator)).hold.count(), 0);
    QCOMPARE(verdict("GET /admin", bearer(kOperator)), "ok");
    QCOMPARE(verdict("POST /admin", bearer(kRead)), "read-only");
    QCOMPARE(judge("POST /admin", bearer(kRead)).hold.count(), 0);
    QCOMPARE(m_gate->authFailures(), quint64(21));
    QCOMPARE(m_gate->throttledAnswers(), quint64(16));
}

QTEST_APPLESS_MAIN(AdmissionGateTest)
#include "tst_admissiongate.moc"
