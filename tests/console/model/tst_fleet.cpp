// SPDX-License-Identifier: GPL-3.0-only
// Fleet: one Instance for each address, from its first sight to its dismissal.
#include "console/model/fleet/fleet.h"
#include "tests/console/client/memoryvault.h"
#include "tests/console/model/instances.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;

namespace {

InstanceSpec localAt(int port, qint64 pid = 4711)
{
    InstanceSpec spec = specAt(port);
    spec.isLocal = true;
    spec.pid = pid;
    spec.tokenSource = TokenSource::File;
    spec.tokenFile = u"/data/admin-token"_s;
    return spec;
}

InstanceSpec bookmarkAt(int port, TokenSource source = TokenSource::Keyring)
{
    InstanceSpec spec = specAt(port, u"orders"_s);
    spec.id = u"bookmark-%1"_s.arg(port);
    spec.environment = Environment::Production;
    spec.tokenSource = source;
    return spec;
}

} // namespace

class FleetTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void hasAnInstanceForEachAddress();
    void mergesALocalOneAndItsBookmark_data();
    void mergesALocalOneAndItsBookmark();
    void needsNoTokenForABookmarkOfALocalOne();
    void givesBackTheOneThatIsThere();
    void refusesASecondBookmarkOfAnAddress();
    void livesOnWithTheNextProcess();
    void keepsOneThatHasGone();
    void saysThatNobodySawItsEnd();
    void removesOneThatHasGoneWhenRetentionIsOver();
    void keepsOneThatHasGoneUntilDismissed();
    void dismissesNothingThatIsKept();
    void clearsWhatHasStopped();
    void removesABookmarkButNotItsProcess();
    void followsABookmarkToAnotherAddress();
    void makesANewClientWhenItIsReachedInAnotherWay();
    void asksForATokenThatNobodyHas();
    void findsATokenInTheKeyring();
    void saysWhyTheKeyringFails();
    void keepsATokenThatIsGiven();
    void saysWhenATokenCannotBeKept();
    void saysNothingOfOneThatIsRemoved();
    void keepsItsBound();

private:
    void make(const Fleet::Timing &timing);

    MemoryVault *m_vault = nullptr;
    std::unique_ptr<TokenKeeper> m_tokens;
    std::unique_ptr<Fleet> m_fleet;
    std::unique_ptr<QSignalSpy> m_added;
    std::unique_ptr<QSignalSpy> m_removed;
    std::unique_ptr<QSignalSpy> m_wanted;
    std::unique_ptr<QSignalSpy> m_refused;
    QList<InstanceSpec> m_clients; ///< made so far
};

void FleetTest::init()
{
    auto vault = std::make_unique<MemoryVault>();
    m_vault = vault.get();
    m_tokens = std::make_unique<TokenKeeper>(std::move(vault));
    make({ .farewell = 10ms });
}

void FleetTest::cleanup()
{
    m_fleet.reset();
    m_tokens.reset();
}

void FleetTest::make(const Fleet::Timing &timing)
{
    const auto factory = [this](const InstanceSpec &spec) -> std::unique_ptr<InstanceClient> {
        m_clients.append(spec);
        return nullptr;
    };
    m_clients.clear();
    m_fleet = std::make_unique<Fleet>(factory, *m_tokens, timing, nullptr);
    m_added = std::make_unique<QSignalSpy>(m_fleet.get(), &Fleet::instanceAdded);
    m_removed = std::make_unique<QSignalSpy>(m_fleet.get(), &Fleet::instanceAboutToBeRemoved);
    m_wanted = std::make_unique<QSignalSpy>(m_fleet.get(), &Fleet::tokenWanted);
    m_refused = std::make_unique<QSignalSpy>(m_fleet.get(), &Fleet::refused);
}

void FleetTest::hasAnInstanceForEachAddress()
{
    m_fleet->addLocal(localAt(1));
    m_fleet->addBookmark(bookmarkAt(2));
    QVERIFY(m_fleet->connectTo(QUrl(u"http://127.0.0.1:3"_s)));
    QCOMPARE(m_fleet->instances().size(), 3);
    QCOMPARE(m_added->size(), 3);
    QCOMPARE(m_clients.size(), 3);
    QCOMPARE(m_fleet->find(u"bookmark-2"_s), m_fleet->instances().at(1));
    QCOMPARE(m_fleet->findByAdmin(QUrl(u"http://localhost:3"_s)), m_fleet->instances().at(2));
    QVERIFY(!m_fleet->find(u"bookmark-9"_s));
}

