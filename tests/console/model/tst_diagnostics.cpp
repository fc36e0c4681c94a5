// SPDX-License-Identifier: GPL-3.0-only
// Diagnostics: what they tell, and what they keep to themselves.
#include "console/model/fleet/diagnostics.h"
#include "tests/console/model/instances.h"

#include <QDir>
#include <QTest>

using namespace quiesce;
using namespace quiesce::test;
using namespace Qt::StringLiterals;

class DiagnosticsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatHelps();
    void keepsSecretsToItself();
    void isBounded();
};

namespace {

QString textOf(const QList<Instance *> &instances, const QString &fault = {})
{
    return diagnosticsText({ .folder = QDir::homePath() + u"/.config/quiesce"_s,
                             .settingsFault = fault,
                             .choices = {},
                             .instances = instances },
                           QDateTime::fromString(u"2026-11-25T12:00:00.000Z"_s, Qt::ISODateWithMs));
}

} // namespace

void DiagnosticsTest::tellsWhatHelps()
{
    Instance serving(specAt(9'001));
    Snapshot snapshot = snapshotOf(u"one"_s);
    snapshot.version = u"1.2.3"_s;
    serving.takeSnapshot(snapshot, false);
    setLink(serving, LinkState::Stale);
    Instance lost(specAt(9'002));
    setLink(lost, LinkState::Unreachable, u"Connection refused"_s);
    const QString text = textOf({ &serving, &lost }, u"line 3 is damaged"_s);
    for (const QString &part :
         { u"at: 2026-11-25T12:00:00.000Z"_s, u"Qt: "_s, u"settings: line 3 is damaged"_s,
           u"instances: 2"_s, u"http://127.0.0.1:9001"_s, u"link: stale"_s,
           u"version 1.2.3, state serving"_s, u"http://127.0.0.1:9002"_s, u"link: unreachable"_s,
           u"why: Connection refused"_s, u"trust: none, plain HTTP"_s })
        QVERIFY2(text.contains(part), qPrintable(part + u'\n' + text));
}

void DiagnosticsTest::keepsSecretsToItself()
{
    InstanceSpec spec = specAt(9'001, u"payroll of ann"_s);
    spec.adminUrl = QUrl(u"https://ann:hunter2@host.example:9090"_s);
    spec.caFile = QDir::homePath() + u"/ca.pem"_s;
    Instance instance(spec);
    setLink(instance, LinkState::Unreachable, u"cannot read "_s + QDir::homePath() + u"/token"_s);
    const QString text = textOf({ &instance });
    for (const QString &secret : { u"hunter2"_s, u"ann:"_s, u"payroll"_s, QDir::homePath() + u'/' })
        QVERIFY2(!text.contains(secret), qPrintable(text));
    QVERIFY(text.contains(u"https://host.example:9090"_s));
    QVERIFY(text.contains(u"trust: ~/ca.pem"_s));
    QVERIFY(text.contains(u"why: cannot read ~/token"_s));
    QVERIFY(text.contains(u"folder: ~/.config/quiesce"_s));
}

void DiagnosticsTest::isBounded()
{
    std::vector<std::unique_ptr<Instance>> many;
    QList<Instance *> instances;
    for (int i = 0; i < kMaxDiagnosedInstances + 3; ++i) {
        many.push_back(std::make_unique<Instance>(specAt(10'000 + i)));
        instances.append(many.back().get());
    }
    const QString text = textOf(instances);
    QCOMPARE(text.count(u"\ninstance: "_s), kMaxDiagnosedInstances);
    QVERIFY(text.endsWith(u"and 3 more\n"_s));
}

QTEST_GUILESS_MAIN(DiagnosticsTest)
#include "tst_diagnostics.moc"
