// SPDX-License-Identifier: GPL-3.0-only
// SqliteJobStore: the contract, then what is its own: the file, its faults, and its plans.
#include "service/jobs/sqlite/schema.h"
#include "service/jobs/sqlite/sqlitejobstore.h"
#include "service/jobs/sqlite/sqliteledger.h"
#include "tests/jobs/jobstorecontract.h"
#include "tests/jobs/rawstore.h"
#include "tests/support/fulldisk.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;
using namespace quiesce::test;
using Kind = StoreError::Kind;

namespace {

constexpr uid_t kNobody = 65'534;

/// Takes away the powers of root, which may write everywhere, while it lives.
class Powerless final
{
public:
    Powerless()
    {
        if (m_wasRoot && ::seteuid(kNobody) != 0)
            qFatal("cannot become nobody");
    }
    ~Powerless()
    {
        if (m_wasRoot && ::seteuid(0) != 0)
            qFatal("cannot become root again");
    }
    Powerless(const Powerless &) = delete;
    Powerless &operator=(const Powerless &) = delete;

private:
    bool m_wasRoot = ::geteuid() == 0;
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString &path, const QByteArray &content, qint64 at = 0)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(at));
    QCOMPARE(file.write(content), content.size());
}

ClaimRequest claimOf(const QString &kind, const QString &owner = u"us"_s)
{
    ClaimRequest request;
    request.owner = owner;
    request.places = { { kind, 1 } };
    request.limit = 1;
    return request;
}

} // namespace

class SqliteJobStoreTest final : public JobStoreContract
{
    Q_OBJECT

protected:
    std::unique_ptr<JobStore> makeStore(SteppedClock &clock) override
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QFile::setPermissions(m_folder->path(), QFile::Permissions(0x7055));
        return std::make_unique<SqliteJobStore>(path(), clock);
    }

private Q_SLOTS:
    void keepsItsPromisesInTheFile();
    void writesWhatWasAskedWhenDestroyed();
    void refusesAFileThatAnotherProcessHas();
    void isSharedWithASuccessor();
    void eachSeesWhatTheOtherChanges();
    void rescuesWhatThePredecessorLeft();
    void goesOnAloneWhenNoSuccessorCame();
    void aSuccessorNeverMigratesOrSetsAside_data();
    void aSuccessorNeverMigratesOrSetsAside();
    void leavesANewerFileAlone();
    void migratesAnOlderFile();
    void setsADamagedFileAside_data();
    void setsADamagedFileAside();
    void neverOverwritesWhatWasSetAside();
    void noticesDamageWhileItWorks();
    void aFullDiskRefusesAndRecovers();
    void probesEverMoreSeldom();
    void cannotBeOpened_data();
    void cannotBeOpened();
    void theFileShrinksAndTheLogIsBounded();
    void everySearchUsesAnIndex();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(u"jobs.db"_s); }
    [[nodiscard]] QStringList filesAside() const
    {
        const QStringList all =
            QDir(m_folder->path()).entryList({ u"jobs.db.damaged-*"_s }, QDir::Files);
        return all.filter(QRegularExpression(u"(?<!-wal|-shm)$"_s)); // they go with it
    }
    /// Closes and opens; what open() answered.
    Answer<int> reopen();

    std::unique_ptr<QTemporaryDir> m_folder;
};

Answer<int> SqliteJobStoreTest::reopen()
{
    if (auto closed = driver().close(); !closed)
        return Failure{ closed.error() };
    return driver().open();
}

void SqliteJobStoreTest::keepsItsPromisesInTheFile()
{
    const QString id = driver().add();
    QVERIFY(driver().close());
    QVERIFY(!QFile::exists(path() + "-wal"_L1));
    RawStore raw(path());
    QCOMPARE(raw.value(u"SELECT count(*) FROM jobs"_s).toInt(), 1);
    QCOMPARE(raw.value(u"PRAGMA journal_mode"_s).toString(), u"wal"_s);
    QCOMPARE(raw.value(u"PRAGMA auto_vacuum"_s).toInt(), 2);
    QCOMPARE(raw.value(u"PRAGMA application_id"_s).toInt(), kApplicationId);
    QCOMPARE(raw.value(u"PRAGMA user_version"_s).toInt(), schemaSteps().size());
    QCOMPARE(QUuid::fromRfc4122(raw.value(u"SELECT id FROM jobs"_s).toByteArray())
                 .toString(QUuid::WithoutBraces),
             id);
}