void FleetTest::mergesALocalOneAndItsBookmark_data()
{
    QTest::addColumn<bool>("isBookmarkFirst");
    QTest::newRow("the bookmark first") << true;
    QTest::newRow("the process first") << false;
}

void FleetTest::mergesALocalOneAndItsBookmark()
{
    QFETCH(bool, isBookmarkFirst);
    if (isBookmarkFirst)
        m_fleet->addBookmark(bookmarkAt(1));
    m_fleet->addLocal(localAt(1));
    if (!isBookmarkFirst)
        m_fleet->addBookmark(bookmarkAt(1));
    QCOMPARE(m_fleet->instances().size(), 1);
    QCOMPARE(m_added->size(), 1);
    const Instance *instance = m_fleet->instances().first();
    QCOMPARE(m_fleet->find(u"bookmark-1"_s), instance);
    QCOMPARE(instance->spec().name, u"orders"_s);
    QCOMPARE(instance->spec().environment, Environment::Production);
    QCOMPARE(instance->spec().pid, 4711);
    QVERIFY(instance->spec().isLocal);
    QCOMPARE(instance->spec().tokenFile, u"/data/admin-token"_s);
    QCOMPARE(m_fleet->bookmarkOf(*instance), std::optional(bookmarkAt(1)));
}

void FleetTest::needsNoTokenForABookmarkOfALocalOne()
{
    m_fleet->addLocal(localAt(1));
    m_fleet->addBookmark(bookmarkAt(1));
    m_fleet->addBookmark(bookmarkAt(2)); // whose token is looked for after that of the first
    QTRY_COMPARE(m_wanted->size(), 1);
    QCOMPARE(m_vault->reads, 1);
}

void FleetTest::givesBackTheOneThatIsThere()
{
    m_fleet->addBookmark(bookmarkAt(1));
    const auto first = m_fleet->connectTo(QUrl(u"http://127.0.0.1:1"_s));
    const auto again = m_fleet->connectTo(QUrl(u"http://localhost:1"_s));
    QVERIFY(first && again);
    QCOMPARE(first.value(), again.value());
    QCOMPARE(m_added->size(), 1);
}

void FleetTest::refusesASecondBookmarkOfAnAddress()
{
    m_fleet->addBookmark(bookmarkAt(1));
    InstanceSpec other = bookmarkAt(1);
    other.id = u"another"_s;
    m_fleet->addBookmark(other);
    QCOMPARE(m_fleet->instances().size(), 1);
    QCOMPARE(m_refused->size(), 1);
    QVERIFY(m_refused->at(0).at(0).toString().contains(u"orders"_s));
    m_fleet->removeBookmark(u"another"_s); // was never taken
    QCOMPARE(m_fleet->instances().size(), 1);
}

void FleetTest::livesOnWithTheNextProcess()
{
    m_fleet->addLocal(localAt(1));
    Instance *instance = m_fleet->instances().first();
    serve(*instance, u"first"_s);
    endWith(*instance, StopOutcome::Clean);
    m_fleet->removeLocal(instance->spec().id);
    m_fleet->addLocal(localAt(1, 4712));
    QTest::qWait(50); // longer than a farewell
    QCOMPARE(m_fleet->instances(), QList<Instance *>{ instance });
    QCOMPARE(instance->spec().pid, 4712);
    QCOMPARE(instance->condition(), Condition::StoppedClean); // until the new client says more
    QCOMPARE(m_clients.size(), 2);
    QVERIFY(!m_fleet->canDismiss(*instance));
}

void FleetTest::keepsOneThatHasGone()
{
    m_fleet->addLocal(localAt(1));
    Instance *instance = m_fleet->instances().first();
    serve(*instance, u"first"_s);
    m_fleet->removeLocal(instance->spec().id);
    endWith(*instance, StopOutcome::Forced); // what it still had to say
    QTest::qWait(50);
    QCOMPARE(instance->condition(), Condition::StoppedForced);
    QVERIFY(m_fleet->canDismiss(*instance));
    QCOMPARE(m_removed->size(), 0);
}

