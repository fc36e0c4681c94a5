// SPDX-License-Identifier: GPL-3.0-only
// KeyringVault and a real keyring, gnome-keyring on a session bus of its own: a token is kept over
// the end of the program that gave it, is found by its key only, and goes when it is to.
//
// The program runs itself within that session, a step a process.
#include "console/client/tokens/keyringvault.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace quiesce;

namespace {

const QString kKey = u"a-connection"_s;
const QByteArray kToken = "hunter2-\xC3\xA9";
constexpr int kLongest = 60'000; ///< ms of all steps together

/// In the session: what became of one call, on standard output.
int runStep(const QString &step)
{
    KeyringVault vault;
    const auto tell = [](const VaultAnswer &answer) {
        const QByteArray token = answer.token.view().toByteArray();
        std::printf("%d %s\n", int(answer.status), token.toHex().constData());
        QCoreApplication::quit();
    };
    if (step == "write"_L1)
        vault.write(kKey, Secret(kToken), tell);
    else if (step == "remove"_L1)
        vault.remove(kKey, tell);
    else
        vault.read(step == "read"_L1 ? kKey : u"another"_s, tell);
    return QCoreApplication::exec();
}

QByteArray line(VaultStatus status, const QByteArray &token = {})
{
    return QByteArray::number(int(status)) + ' ' + token.toHex();
}

} // namespace

class RealKeyringTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsATokenFromOneProgramToTheNext();
};

void RealKeyringTest::keepsATokenFromOneProgramToTheNext()
{
    for (const QString &program : { u"dbus-run-session"_s, u"gnome-keyring-daemon"_s }) {
        if (QStandardPaths::findExecutable(program).isEmpty())
            QSKIP(qPrintable(program + u" is not here"_s));
    }
    const QTemporaryDir home;
    const QString script =
        u"printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 9\n"
        "for step in another read write read another remove read; do\n"
        "    \"$0\" --step $step || exit 8\n"
        "done\n"_s;
    QProcess session;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : { u"HOME"_s, u"XDG_RUNTIME_DIR"_s, u"XDG_DATA_HOME"_s,
                                 u"XDG_CONFIG_HOME"_s, u"XDG_CACHE_HOME"_s })
        environment.insert(name, home.path());
    environment.remove(u"DISPLAY"_s);
    environment.remove(u"DBUS_SESSION_BUS_ADDRESS"_s);
    session.setProcessEnvironment(environment);
    session.start(u"dbus-run-session"_s,
                  { u"--"_s, u"sh"_s, u"-c"_s, script, QCoreApplication::applicationFilePath() });
    QVERIFY(session.waitForFinished(kLongest));
    const QByteArray errors = session.readAllStandardError();
    if (session.exitCode() == 9)
        QSKIP("gnome-keyring does not start here");
    QVERIFY2(session.exitCode() == 0, errors.constData());
    const QByteArrayList expected{
        line(VaultStatus::NotFound),   line(VaultStatus::NotFound), line(VaultStatus::Ok),
        line(VaultStatus::Ok, kToken), line(VaultStatus::NotFound), line(VaultStatus::Ok),
        line(VaultStatus::NotFound),
    };
    QCOMPARE(session.readAllStandardOutput(), expected.join('\n') + '\n');

    QDirIterator files(home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            QVERIFY2(!file.readAll().contains("hunter2"), qPrintable(file.fileName()));
    }
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == "--step"_L1)
        return runStep(arguments[2]);
    RealKeyringTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_realkeyring.moc"
