// SPDX-License-Identifier: GPL-3.0-only
// Replacement, step by step: see the header.
#include "service/replacement.h"

#include "common/logline.h"
#include "common/units.h"
#include "service/host/datadir.h"
#include "service/service.h"

#include <QLoggingCategory>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcReplacement, "quiesce.replacement")

} // namespace

Replacement::Replacement(Service &service, const DataDir &dataDir, Program program)
    : m_service(service)
    , m_dataDir(dataDir)
    , m_program(std::move(program))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        fail(u"it was not ready within %1"_s.arg(formatDuration(m_program.timeout)));
    });
    connect(&service.lifecycle(), &Lifecycle::stateChanged, this,
            [this](const StateChange &change) {
                if (m_cause && change.to != LifecycleState::Serving)
                    fail(u"this process was taken out of service meanwhile"_s);
            });
    connect(&service.jobs(), &JobQueue::jobChanged, this, [this] {
        if (m_successor)
            m_successor->tellOfJobs();
    });
}

Replacement::~Replacement() = default;

QLatin1StringView Replacement::toWire(Refusal refusal)
{
    switch (refusal) {
    case Refusal::NotServing:
        return "not-serving"_L1;
    case Refusal::UnderWay:
        return "already-replacing"_L1;
    case Refusal::IsInit:
        break;
    }
    return "is-pid-1"_L1;
}

Result<Done, Replacement::Refusal> Replacement::tryBegin(const StopCause &cause)
{
    if (m_cause)
        return Failure{ Refusal::UnderWay };
    if (m_service.lifecycle().state() != LifecycleState::Serving)
        return Failure{ Refusal::NotServing };
    if (::getpid() == 1)
        return Failure{ Refusal::IsInit };
    m_cause = cause;
    m_timer.start(m_program.timeout);
    if (!m_service.hasJobs()) {
        start();
        return Done{};
    }
    m_service.jobs().share(JobStore::Sharing::Begin, [this](const Result<int, StoreError> &shared) {
        if (!m_cause)
            return;
        if (shared)
            start();
        else
            fail(shared.error().reason);
    });
    return Done{};
}

void Replacement::start()
{
    m_formerUse = m_service.listeningUse();
    m_service.setListening(ListeningSocket::Use::Shared);
    m_successor = std::make_unique<Successor>();
    connect(m_successor.get(), &Successor::ready, this, &Replacement::commit);
    // Queued: it is destroyed where it fails.
    connect(m_successor.get(), &Successor::failed, this, &Replacement::fail, Qt::QueuedConnection);
    const Service::ListeningDescriptors listening = m_service.listening();
    const auto started = m_successor->tryStart({ .program = m_program.path,
                                                 .arguments = m_program.arguments,
                                                 .instanceId = m_service.instanceId(),
                                                 .traffic = listening.traffic,
                                                 .admin = listening.admin,
                                                 .lock = m_dataDir.lock() });
    if (!started)
        return fail(started.error());
    qCInfo(lcReplacement).noquote() << LogLine("replacement started")
                                           .with("pid", m_successor->pid())
                                           .with("program", m_program.path)
                                           .with("timeout", m_program.timeout)
                                           .toString();
}

void Replacement::commit()
{
    if (!m_cause)
        return;
    m_timer.stop();
    const StopCause cause = *std::exchange(m_cause, {});
    Q_EMIT handingOver(m_successor->pid());
    m_successor->go();
    qCInfo(lcReplacement).noquote()
        << LogLine("replaced").with("pid", m_successor->pid()).toString();
    Q_EMIT replaced(m_successor->pid(), cause);
}

void Replacement::fail(const QString &reason)
{
    if (!m_cause)
        return;
    m_timer.stop();
    const StopCause cause = *std::exchange(m_cause, {});
    qCWarning(lcReplacement).noquote()
        << LogLine("not replaced, going on").with("reason", reason).toString();
    if (m_successor) {
        m_successor.reset();
        m_service.setListening(m_formerUse);
    }
    if (m_service.hasJobs())
        m_service.jobs().share(JobStore::Sharing::End, {});
    Q_EMIT failed(reason, cause);
}

} // namespace quiesce
