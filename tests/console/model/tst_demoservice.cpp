// SPDX-License-Identifier: GPL-3.0-only
// DemoService with the real quiesced: started, found, stopped when asked, else left alone.
#include "console/client/discovery/runtimefolder.h"
#include "console/model/fleet/demoservice.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using quiesce::DemoService;
using quiesce::InstanceSpec;
using quiesce::ProcessWatch;
using quiesce::RuntimeFolder;
using State = DemoService::State;

namespace {

constexpr int kLong = 60'000;

} // namespace

class DemoServiceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void startsAndStops();
    void isFoundAgainByALaterConsole();
    void saysThatThereIsNoProgram();
    void saysWhyItDidNotStart_data();
    void saysWhyItDidNotStart();
    void heedsNoOtherService();
    void findsTheProgramBesideTheConsole();

private:
    [[nodiscard]] QString folder() const { return m_folder->filePath(u"demo"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void DemoServiceTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("QUIESCE_LISTEN_TRAFFIC", "nonsense"); // of the operator's environment: not for it
}

/// A test that has failed leaves nothing running.
void DemoServiceTest::cleanup()
{
    const QDir runtime(folder() + "/run"_L1);
    for (const QString &name : runtime.entryList({ u"*.json"_s })) {
        const auto left = quiesce::readRuntimeFile(runtime.filePath(name));
        const auto process = left ? ProcessWatch::open(left->spec.pid) : nullptr;
        QVERIFY(!process || process->terminate());
    }
}

void DemoServiceTest::startsAndStops()
{
    DemoService demo(folder(), QStringLiteral(QUIESCED_PROGRAM));
    RuntimeFolder runtime({ demo.runtimeDir() });
    connect(&runtime, &RuntimeFolder::appeared, &demo, &DemoService::noteAppeared);
    QSignalSpy appeared(&runtime, &RuntimeFolder::appeared);
    QSignalSpy failed(&demo, &DemoService::failed);
    runtime.start();
    demo.start();
    demo.start(); // twice does no harm
    QCOMPARE(demo.state(), State::Starting);
    QTRY_COMPARE_WITH_TIMEOUT(demo.state(), State::Running, kLong);
    QCOMPARE(appeared.size(), 1);
    QCOMPARE(appeared.at(0).at(0).value<InstanceSpec>().name, u"demo"_s);
    demo.stop();
    QCOMPARE(demo.state(), State::Stopping);
    QTRY_COMPARE_WITH_TIMEOUT(demo.state(), State::Idle, kLong);
    QCOMPARE(failed.size(), 0);
    QVERIFY(QFile::exists(demo.logFile()));
}

void DemoServiceTest::isFoundAgainByALaterConsole()
{
    RuntimeFolder runtime({ folder() + "/run"_L1 });
    QSignalSpy appeared(&runtime, &RuntimeFolder::appeared);
    runtime.start();
    {
        DemoService demo(folder(), QStringLiteral(QUIESCED_PROGRAM));
        demo.start();
        QTRY_COMPARE_WITH_TIMEOUT(appeared.size(), 1, kLong);
    }
    const auto spec = appeared.at(0).at(0).value<InstanceSpec>();
    QVERIFY(ProcessWatch::open(spec.pid)); // it lives
    DemoService later(folder(), QStringLiteral(QUIESCED_PROGRAM));
    later.noteAppeared(spec);
    QCOMPARE(later.state(), State::Running);
    later.stop();
    QTRY_COMPARE_WITH_TIMEOUT(later.state(), State::Idle, kLong);
}

void DemoServiceTest::saysThatThereIsNoProgram()
{
    DemoService demo(folder(), {});
    QSignalSpy failed(&demo, &DemoService::failed);
    demo.start();
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.at(0).at(0).toString().contains("quiesced"_L1));
    QCOMPARE(demo.state(), State::Idle);
}

void DemoServiceTest::saysWhyItDidNotStart_data()
{
    QTest::addColumn<QString>("program");
    QTest::newRow("not there") << u"/nonexistent/quiesced"_s;
    QTest::newRow("ends at once") << u"false"_s;
}

void DemoServiceTest::saysWhyItDidNotStart()
{
    QFETCH(QString, program);
    DemoService demo(folder(), program);
    QSignalSpy failed(&demo, &DemoService::failed);
    demo.start();
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(!failed.at(0).at(0).toString().isEmpty());
    QCOMPARE(demo.state(), State::Idle);
    demo.start(); // and may be tried again
    QTRY_COMPARE(failed.size(), 2);
}

void DemoServiceTest::heedsNoOtherService()
{
    DemoService demo(folder(), QStringLiteral(QUIESCED_PROGRAM));
    QSignalSpy changed(&demo, &DemoService::stateChanged);
    InstanceSpec spec;
    spec.pid = QCoreApplication::applicationPid();
    spec.tokenFile = u"/elsewhere/admin-token"_s;
    demo.noteAppeared(spec);
    demo.stop();
    QCOMPARE(changed.size(), 0);
}

void DemoServiceTest::findsTheProgramBesideTheConsole()
{
    const QString console = m_folder->filePath(u"console"_s);
    const QString service = m_folder->filePath(u"service"_s);
    QVERIFY(QDir().mkpath(console) && QDir().mkpath(service));
    qputenv("PATH", "/nonexistent");
    QCOMPARE(DemoService::findProgram(console), QString());
    for (const QString &folder : { service, console }) { // the nearest is taken
        QFile program(folder + "/quiesced"_L1);
        QVERIFY(program.open(QIODevice::WriteOnly));
        QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
        program.close();
        QCOMPARE(DemoService::findProgram(console), folder + "/quiesced"_L1);
    }
}

QTEST_GUILESS_MAIN(DemoServiceTest)
#include "tst_demoservice.moc"