void SqliteJobStoreTest::writesWhatWasAskedWhenDestroyed()
{
    const QString file = m_folder->filePath(u"other.db"_s);
    QStringList ids;
    {
        SqliteJobStore first(file, clock());
        QVERIFY(StoreDriver(first, clock()).open());
        for (int i = 0; i < 100; ++i) {
            const NewJob job = driver().newJob();
            ids.prepend(job.id);
            first.submit(job, {});
        }
    }
    SqliteJobStore second(file, clock());
    StoreDriver driver(second, clock());
    QVERIFY(driver.open());
    JobQuery query;
    query.limit = 200;
    QStringList kept;
    const auto page = driver.list(query);
    for (const Job &job : page.value().jobs)
        kept << job.id;
    QCOMPARE(kept, ids);
}

void SqliteJobStoreTest::refusesAFileThatAnotherProcessHas()
{
    QVERIFY(driver().close());
    QProcess other;
    other.start(QStringLiteral(QUIESCE_JOBSTORE_VICTIM), { path(), u"1"_s });
    QVERIFY(QTest::qWaitFor([&] { return other.canReadLine(); }, 20'000));
    QCOMPARE(other.readLine(), "ready\n");
    const auto refused = driver().open();
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Kind::Unavailable);
    QVERIFY2(refused.error().reason.contains("in use by another process"_L1),
             qPrintable(refused.error().reason));
    QCOMPARE(store().fault(), refused.error().reason);
    other.kill();
    QVERIFY(other.waitForFinished());
    QVERIFY(driver().open());
    QVERIFY(filesAside().isEmpty());
}

void SqliteJobStoreTest::isSharedWithASuccessor()
{
    const QString id = driver().add();
    QCOMPARE(driver().claim(claimOf(u"sleep"_s)).value().size(), 1);
    SqliteJobStore second(path(), clock());
    StoreDriver successor(second, clock());
    const auto refused = successor.openBeside(u"them"_s, u"us"_s);
    QVERIFY(!refused); // it is had alone until it is shared
    QCOMPARE(refused.error().kind, Kind::Unavailable);
    QCOMPARE(driver().share(JobStore::Sharing::Begin).value(), 0);
    QCOMPARE(successor.openBeside(u"them"_s, u"us"_s).value(), 0); // no job rescued: it runs there
    QCOMPARE(successor.stateOf(id), JobState::Running);
    QVERIFY(successor.claim(claimOf(u"sleep"_s, u"them"_s)).value().isEmpty());
    QVERIFY(driver().end({ id, u"us"_s, 1 }, { AttemptEnd::Succeeded{ 7 }, {} }));
    QCOMPARE(successor.stateOf(id), JobState::Succeeded);
    QVERIFY(successor.close());
}

void SqliteJobStoreTest::eachSeesWhatTheOtherChanges()
{
    QVERIFY(driver().share(JobStore::Sharing::Begin));
    SqliteJobStore second(path(), clock());
    StoreDriver successor(second, clock());
    QVERIFY(successor.openBeside(u"them"_s, u"us"_s));
    QSignalSpy workAdded(&second, &JobStore::workAdded);
    const QString id = driver().add(u"mail"_s);
    QCOMPARE(second.counts().of(JobState::Queued), 0); // nobody has looked
    QVERIFY(successor.share(JobStore::Sharing::Look));
    QCOMPARE(second.counts().of(JobState::Queued), 1);
    QCOMPARE(workAdded.count(), 1);
    QCOMPARE(successor.claim(claimOf(u"mail"_s, u"them"_s)).value().size(), 1);
    QVERIFY(driver().claim(claimOf(u"mail"_s)).value().isEmpty()); // never twice
    QCOMPARE(store().counts().of(JobState::Running), 1);
    QVERIFY(!driver().end({ id, u"us"_s, 1 }, { AttemptEnd::Succeeded{ 7 }, {} }));
    QVERIFY(successor.close());
}

void SqliteJobStoreTest::rescuesWhatThePredecessorLeft()
{
    NewJob twice = driver().newJob();
    twice.maxAttempts = 2;
    const QString left = driver().submit(twice).value().job.id;
    QCOMPARE(driver().claim(claimOf(u"sleep"_s)).value().size(), 1);
    QVERIFY(driver().share(JobStore::Sharing::Begin));
    SqliteJobStore second(path(), clock());
    StoreDriver successor(second, clock());
    QVERIFY(successor.openBeside(u"them"_s, u"us"_s));
    const QString own = successor.add(u"mail"_s);
    QCOMPARE(successor.claim(claimOf(u"mail"_s, u"them"_s)).value().size(), 1);
    QVERIFY(driver().close()); // as it ends, with that job still running
    QCOMPARE(successor.share(JobStore::Sharing::End).value(), 1);
    QCOMPARE(successor.stateOf(left), JobState::Queued);
    QCOMPARE(successor.stateOf(own), JobState::Running);
    const auto refused = driver().open(); // had alone again
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Kind::Unavailable);
    QVERIFY(successor.close());
}

