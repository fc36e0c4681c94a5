// SPDX-License-Identifier: GPL-3.0-only
// Attention: see the header.
#include "console/model/fleet/attention.h"

#include "console/model/fleet/fleet.h"
#include "console/model/instance/enginetext.h"

#include <QDeadlineTimer>

namespace quiesce {

/// What has been said of one instance, so that it is said once.
struct Attention::Watched
{
    QString stopBegun; ///< instanceId and time of the stop that was said
    QString pastDeadline; ///< likewise
    QString reported; ///< instanceId
    bool wasLive = false;
    Condition lostAs = Condition::Unreachable;
    bool isLossSaid = false;
    QTimer loss; ///< runs while it seems lost
    bool isFaultSaid = false;
    QTimer fault; ///< runs while its engine seems to fail
};

namespace {

QString keyOf(const Instance &instance, const StopView &stop)
{
    return instance.snapshot()->instanceId + stop.requestedAt.toString(Qt::ISODateWithMs);
}

/// Lost: it was live, and not because somebody asked for its end.
bool isLost(LinkState state)
{
    switch (state) {
    case LinkState::Stale:
    case LinkState::Unreachable:
    case LinkState::NotAuthorised:
    case LinkState::Incompatible:
    case LinkState::Crashed:
        return true;
    case LinkState::Idle:
    case LinkState::Connecting:
    case LinkState::Live:
    case LinkState::NeedsToken:
    case LinkState::Stopped:
        break;
    }
    return false;
}

QString askedBy(const StopCause &cause)
{
    if (cause.kind == StopCause::Kind::Internal)
        return Attention::tr("the service itself");
    if (cause.kind == StopCause::Kind::Api)
        return cause.actor.isEmpty() ? Attention::tr("somebody at %1").arg(cause.remoteAddress)
                                     : cause.actor;
    return cause.senderCommand.isEmpty()
        ? Attention::tr("%1 of an unknown sender").arg(cause.signal)
        : Attention::tr("%1 of %2").arg(cause.signal, cause.senderCommand);
}

QString beginText(const StopCause &cause)
{
    const QString who = askedBy(cause);
    return cause.reason.isEmpty() ? Attention::tr("Asked for by %1.").arg(who)
                                  : Attention::tr("Asked for by %1: %2").arg(who, cause.reason);
}

QString reportText(const StopReport &report)
{
    const int cut = int(report.requests.cancelled + report.requests.aborted);
    const QString took =
        QString::number(double(report.requestedAt.msecsTo(report.stoppedAt)) / 1'000, 'f', 1);
    return cut == 0
        ? Attention::tr("After %1 s, everything was answered.").arg(took)
        : Attention::tr("After %1 s, %n request(s) unanswered.", nullptr, cut).arg(took);
}

/// Null: nothing is known of it, as of an instance that is lost.
const JobEngine *engineOf(const Instance &instance)
{
    const bool isKnown = instance.snapshot() && instance.snapshot()->stats.engine
        && instance.link().state == LinkState::Live;
    return isKnown ? &*instance.snapshot()->stats.engine : nullptr;
}

Condition conditionOf(StopOutcome outcome)
{
    LinkStatus link;
    link.state = LinkState::Stopped;
    link.outcome = outcome;
    return quiesce::conditionOf(link, LifecycleState::Stopped, true);
}

} // namespace

Attention::Attention(Fleet &fleet, QObject *parent)
    : Attention(fleet, kDebounce, parent)
{ }

Attention::Attention(Fleet &fleet, std::chrono::milliseconds debounce, QObject *parent)
    : QObject(parent)
    , m_debounce(debounce)
{
    connect(&fleet, &Fleet::instanceAdded, this, &Attention::watch);
    connect(&fleet, &Fleet::instanceAboutToBeRemoved, this, &Attention::forget);
    for (Instance *instance : fleet.instances())
        watch(instance);
}

Attention::~Attention() = default;

void Attention::watch(Instance *instance)
{
    auto &watched = m_watched[instance];
    watched = std::make_unique<Watched>();
    watched->loss.setSingleShot(true);
    watched->loss.setInterval(m_debounce);
    watched->fault.setSingleShot(true);
    watched->fault.setInterval(m_debounce);
    Watched &said = *watched;
    connect(&said.fault, &QTimer::timeout, this,
            [this, instance, &said] { lookAtFault(*instance, said); });
    connect(&said.loss, &QTimer::timeout, this,
            [this, instance, &said] { lookAtLoss(*instance, said); });
    connect(instance, &Instance::conditionChanged, &said.loss,
            [this, instance, &said] { lookAtLink(*instance, said); });
    connect(instance, &Instance::stopChanged, &said.loss,
            [this, instance, &said] { lookAtStop(*instance, said); });
    connect(instance, &Instance::statsChanged, &said.loss, [this, instance, &said] {
        lookAtDeadline(*instance, said);
        lookAtEngine(*instance, said);
    });
    connect(instance, &Instance::reported, &said.loss,
            [this, instance, &said] { lookAtReport(*instance, said); });
    lookAtLink(*instance, said);
}

void Attention::forget(Instance *instance)
{
    m_watched.erase(instance); // and its connections with it
    updateWorstTone();
}

void Attention::lookAtStop(const Instance &instance, Watched &watched)
{
    const StopView *stop = instance.stop();
    if (!stop || std::exchange(watched.stopBegun, keyOf(instance, *stop)) == keyOf(instance, *stop))
        return;
    say(instance, tr("%1 is stopping").arg(instance.displayName()), beginText(stop->cause),
        Tone::Busy);
}

void Attention::lookAtDeadline(const Instance &instance, Watched &watched)
{
    const StopView *stop = instance.stop();
    if (!stop || instance.condition() != Condition::Draining || stop->remaining.count() > 0)
        return;
    if (std::exchange(watched.pastDeadline, keyOf(instance, *stop)) == keyOf(instance, *stop))
        return;
    const auto open = int(instance.snapshot()->stats.inFlight);
    say(instance, tr("%1 has reached its deadline").arg(instance.displayName()),
        tr("%n request(s) in flight are being cancelled.", nullptr, open), Tone::Warning);
}

void Attention::lookAtReport(const Instance &instance, Watched &watched)
{
    const StopReport &report = *instance.lastReport();
    if (std::exchange(watched.reported, report.instanceId) == report.instanceId)
        return;
    const Condition condition = conditionOf(report.outcome);
    const QString title = tr("%1: %2").arg(instance.displayName(), conditionText(condition));
    say(instance, title, reportText(report), toneOf(condition));
}

void Attention::lookAtLink(const Instance &instance, Watched &watched)
{
    const LinkState state = instance.link().state;
    if (state == LinkState::Live) {
        watched.loss.stop();
        watched.wasLive = true;
        if (std::exchange(watched.isLossSaid, false))
            say(instance, tr("%1 is back").arg(instance.displayName()),
                conditionText(instance.condition()), Tone::Good);
    } else if (state == LinkState::Stopped) {
        watched.loss.stop();
        watched.wasLive = false; // until its successor is live
        watched.isLossSaid = false;
    } else if (isLost(state) && watched.wasLive && !watched.isLossSaid) {
        watched.lostAs = instance.condition(); // it goes on trying: connecting, and lost again
        if (!watched.loss.isActive())
            watched.loss.start();
    }
    updateWorstTone();
}

void Attention::lookAtLoss(const Instance &instance, Watched &watched)
{
    watched.isLossSaid = true;
    const QString reason = instance.link().reason;
    say(instance, tr("%1 is lost: %2").arg(instance.displayName(), conditionText(watched.lostAs)),
        reason.isEmpty() ? tr("Nothing is heard from it.") : reason, Tone::Bad);
}

void Attention::lookAtEngine(const Instance &instance, Watched &watched)
{
    const JobEngine *engine = engineOf(instance);
    if (!engine)
        return;
    if (engine->hasFault()) {
        if (!watched.isFaultSaid && !watched.fault.isActive())
            watched.fault.start();
        return;
    }
    watched.fault.stop();
    if (std::exchange(watched.isFaultSaid, false))
        say(instance, tr("%1: the job engine works again").arg(instance.displayName()),
            engineText(*engine), Tone::Good);
}

void Attention::lookAtFault(const Instance &instance, Watched &watched)
{
    const JobEngine *engine = engineOf(instance);
    if (!engine || !engine->hasFault())
        return;
    watched.isFaultSaid = true;
    say(instance, tr("%1: the job engine fails").arg(instance.displayName()),
        engineFaults(*engine).join(u'\n'), Tone::Warning);
}

void Attention::updateWorstTone()
{
    Tone worst = Tone::Neutral;
    for (const auto &[instance, watched] : m_watched)
        worst = std::max(worst, toneOf(instance->condition()));
    if (std::exchange(m_worstTone, worst) != worst)
        Q_EMIT worstToneChanged(worst);
}

void Attention::say(const Instance &instance, const QString &title, const QString &text, Tone tone)
{
    const qint64 now = QDeadlineTimer::current().deadline();
    while (!m_saidAt.empty() && m_saidAt.front() + kWindow.count() <= now)
        m_saidAt.pop_front();
    if (m_saidAt.size() > kMaxNotices)
        return;
    m_saidAt.push_back(now);
    if (m_saidAt.size() > kMaxNotices)
        Q_EMIT notice(tr("More is happening"), tr("The console shows what."), m_worstTone, {});
    else
        Q_EMIT notice(title, text, tone, instance.spec().id);
}

} // namespace quiesce
