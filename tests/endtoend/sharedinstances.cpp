// SPDX-License-Identifier: GPL-3.0-only
// SharedInstances: see the header.
#include "tests/endtoend/sharedinstances.h"

#include "tests/kit/loopbackclient.h"

#include <QDebug>
#include <QHash>
#include <QJsonArray>
#include <QSet>
#include <algorithm>

namespace quiesce::test {

using namespace Qt::StringLiterals;

SharedInstance::SharedInstance(const QString &database)
    : ProgramUnderTest(QStringLiteral(QUIESCED_PROGRAM))
{
    if (!database.isEmpty()) {
        setEnvironment(u"QUIESCE_JOBS_STORE"_s, u"postgresql"_s);
        setEnvironment(u"QUIESCE_JOBS_DATABASE"_s, database);
    }
    setEnvironment(u"QUIESCE_JOBS_LEASE"_s, QString::number(kLease.count()) + u's');
}

Answer SharedInstance::readiness() const
{
    return askTraffic(get("/readyz"));
}

SharedInstance &SharedInstances::add(const QString &database)
{
    m_all.push_back(std::make_unique<SharedInstance>(database));
    return *m_all.back();
}

bool SharedInstances::startAll()
{
    return std::all_of(m_all.begin(), m_all.end(),
                       [](const auto &instance) { return instance->start(); });
}

bool SharedInstances::areAllReady() const
{
    return std::all_of(m_all.begin(), m_all.end(),
                       [](const auto &instance) { return instance->readiness().status == 200; });
}

QByteArrayList SharedInstances::handIn(int count, const QByteArray &payload) const
{
    QByteArrayList ids;
    for (int i = 0; i < count; ++i) {
        const SharedInstance &to = *m_all[size_t(i) % m_all.size()];
        if (!to.isRunning())
            continue;
        const JobAnswer answer = to.jobs().submit("sleep", payload);
        if (answer.status == 201)
            ids.append(answer.id());
    }
    return ids;
}

int SharedInstances::count(const std::function<bool(const QJsonObject &)> &condition) const
{
    QSet<QString> found;
    for (const auto &instance : m_all) {
        if (!instance->isRunning())
            continue;
        const JobAnswer answer = instance->jobs().ask("GET", "/v1/jobs?limit=100");
        for (const QJsonValue item : answer.body["items"_L1].toArray()) {
            if (condition(item.toObject()))
                found.insert(item["id"_L1].toString());
        }
    }
    return int(found.size());
}

int SharedInstances::countIn(const QString &state) const
{
    return count([&](const QJsonObject &job) { return job["state"_L1].toString() == state; });
}

void SharedInstances::describeJobs() const
{
    for (const auto &instance : m_all) {
        if (!instance->isRunning())
            continue;
        QHash<QString, int> alike;
        const JobAnswer answer = instance->jobs().ask("GET", "/v1/jobs?limit=100");
        for (const QJsonValue item : answer.body["items"_L1].toArray()) {
            const QJsonObject job = item.toObject();
            ++alike[u"%1 attempt %2 owner %3 requeues %4 %5"_s.arg(
                job["state"_L1].toString(), QString::number(job["attempt"_L1].toInt()),
                job["owner"_L1].toString(), QString::number(job["requeues"_L1].toArray().size()),
                job["error"_L1].toString())];
        }
        qWarning() << instance->adminPort() << answer.status << alike;
    }
}

const SharedInstance *SharedInstances::knowing(const QByteArray &id) const
{
    const auto found = std::find_if(m_all.begin(), m_all.end(), [&](const auto &instance) {
        return instance->isRunning() && instance->jobs().get(id).status == 200;
    });
    return found == m_all.end() ? nullptr : found->get();
}

bool SharedInstances::cancelAll(const QByteArrayList &ids) const
{
    return std::all_of(ids.begin(), ids.end(), [this](const QByteArray &id) {
        const SharedInstance *one = knowing(id);
        return one && one->jobs().ask("DELETE", "/v1/jobs/" + id).status / 100 == 2;
    });
}

bool SharedInstances::haveAllSucceeded(const QByteArrayList &ids) const
{
    return std::all_of(ids.begin(), ids.end(), [this](const QByteArray &id) {
        const SharedInstance *one = knowing(id);
        const QString state = one ? one->jobs().await(id).state() : u"unknown"_s;
        if (state != "succeeded"_L1)
            qWarning() << id << state;
        return state == "succeeded"_L1;
    });
}

} // namespace quiesce::test