void SqliteJobStoreTest::goesOnAloneWhenNoSuccessorCame()
{
    const QString id = driver().add();
    QCOMPARE(driver().claim(claimOf(u"sleep"_s)).value().size(), 1);
    QVERIFY(driver().share(JobStore::Sharing::Begin));
    QCOMPARE(driver().share(JobStore::Sharing::End).value(), 0); // its own is not rescued
    QCOMPARE(driver().stateOf(id), JobState::Running);
    QVERIFY(driver().end({ id, u"us"_s, 1 }, { AttemptEnd::Succeeded{ 7 }, {} }));
    SqliteJobStore second(path(), clock());
    QVERIFY(!StoreDriver(second, clock()).openBeside(u"them"_s, u"us"_s));
}

void SqliteJobStoreTest::aSuccessorNeverMigratesOrSetsAside_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("older") << int(schemaSteps().size()) - 1;
    QTest::newRow("newer") << 99;
}

void SqliteJobStoreTest::aSuccessorNeverMigratesOrSetsAside()
{
    QFETCH(const int, version);
    driver().add();
    QVERIFY(driver().close());
    RawStore(path()).query(u"PRAGMA user_version = %1"_s.arg(version));
    const auto refused = driver().openBeside(u"them"_s, u"us"_s);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Kind::Unavailable);
    QVERIFY2(refused.error().reason.contains("that takes a restart"_L1),
             qPrintable(refused.error().reason));
    RawStore raw(path());
    QCOMPARE(raw.value(u"PRAGMA user_version"_s).toInt(), version);
    QCOMPARE(raw.value(u"SELECT count(*) FROM jobs"_s).toInt(), 1);
    QVERIFY(filesAside().isEmpty());
}

void SqliteJobStoreTest::leavesANewerFileAlone()
{
    driver().add();
    QVERIFY(driver().close());
    RawStore(path()).query(u"PRAGMA user_version = 99"_s);
    const QByteArray before = contentOf(path());
    const auto refused = driver().open();
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Kind::TooNew);
    QVERIFY(refused.error().reason.contains("99"_L1));
    QVERIFY(contentOf(path()) == before);
    QVERIFY(filesAside().isEmpty());
}

void SqliteJobStoreTest::migratesAnOlderFile()
{
    QVERIFY(driver().close());
    QVERIFY(QFile::remove(path()));
    {
        RawStore raw(path());
        for (const QLatin1StringView statement : schemaSteps().first())
            raw.query(statement);
        raw.query(u"PRAGMA application_id = %1"_s.arg(kApplicationId));
        raw.query(u"PRAGMA user_version = 1"_s);
        raw.query(u"INSERT INTO jobs (id, kind, state, max_attempts, created_at, run_at, payload)"
                  " VALUES (x'019b0000000070008000000000000001', 'sleep', 0, 2, 1000, 1000,"
                  " '{\"ms\":5}')"_s);
    }
    QVERIFY(driver().open());
    const Job job = driver().claim().value(0);
    QCOMPARE(job.id, u"019b0000-0000-7000-8000-000000000001"_s);
    QCOMPARE(job.payload, (QJsonObject{ { u"ms"_s, 5 } }));
    QCOMPARE(job.createdAt.toMSecsSinceEpoch(), 1'000);
    QVERIFY(driver().end(StoreDriver::leaseOf(job), failed(u"later"_s, clock().utcNow())));
    QVERIFY(driver().close());
    QCOMPARE(RawStore(path()).value(u"PRAGMA user_version"_s).toInt(), schemaSteps().size());
}

void SqliteJobStoreTest::setsADamagedFileAside_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : { "no database", "broken pages", "cut short", "another program's",
                             "broken log beside it" })
        QTest::newRow(how) << QString::fromLatin1(how);
}

