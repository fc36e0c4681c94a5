// SPDX-License-Identifier: GPL-3.0-only
// Operations: see the header.
#include "console/model/acting/operations.h"

#include <algorithm>

namespace quiesce {

namespace {

Command *sendByClient(Instance &instance, const CommandRequest &request)
{
    return instance.client() ? instance.client()->send(request) : nullptr;
}

} // namespace

Operations::Operations(QObject *parent)
    : Operations(sendByClient, parent)
{ }

Operations::Operations(Send send, QObject *parent)
    : QObject(parent)
    , m_send(std::move(send))
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(kGather);
    connect(&m_gather, &QTimer::timeout, this, &Operations::followGathered);
}

Permission Operations::permission(const Instance &instance, Verb verb) const
{
    return ActionPolicy::judge(Standing::of(instance, pending(instance)), verb);
}

std::optional<Verb> Operations::pending(const Instance &instance) const
{
    for (const Pending &pending : m_pending.value(&instance)) {
        if (ActionPolicy::isOfLifecycle(pending.verb))
            return pending.verb;
    }
    return std::nullopt;
}

bool Operations::isPending(const Instance &instance, const CommandRequest &request) const
{
    const QList<Pending> pending = m_pending.value(&instance);
    return std::any_of(pending.begin(), pending.end(), [&request](const Pending &p) {
        return p.verb == request.verb && p.target == request.target;
    });
}

Command *Operations::send(Instance &instance, const CommandRequest &request)
{
    if (isPending(instance, request) || !permission(instance, request.verb).isGranted())
        return nullptr;
    const qint64 id = begin(instance, request);
    Command *command = m_send(instance, request);
    if (!command) {
        takeOutcome(id, &instance, request, {});
        return nullptr;
    }
    connect(command, &Command::finished, this,
            [this, id, request, of = QPointer(&instance)](const CommandOutcome &outcome) {
                takeOutcome(id, of, request, outcome);
            });
    return command;
}

qint64 Operations::begin(Instance &instance, const CommandRequest &request)
{
    Operation operation;
    operation.id = ++m_lastId;
    operation.instance = &instance;
    operation.instanceName = instance.displayName();
    operation.instanceId = instance.snapshot() ? instance.snapshot()->instanceId : QString();
    operation.request = request;
    OperationCourse::start(operation);
    m_log.add(operation);
    watch(instance, operation.id);
    m_pending[&instance].append({ request.verb, request.target });
    Q_EMIT started(operation.id);
    Q_EMIT pendingChanged(&instance);
    return operation.id;
}

void Operations::takeOutcome(qint64 id, const QPointer<Instance> &instance,
                             const CommandRequest &request, const CommandOutcome &outcome)
{
    update(id, [&outcome](Operation &operation) {
        OperationCourse::takeOutcome(operation, outcome);
        return true;
    });
    if (instance)
        endPending(instance, request);
}

void Operations::endPending(Instance *instance, const CommandRequest &request)
{
    const auto found = m_pending.find(instance);
    if (found == m_pending.end())
        return;
    found->removeIf([&request](const Pending &pending) {
        return pending.verb == request.verb && pending.target == request.target;
    });
    if (found->isEmpty())
        m_pending.erase(found);
    release(instance);
    Q_EMIT pendingChanged(instance);
}

void Operations::watch(Instance &instance, qint64 id)
{
    Instance *watched = &instance;
    if (!m_followed.contains(watched)) {
        const auto now = [this, watched] { follow(watched); };
        connect(watched, &Instance::conditionChanged, this, now);
        connect(watched, &Instance::reported, this, now);
        connect(watched, &Instance::statsChanged, this, [this, watched] {
            m_dirty.insert(watched);
            if (!m_gather.isActive())
                m_gather.start();
        });
        connect(watched, &QObject::destroyed, this, [this, watched] { forget(watched); });
    }
    m_followed[watched].append(id);
}

void Operations::followGathered()
{
    const QSet<Instance *> dirty = std::exchange(m_dirty, {});
    for (Instance *instance : dirty)
        follow(instance);
}

void Operations::follow(Instance *instance)
{
    const QList<qint64> ids = m_followed.value(instance);
    for (const qint64 id : ids)
        update(id, OperationCourse::follow);
    release(instance);
}

void Operations::release(Instance *instance)
{
    const auto found = m_followed.find(instance);
    if (found == m_followed.end())
        return;
    found->removeIf([this](qint64 id) {
        const Operation *operation = m_log.find(id);
        return !operation || operation->stage == Operation::Stage::Finished;
    });
    if (!found->isEmpty() || m_pending.contains(instance))
        return;
    m_followed.erase(found);
    m_dirty.remove(instance);
    instance->disconnect(this);
}

/// It is being destroyed: only its address may be used.
void Operations::forget(Instance *instance)
{
    m_pending.remove(instance);
    m_dirty.remove(instance);
    const QList<qint64> ids = m_followed.take(instance);
    for (const qint64 id : ids) {
        update(id, [](Operation &operation) {
            OperationCourse::lose(operation);
            return true;
        });
    }
}

template <typename Change>
void Operations::update(qint64 id, const Change &change)
{
    const Operation *before = m_log.find(id);
    const bool wasFinished = !before || before->stage == Operation::Stage::Finished;
    if (wasFinished || !m_log.update(id, change))
        return;
    Q_EMIT changed(id);
    const Operation *after = m_log.find(id);
    if (after && after->stage == Operation::Stage::Finished)
        Q_EMIT finished(id);
}

} // namespace quiesce
