// SPDX-License-Identifier: GPL-3.0-only
// Who an operator is to the service: what each token may do, and the name in a certificate.
#include "tests/endtoend/serviceprocess.h"
#include "tests/kit/adminclient.h"
#include "tests/support/tlsclient.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace quiesce::test;

namespace {

const QByteArray kReadToken = "read-token-of-the-session-test";

void writeSecret(const ServiceProcess &service, const QString &name, const QByteArray &content)
{
    service.writeFile(name, content);
    if (::chmod(QFile::encodeName(service.path(name)).constData(), 0600) != 0)
        qFatal("cannot chmod %s", qUtf8Printable(name));
}

QByteArray session(const QByteArray &token)
{
    return "GET /admin/v1/session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
        + "\r\n\r\n";
}

QJsonObject caller(const QString &role, const QJsonValue &identity)
{
    return { { u"role"_s, role }, { u"identity"_s, identity } };
}

} // namespace

class AdminSessionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatATokenMayDo();
    void wantsAToken();
    void namesTheOwnerOfACertificate();
};

void AdminSessionTest::saysWhatATokenMayDo()
{
    ServiceProcess service;
    writeSecret(service, u"read"_s, kReadToken + '\n');
    service.setEnvironment(u"QUIESCE_ADMIN_READ_TOKEN_FILE"_s, service.path(u"read"_s));
    QVERIFY(service.start());
    const AdminAnswer answer = AdminClient(service).get("/session");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, caller(u"operator"_s, QJsonValue()));
    QCOMPARE(answer.fields.value("cache-control"), QByteArray("no-store"));
    const Answer reader = askAfresh(service.adminPort(), session(kReadToken));
    QCOMPARE(QJsonDocument::fromJson(reader.body).object(), caller(u"read"_s, QJsonValue()));
}

void AdminSessionTest::wantsAToken()
{
    ServiceProcess service;
    QVERIFY(service.start());
    const Answer wrong = askAfresh(service.adminPort(), session(kReadToken));
    QCOMPARE(wrong.status, 401);
    QCOMPARE(wrong.code(), QByteArray("unauthorized"));
}

void AdminSessionTest::namesTheOwnerOfACertificate()
{
    const Certificate authority({ .name = "operators", .kind = Certificate::Kind::Authority });
    const Certificate ann({ .name = "ann" }, &authority);
    const Certificate own({ .name = "localhost" });
    ServiceProcess service;
    writeSecret(service, u"own.crt"_s, own.pem());
    writeSecret(service, u"own.key"_s, own.keyPem());
    writeSecret(service, u"operators.crt"_s, authority.pem());
    service.setEnvironment(u"QUIESCE_TLS_ADMIN_CERTIFICATE"_s, service.path(u"own.crt"_s));
    service.setEnvironment(u"QUIESCE_TLS_ADMIN_KEY"_s, service.path(u"own.key"_s));
    service.setEnvironment(u"QUIESCE_TLS_ADMIN_CLIENT_CA"_s, service.path(u"operators.crt"_s));
    QVERIFY(service.start());
    TlsClient client(service.adminPort(), { .certificate = &ann });
    const auto answer = client.exchange(session(AdminClient(service).token()));
    QVERIFY(answer);
    QCOMPARE(QJsonDocument::fromJson(answer->body).object(), caller(u"operator"_s, u"ann"_s));
}

QTEST_GUILESS_MAIN(AdminSessionTest)
#include "tst_adminsession.moc"