void FleetTest::saysThatNobodySawItsEnd()
{
    m_fleet->addLocal(localAt(1));
    Instance *instance = m_fleet->instances().first();
    serve(*instance, u"first"_s);
    m_fleet->removeLocal(instance->spec().id);
    m_fleet->removeLocal(instance->spec().id); // twice does no harm
    QCOMPARE(instance->condition(), Condition::Serving);
    QTRY_COMPARE(instance->condition(), Condition::Crashed);
    QVERIFY(!instance->link().reason.isEmpty());
}

void FleetTest::removesOneThatHasGoneWhenRetentionIsOver()
{
    make({ .farewell = 10ms, .retention = 50ms });
    m_fleet->addLocal(localAt(1));
    m_fleet->addLocal(localAt(2));
    m_fleet->addBookmark(bookmarkAt(3));
    m_fleet->removeLocal(specAt(1).id);
    QCOMPARE(m_fleet->instances().size(), 3);
    QTRY_COMPARE(m_removed->size(), 1);
    QCOMPARE(m_fleet->instances().size(), 2);
    QVERIFY(!m_fleet->find(specAt(1).id));
}

void FleetTest::keepsOneThatHasGoneUntilDismissed()
{
    make({ .farewell = 1ms, .retention = 0ms });
    m_fleet->addLocal(localAt(1));
    m_fleet->removeLocal(specAt(1).id);
    QTest::qWait(50);
    QCOMPARE(m_fleet->instances().size(), 1);
    QVERIFY(m_fleet->dismiss(specAt(1).id));
    QVERIFY(!m_fleet->dismiss(specAt(1).id));
    QCOMPARE(m_removed->size(), 1);
    QVERIFY(m_fleet->instances().isEmpty());
}

void FleetTest::dismissesNothingThatIsKept()
{
    m_fleet->addLocal(localAt(1));
    m_fleet->addBookmark(bookmarkAt(2));
    QVERIFY(!m_fleet->dismiss(specAt(1).id));
    QVERIFY(!m_fleet->dismiss(u"bookmark-2"_s));
    m_fleet->clearStopped();
    QCOMPARE(m_removed->size(), 0);
    QVERIFY(m_fleet->connectTo(QUrl(u"http://127.0.0.1:3"_s)));
    QVERIFY(m_fleet->dismiss(specAt(3).id));
    QCOMPARE(m_removed->size(), 1);
}

void FleetTest::clearsWhatHasStopped()
{
    for (int port = 1; port <= 3; ++port)
        m_fleet->addLocal(localAt(port));
    for (int port = 1; port <= 2; ++port) {
        Instance *instance = m_fleet->find(specAt(port).id);
        serve(*instance, u"first"_s);
        endWith(*instance, StopOutcome::Clean);
        m_fleet->removeLocal(specAt(port).id);
    }
    m_fleet->clearStopped();
    QCOMPARE(m_removed->size(), 2);
    QCOMPARE(m_fleet->instances(), QList<Instance *>{ m_fleet->find(specAt(3).id) });
}

void FleetTest::removesABookmarkButNotItsProcess()
{
    m_fleet->addBookmark(bookmarkAt(1));
    m_fleet->addLocal(localAt(1));
    m_fleet->addBookmark(bookmarkAt(2));
    m_fleet->removeBookmark(u"bookmark-1"_s);
    m_fleet->removeBookmark(u"bookmark-2"_s);
    QCOMPARE(m_fleet->instances().size(), 1);
    const Instance *instance = m_fleet->instances().first();
    QCOMPARE(instance->spec().pid, 4711);
    QCOMPARE(instance->spec().environment, Environment::None);
    QVERIFY(!m_fleet->bookmarkOf(*instance));
}

void FleetTest::followsABookmarkToAnotherAddress()
{
    m_fleet->addBookmark(bookmarkAt(1));
    InstanceSpec moved = bookmarkAt(2);
    moved.id = u"bookmark-1"_s;
    m_fleet->changeBookmark(moved);
    QCOMPARE(m_fleet->instances().size(), 1);
    QCOMPARE(m_removed->size(), 1);
    QCOMPARE(m_fleet->find(u"bookmark-1"_s)->spec().adminUrl.port(), 2);
}

void FleetTest::makesANewClientWhenItIsReachedInAnotherWay()
{
    m_fleet->addBookmark(bookmarkAt(1));
    InstanceSpec renamed = bookmarkAt(1);
    renamed.name = u"payments"_s;
    QSignalSpy changed(m_fleet->instances().first(), &Instance::specChanged);
    m_fleet->changeBookmark(renamed);
    QCOMPARE(changed.size(), 1);
    renamed.caFile = u"/etc/ca.pem"_s;
    m_clients.clear();
    m_fleet->changeBookmark(renamed);
    QCOMPARE(m_clients.size(), 1);
    QCOMPARE(m_clients.first().caFile, u"/etc/ca.pem"_s);
    QCOMPARE(m_removed->size(), 0);
}

