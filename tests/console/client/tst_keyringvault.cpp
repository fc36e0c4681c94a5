// SPDX-License-Identifier: GPL-3.0-only
// KeyringVault on a machine without a keyring: a clear answer, soon, and nothing kept in a file.
#include "console/client/tokens/keyringvault.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;

class KeyringVaultTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void saysThatThereIsNoBackend();
    void answersThoughTheBusIsDead();
    void doesNotAnswerWhenItHasGone();

private:
    void askAll(TokenVault &vault);

    std::unique_ptr<QTemporaryDir> m_home;
    QList<VaultStatus> m_answers;
    QStringList m_texts;
};

void KeyringVaultTest::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    m_answers.clear();
    m_texts.clear();
    qputenv("HOME", m_home->path().toLocal8Bit());
    qputenv("XDG_RUNTIME_DIR", m_home->path().toLocal8Bit());
    qunsetenv("XDG_CONFIG_HOME");
    qunsetenv("DISPLAY");
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
}

void KeyringVaultTest::askAll(TokenVault &vault)
{
    const auto answer = [this](const VaultAnswer &given) {
        m_answers.append(given.status);
        m_texts.append(given.text);
    };
    vault.read(u"id"_s, answer);
    vault.write(u"id"_s, Secret("hunter2"), answer);
    vault.remove(u"id"_s, answer);
}

void KeyringVaultTest::saysThatThereIsNoBackend()
{
    KeyringVault vault;
    askAll(vault);
    QCOMPARE(m_answers.size(), 0); // never within the call
    QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), 3, 1'000);
    QCOMPARE(m_answers, QList<VaultStatus>(3, VaultStatus::NoBackend));
    QVERIFY(!m_texts.contains(QString()));
}

void KeyringVaultTest::answersThoughTheBusIsDead()
{
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    KeyringVault vault(5s, nullptr);
    askAll(vault);
    QTRY_COMPARE_WITH_TIMEOUT(m_answers.size(), 3, 30'000);
    QVERIFY(!m_answers.contains(VaultStatus::Ok));
    QVERIFY(!m_texts.contains(QString()));
    QVERIFY(QDir(m_home->path()).isEmpty(QDir::Files | QDir::Hidden)); // nothing in plain text
}

void KeyringVaultTest::doesNotAnswerWhenItHasGone()
{
    {
        KeyringVault gone;
        askAll(gone);
    }
    KeyringVault vault;
    askAll(vault);
    QTRY_COMPARE(m_answers.size(), 3);
    QTest::qWait(0);
    QCOMPARE(m_answers.size(), 3);
}

QTEST_GUILESS_MAIN(KeyringVaultTest)
#include "tst_keyringvault.moc"
