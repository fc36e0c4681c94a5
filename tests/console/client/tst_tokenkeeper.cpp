// SPDX-License-Identifier: GPL-3.0-only
// TokenKeeper: what is kept where, and that each question is answered once.
#include "console/client/tokens/tokenkeeper.h"
#include "tests/console/client/memoryvault.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::MemoryVault;

namespace {

InstanceSpec specOf(TokenSource source)
{
    InstanceSpec spec;
    spec.id = u"id"_s;
    spec.tokenSource = source;
    return spec;
}

} // namespace

class TokenKeeperTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void findsNothingAtFirst_data();
    void findsNothingAtFirst();
    void findsWhatTheVaultHas();
    void keepsATokenOfTheKeyringInTheVault();
    void keepsATokenThatIsAskedForInMemoryOnly();
    void remembersForThisRunWhatTheVaultWillNotTake();
    void forgetsFromBoth();
    void neverAnswersWithinTheCall();
    void doesNotAnswerOneWhoHasGone();
    void takesOnlyWhatCanBeAToken_data();
    void takesOnlyWhatCanBeAToken();

private:
    [[nodiscard]] TokenKeeper::Then answer();

    MemoryVault *m_vault = nullptr;
    std::unique_ptr<TokenKeeper> m_keeper;
    QList<VaultStatus> m_answers;
    QByteArray m_token;
};

void TokenKeeperTest::init()
{
    auto vault = std::make_unique<MemoryVault>();
    m_vault = vault.get();
    m_keeper = std::make_unique<TokenKeeper>(std::move(vault));
    m_answers.clear();
    m_token.clear();
}

TokenKeeper::Then TokenKeeperTest::answer()
{
    return [this](const VaultAnswer &given) {
        m_answers.append(given.status);
        m_token = given.token.view().toByteArray();
    };
}

void TokenKeeperTest::findsNothingAtFirst_data()
{
    QTest::addColumn<TokenSource>("source");
    QTest::addColumn<int>("reads");
    QTest::newRow("keyring") << TokenSource::Keyring << 1;
    QTest::newRow("ask") << TokenSource::Ask << 0;
}

void TokenKeeperTest::findsNothingAtFirst()
{
    QFETCH(TokenSource, source);
    QFETCH(int, reads);
    m_keeper->find(specOf(source), this, answer());
    QTRY_COMPARE(m_answers, QList{ VaultStatus::NotFound });
    QCOMPARE(m_vault->reads, reads);
}

void TokenKeeperTest::findsWhatTheVaultHas()
{
    m_vault->tokens.insert(u"id"_s, "hunter2");
    m_keeper->find(specOf(TokenSource::Keyring), this, answer());
    QTRY_COMPARE(m_answers, QList{ VaultStatus::Ok });
    QCOMPARE(m_token, QByteArray("hunter2"));
}

void TokenKeeperTest::keepsATokenOfTheKeyringInTheVault()
{
    m_keeper->keep(specOf(TokenSource::Keyring), Secret("hunter2"), this, answer());
    QTRY_COMPARE(m_answers, QList{ VaultStatus::Ok });
    QCOMPARE(m_vault->tokens.value(u"id"_s), QByteArray("hunter2"));
}

void TokenKeeperTest::keepsATokenThatIsAskedForInMemoryOnly()
{
    m_keeper->keep(specOf(TokenSource::Ask), Secret("hunter2"), this, answer());
    QTRY_COMPARE(m_answers, QList{ VaultStatus::Ok });
    QVERIFY(m_vault->tokens.isEmpty());
    m_keeper->find(specOf(TokenSource::Ask), this, answer());
    QTRY_COMPARE(m_answers.size(), 2);
    QCOMPARE(m_token, QByteArray("hunter2"));
}

void TokenKeeperTest::remembersForThisRunWhatTheVaultWillNotTake()
{
    m_vault->failure = VaultStatus::NoBackend;
    m_keeper->keep(specOf(TokenSource::Keyring), Secret("hunter2"), this, answer());
    QTRY_COMPARE(m_answers, QList{ VaultStatus::NoBackend });
    QVERIFY(m_vault->tokens.isEmpty());
    m_keeper->find(specOf(TokenSource::Keyring), this, answer());
    QTRY_COMPARE(m_answers.size(), 2);
    QCOMPARE(m_answers.last(), VaultStatus::Ok);
    QCOMPARE(m_token, QByteArray("hunter2"));
}

void TokenKeeperTest::forgetsFromBoth()
{
    m_keeper->keep(specOf(TokenSource::Keyring), Secret("hunter2"), this, answer());
    m_keeper->forget(u"id"_s, this, answer());
    m_keeper->forget(u"id"_s, this, answer()); // twice does no harm
    m_keeper->find(specOf(TokenSource::Keyring), this, answer());
    QTRY_COMPARE(m_answers.size(), 4);
    QCOMPARE(m_answers,
             QList({ VaultStatus::Ok, VaultStatus::Ok, VaultStatus::Ok, VaultStatus::NotFound }));
    QCOMPARE(m_token, QByteArray());
}

void TokenKeeperTest::neverAnswersWithinTheCall()
{
    m_keeper->find(specOf(TokenSource::Ask), this, answer());
    m_keeper->find(specOf(TokenSource::Keyring), this, answer());
    m_keeper->keep(specOf(TokenSource::Ask), Secret("a"), this, answer());
    QCOMPARE(m_answers.size(), 0);
    QTRY_COMPARE(m_answers.size(), 3);
}

void TokenKeeperTest::doesNotAnswerOneWhoHasGone()
{
    {
        QObject context;
        m_keeper->find(specOf(TokenSource::Ask), &context, answer());
        m_keeper->find(specOf(TokenSource::Keyring), &context, answer());
        m_keeper->forget(u"id"_s, &context, answer());
    }
    m_keeper->find(specOf(TokenSource::Keyring), this, answer()); // comes after the others
    QTRY_COMPARE(m_answers.size(), 1);
}

void TokenKeeperTest::takesOnlyWhatCanBeAToken_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("plain") << QByteArray("hunter2") << QByteArray("hunter2");
    QTest::newRow("a newline at its end") << QByteArray(" hunter2\n") << QByteArray("hunter2");
    QTest::newRow("the longest") << QByteArray(TokenKeeper::kMaxTokenBytes, 'a')
                                 << QByteArray(TokenKeeper::kMaxTokenBytes, 'a');
    QTest::newRow("too long") << QByteArray(TokenKeeper::kMaxTokenBytes + 1, 'a') << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("blank") << QByteArray("  ") << QByteArray();
    QTest::newRow("two lines") << QByteArray("a\nb") << QByteArray();
    QTest::newRow("a header") << QByteArray("a\r\nX: y") << QByteArray();
    QTest::newRow("not ASCII") << QByteArray("h\xc3\xbcnter") << QByteArray();
}

void TokenKeeperTest::takesOnlyWhatCanBeAToken()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, token);
    const auto secret = TokenKeeper::tokenFromInput(input);
    QCOMPARE(secret.has_value(), !token.isEmpty());
    QVERIFY(!secret || secret->view() == token);
}

QTEST_GUILESS_MAIN(TokenKeeperTest)
#include "tst_tokenkeeper.moc"
