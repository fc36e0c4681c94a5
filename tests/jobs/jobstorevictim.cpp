// SPDX-License-Identifier: GPL-3.0-only
// A program that works on a job store until it is killed, and says on stdout what it was promised.
//
//     jobstorevictim FILE SEED
//
// One line each, written when the reply comes and not before: "ready", "submitted ID", "claimed
// ID", "succeeded ID". It ends by itself after kLongestLife, or with whoever started it.
#include "service/core/clock.h"
#include "service/jobs/sqlite/sqlitejobstore.h"

#include <QCoreApplication>
#include <QRandomGenerator>
#include <QTimer>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;

namespace {

constexpr auto kLongestLife = 60s;
constexpr int kSubmitters = 16;
constexpr int kPlaces = 8;

void say(const QString &line)
{
    const QByteArray bytes = line.toUtf8() + '\n';
    if (::write(STDOUT_FILENO, bytes.constData(), static_cast<size_t>(bytes.size())) < 0)
        ::_exit(1);
}

/// Submits, claims and ends without a pause.
class Victim final : public QObject
{
public:
    Victim(const QString &path, quint32 seed)
        : m_random(seed)
        , m_store(path, m_clock)
    {
        connect(&m_store, &JobStore::workAdded, this, &Victim::claim);
    }

    void begin()
    {
        m_store.open(m_owner, [this](const auto &opened) {
            say(opened ? u"ready"_s : opened.error().reason);
            for (int i = 0; i < kSubmitters; ++i)
                submit();
        });
    }

private:
    void submit()
    {
        NewJob job;
        job.id = newJobId(m_clock.utcNow());
        job.kind = u"sleep"_s;
        job.maxAttempts = 100'000;
        job.payload = { { u"text"_s, QString(m_random.bounded(2'000), u'x') } };
        if (m_random.bounded(2) == 0)
            job.idempotencyKey = job.id.toUtf8();
        m_store.submit(job, [this](const Result<Submitted, StoreError> &submitted) {
            if (!submitted)
                ::_exit(2);
            say(u"submitted "_s + submitted.value().job.id);
            submit();
        });
    }

    void claim()
    {
        if (m_isClaiming || m_free == 0)
            return;
        m_isClaiming = true;
        ClaimRequest request;
        request.owner = m_owner;
        request.places = { { u"sleep"_s, m_free } };
        request.limit = m_free;
        m_store.claim(request, [this](const Result<QList<Job>, StoreError> &jobs) {
            m_isClaiming = false;
            for (const Job &job : jobs.value())
                run(job);
            if (!jobs.value().isEmpty())
                claim();
        });
    }

    void run(const Job &job)
    {
        --m_free;
        say(u"claimed "_s + job.id);
        const Lease lease{ job.id, m_owner, job.attempt };
        m_store.checkpoint(lease, { { { u"at"_s, job.attempt } }, 0.5 }, {});
        AttemptEnd end{ AttemptEnd::Succeeded{ job.attempt }, {} };
        const int die = m_random.bounded(10);
        if (die == 0)
            end.how = AttemptEnd::Requeued{ RequeueReason::Stop, {} };
        else if (die == 1)
            end.how = AttemptEnd::Failed{ u"unlucky"_s, m_clock.utcNow() };
        m_store.endAttempt(lease, end, [this](const Result<Job, StoreError> &ended) {
            if (!ended)
                ::_exit(3);
            if (ended.value().state == JobState::Succeeded)
                say(u"succeeded "_s + ended.value().id);
            ++m_free;
            claim();
        });
    }

    const QString m_owner = u"victim %1"_s.arg(::getpid());
    SystemClock m_clock;
    QRandomGenerator m_random;
    SqliteJobStore m_store;
    int m_free = kPlaces;
    bool m_isClaiming = false;
};

} // namespace

int main(int argc, char *argv[])
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const QCoreApplication app(argc, argv);
    if (QCoreApplication::arguments().size() != 3)
        return 64;
    Victim victim(QCoreApplication::arguments().at(1),
                  QCoreApplication::arguments().at(2).toUInt());
    QTimer::singleShot(kLongestLife, &app, [] { ::_exit(4); });
    victim.begin();
    return QCoreApplication::exec();
}