void FleetTest::asksForATokenThatNobodyHas()
{
    m_fleet->addBookmark(bookmarkAt(1, TokenSource::Ask));
    m_fleet->addBookmark(bookmarkAt(2, TokenSource::Keyring));
    m_fleet->addLocal(localAt(3));
    QCOMPARE(m_wanted->size(), 0); // never within the call
    QTRY_COMPARE(m_wanted->size(), 2);
    QCOMPARE(m_wanted->at(0).at(0).value<Instance *>(), m_fleet->find(u"bookmark-1"_s));
    QCOMPARE(m_wanted->at(1).at(0).value<Instance *>(), m_fleet->find(u"bookmark-2"_s));
    QCOMPARE(m_vault->reads, 1);
}

void FleetTest::findsATokenInTheKeyring()
{
    m_vault->tokens.insert(u"bookmark-1"_s, "hunter2");
    m_fleet->addBookmark(bookmarkAt(1));
    m_fleet->addBookmark(bookmarkAt(2, TokenSource::Ask)); // is asked for after the first was found
    QTRY_COMPARE(m_wanted->size(), 1);
    QCOMPARE(m_wanted->at(0).at(0).value<Instance *>(), m_fleet->find(u"bookmark-2"_s));
    QCOMPARE(m_vault->reads, 1);
}

void FleetTest::saysWhyTheKeyringFails()
{
    m_vault->failure = VaultStatus::NoBackend;
    m_fleet->addBookmark(bookmarkAt(1));
    QTRY_COMPARE(m_wanted->size(), 1);
    QCOMPARE(m_wanted->at(0).at(1).toString(), u"the vault is out"_s);
}

void FleetTest::keepsATokenThatIsGiven()
{
    m_fleet->addBookmark(bookmarkAt(1));
    QTRY_COMPARE(m_wanted->size(), 1);
    m_fleet->giveToken(u"bookmark-1"_s, Secret("hunter2"));
    m_fleet->giveToken(u"nobody"_s, Secret("hunter3"));
    QTRY_COMPARE(m_vault->tokens.value(u"bookmark-1"_s), QByteArray("hunter2"));
    QCOMPARE(m_vault->tokens.size(), 1);
}

void FleetTest::saysWhenATokenCannotBeKept()
{
    QSignalSpy notKept(m_fleet.get(), &Fleet::tokenNotKept);
    m_vault->failure = VaultStatus::Denied;
    m_fleet->addBookmark(bookmarkAt(1));
    m_fleet->giveToken(u"bookmark-1"_s, Secret("hunter2"));
    QTRY_COMPARE(notKept.size(), 1);
    QCOMPARE(notKept.at(0).at(1).toString(), u"the vault is out"_s);
}

void FleetTest::saysNothingOfOneThatIsRemoved()
{
    m_fleet->addBookmark(bookmarkAt(1));
    m_fleet->removeBookmark(u"bookmark-1"_s);
    m_fleet->addBookmark(bookmarkAt(2));
    QTRY_COMPARE(m_wanted->size(), 1);
    QCOMPARE(m_wanted->at(0).at(0).value<Instance *>(), m_fleet->find(u"bookmark-2"_s));
}

void FleetTest::keepsItsBound()
{
    for (int port = 1; port <= int(Fleet::kMaxInstances); ++port)
        m_fleet->addLocal(localAt(port));
    QCOMPARE(m_refused->size(), 0);
    const int next = int(Fleet::kMaxInstances) + 1;
    m_fleet->addLocal(localAt(next));
    QCOMPARE(m_refused->size(), 1);
    QVERIFY(!m_fleet->connectTo(specAt(next).adminUrl));
    QCOMPARE(m_fleet->instances().size(), qsizetype(Fleet::kMaxInstances));
    QCOMPARE(m_added->size(), qsizetype(Fleet::kMaxInstances));
    m_fleet->removeLocal(specAt(next).id); // was never taken
    QCOMPARE(m_fleet->instances().size(), qsizetype(Fleet::kMaxInstances));
}

QTEST_GUILESS_MAIN(FleetTest)
#include "tst_fleet.moc"