void SqliteJobStoreTest::setsADamagedFileAside()
{
    QFETCH(QString, how);
    for (int i = 0; i < 300; ++i)
        store().submit(driver().newJob(), {});
    QVERIFY(driver().close());
    if (how == u"no database"_s || how == u"broken log beside it"_s)
        write(path(), QByteArray(4'096, 'x'));
    if (how == u"broken log beside it"_s)
        write(path() + "-wal"_L1, "left over");
    if (how == u"broken pages"_s)
        write(path(), QByteArray(20'000, '\x7f'), 8'192);
    if (how == u"cut short"_s)
        QVERIFY(QFile::resize(path(), 10'000));
    if (how == u"another program's"_s) {
        QVERIFY(QFile::remove(path()));
        RawStore(path()).query(u"CREATE TABLE notes (text)"_s);
    }
    const QByteArray damaged = contentOf(path());
    const auto refused = driver().open();
    QVERIFY(!refused);
    QVERIFY2(refused.error().kind == Kind::Damaged, qPrintable(refused.error().reason));
    const QString name = u"jobs.db.damaged-20260102T030405.000Z"_s;
    QVERIFY2(refused.error().reason.contains(name), qPrintable(refused.error().reason));
    QVERIFY(contentOf(m_folder->filePath(name)) == damaged);
    if (how == u"broken log beside it"_s)
        QCOMPARE(contentOf(m_folder->filePath(name + "-wal"_L1)), QByteArray("left over"));
    QVERIFY(!QFile::exists(path()));
    QCOMPARE(driver().open().value(), 0);
    QCOMPARE(driver().list().value().jobs.size(), 0);
    QVERIFY(!driver().add().isEmpty());
    QVERIFY(contentOf(m_folder->filePath(name)) == damaged);
}

void SqliteJobStoreTest::neverOverwritesWhatWasSetAside()
{
    QVERIFY(driver().close());
    for (const char *content : { "first", "second" }) {
        write(path(), QByteArray(content).repeated(1'000));
        QCOMPARE(driver().open().error().kind, Kind::Damaged);
    }
    const QStringList names = filesAside();
    QCOMPARE(names.size(), 2);
    QVERIFY(contentOf(m_folder->filePath(names[0])).startsWith("first"));
    QVERIFY(contentOf(m_folder->filePath(names[1])).startsWith("second"));
}

void SqliteJobStoreTest::noticesDamageWhileItWorks()
{
    const QString oldest = driver().add();
    for (int i = 0; i < 2'000; ++i)
        store().submit(driver().newJob(), {});
    QVERIFY(reopen()); // so that little of the file is in memory
    const qint64 size = QFileInfo(path()).size();
    write(path(), QByteArray(size - 8'192, '\x7f'), 8'192);
    const auto read = driver().get(oldest);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, Kind::Unavailable);
    QVERIFY2(store().fault().contains("damaged"_L1), qPrintable(store().fault()));
    QCOMPARE(driver().submit(driver().newJob()).error().kind, Kind::Unavailable);
    clock().advance(SqliteJobStore::kLongestProbe);
    QVERIFY(!driver().get(oldest));
    QVERIFY(!store().fault().isEmpty()); // no probe ends that
    QCOMPARE(reopen().error().kind, Kind::Damaged);
    QCOMPARE(filesAside().size(), 1);
    QVERIFY(driver().open());
}

void SqliteJobStoreTest::aFullDiskRefusesAndRecovers()
{
    QSignalSpy changed(&store(), &JobStore::faultChanged);
    const QString id = driver().add();
    const Job running = driver().claim().value(0);
    NewJob large = driver().newJob();
    large.payload = { { u"text"_s, QString(300'000, u'x') } };
    {
        const FullDisk full(rlim_t(QFileInfo(path() + "-wal"_L1).size()));
        QCOMPARE(driver().submit(large).error().kind, Kind::Unavailable);
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY2(store().fault().contains(path()), qPrintable(store().fault()));
        const auto refused = driver().submit(driver().newJob());
        QCOMPARE(refused.error().reason, store().fault());
        QCOMPARE(driver().stateOf(id), JobState::Running);
        QVERIFY(!driver().end(StoreDriver::leaseOf(running), succeeded()));
        clock().advance(SqliteJobStore::kFirstProbe);
        QTRY_COMPARE(clock().alarmsSet(), 1); // it was in vain
        QVERIFY(!store().fault().isEmpty());
    }
    clock().advance(SqliteJobStore::kLongestProbe);
    QTRY_COMPARE(store().fault(), QString());
    QCOMPARE(changed.count(), 2);
    QCOMPARE(clock().alarmsSet(), 0);
    QVERIFY(driver().end(StoreDriver::leaseOf(running), succeeded()));
    QVERIFY(driver().submit(large));
    QVERIFY(reopen());
    QCOMPARE(driver().stateOf(id), JobState::Succeeded);
    QCOMPARE(driver().list().value().jobs.size(), 2);
    QCOMPARE(store().counts().of(JobState::Queued), 1);
}

void SqliteJobStoreTest::probesEverMoreSeldom()
{
    const FullDisk full(rlim_t(QFileInfo(path() + "-wal"_L1).size()));
    NewJob large = driver().newJob();
    large.payload = { { u"text"_s, QString(300'000, u'x') } };
    QVERIFY(!driver().submit(large));
    QTRY_COMPARE(clock().alarmsSet(), 1);
    auto wait = SqliteJobStore::kFirstProbe;
    for (int i = 0; i < 8; ++i) {
        clock().advance(wait - 1ms);
        QCOMPARE(clock().alarmsSet(), 1); // still to ring
        clock().advance(1ms);
        QTRY_COMPARE(clock().alarmsSet(), 1); // has rung, and was set anew
        wait = std::min(wait * 2, SqliteJobStore::kLongestProbe);
    }
}

void SqliteJobStoreTest::cannotBeOpened_data()
{
    QTest::addColumn<QString>("why");
    for (const char *why : { "no folder", "read-only folder", "read-only file" })
        QTest::newRow(why) << QString::fromLatin1(why);
}

void SqliteJobStoreTest::cannotBeOpened()
{
    QFETCH(QString, why);
    QVERIFY(driver().close());
    if (why == u"read-only folder"_s)
        QVERIFY(QFile::remove(path()));
    const QString file = why == u"no folder"_s ? m_folder->filePath(u"none/jobs.db"_s) : path();
    const Powerless powerless;
    SqliteJobStore store(file, clock());
    StoreDriver driver(store, clock());
    const auto refused = driver.open();
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, Kind::Unavailable);
    QVERIFY2(refused.error().reason.contains(file), qPrintable(refused.error().reason));
    QCOMPARE(store.fault(), refused.error().reason);
    QCOMPARE(driver.submit(driver.newJob()).error().kind, Kind::Unavailable);
    QVERIFY(driver.close());
}

void SqliteJobStoreTest::theFileShrinksAndTheLogIsBounded()
{
    constexpr int kJobs = 300;
    for (int i = 0; i < kJobs; ++i) {
        NewJob job = driver().newJob();
        job.payload = { { u"text"_s, QString(150'000, u'x') } };
        store().submit(job, {});
        store().cancel(job.id, {});
    }
    QCOMPARE(driver().list().value().jobs.size(), 50);
    QVERIFY(QFileInfo(path() + "-wal"_L1).size() <= StoreFile::kMaxWalBytes);
    int steps = 0;
    for (bool hasMore = true; hasMore; ++steps)
        hasMore = driver().prune({ {}, 0, 50 }).value().hasMore;
    QVERIFY(steps > 6);
    QVERIFY(driver().close());
    const qint64 kept = SqliteLedger::kKeptFreePages * 4'096;
    QVERIFY(QFileInfo(path()).size() < kept + 1'024 * 1'024);
    QCOMPARE(RawStore(path()).value(u"PRAGMA integrity_check"_s).toString(), u"ok"_s);
}

void SqliteJobStoreTest::everySearchUsesAnIndex()
{
    QVERIFY(driver().close());
    RawStore raw(path());
    for (size_t i = 0; i < kSqlCount; ++i) {
        const QLatin1StringView text = sqliteDialect().texts.at(i);
        const QList<RawStore::Row> steps = raw.query(u"EXPLAIN QUERY PLAN "_s + text);
        QVERIFY2(text.startsWith("INSERT"_L1) || !steps.isEmpty(), text.data()); // it was read
        for (const RawStore::Row &step : steps) {
            const QString detail = step.value(3).toString();
            // These two walk along an index: all of it at the start, up to the limit when pruning.
            const bool isWalk = (Sql(i) == Sql::Counts && detail.contains("INDEX jobs_listed"_L1))
                || (Sql(i) == Sql::OldestEnded && detail.contains("INDEX jobs_ended"_L1));
            QVERIFY2(isWalk || !detail.startsWith("SCAN"_L1), qPrintable(text + ": "_L1 + detail));
            QVERIFY2(!detail.contains("TEMP B-TREE"_L1), qPrintable(text + ": "_L1 + detail));
        }
    }
}

QTEST_GUILESS_MAIN(SqliteJobStoreTest)
#include "tst_sqlitejobstore.moc"
