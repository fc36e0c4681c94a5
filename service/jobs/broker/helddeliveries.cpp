// SPDX-License-Identifier: GPL-3.0-only
// HeldDeliveries: see the header.
#include "service/jobs/broker/helddeliveries.h"

#include <algorithm>
#include <utility>

namespace quiesce {

namespace {

using Answer = BrokerLink::Answer;

template <typename List>
auto findJob(List &list, const QString &jobId)
{
    return std::find_if(list.begin(), list.end(),
                        [&](const auto &held) { return held.message.jobId == jobId; });
}

} // namespace

HeldDeliveries::HeldDeliveries(BrokerLink &link)
    : m_link(link)
{ }

bool HeldDeliveries::isPending(const QString &jobId) const
{
    return findJob(m_waiting, jobId) != m_waiting.end()
        || findJob(m_claiming, jobId) != m_claiming.end();
}

void HeldDeliveries::take(const Delivery &delivery, SteadyTime now)
{
    const QString &jobId = delivery.message.jobId;
    const auto running = m_running.find(jobId);
    if (running != m_running.end() && running->tag == 0) {
        running->tag = delivery.tag;
        running->since = now;
    } else if (running != m_running.end() || isPending(jobId)) {
        m_link.answer(delivery.tag, Answer::Done);
    } else {
        m_waiting.push_back({ .tag = delivery.tag, .message = delivery.message, .since = now });
    }
}

QStringList HeldDeliveries::choose(const QList<ClaimRequest::Places> &places, int limit)
{
    QHash<QString, int> free;
    for (const ClaimRequest::Places &row : places)
        free[row.kind] += row.free;
    const qsizetype most = std::min(limit, JobStore::kMaxPage);
    QStringList ids;
    std::deque<Held> left;
    for (Held &held : m_waiting) {
        int &room = free[held.message.kind];
        if (room <= 0 || ids.size() >= most) {
            left.push_back(std::move(held));
            continue;
        }
        --room;
        ids << held.message.jobId;
        m_claiming.push_back(std::move(held));
    }
    m_waiting = std::move(left);
    return ids;
}

/// 0: there is none.
quint64 HeldDeliveries::takePending(const QString &jobId)
{
    for (std::deque<Held> *list : { &m_claiming, &m_waiting }) {
        const auto held = findJob(*list, jobId);
        if (held == list->end())
            continue;
        const quint64 tag = held->tag;
        list->erase(held);
        return tag;
    }
    return 0;
}

void HeldDeliveries::run(const QString &jobId, SteadyTime now)
{
    // An older attempt of it may be here still: it has lost its lease, and is about to be told.
    const quint64 older = end(jobId);
    quint64 tag = takePending(jobId);
    if (tag == 0)
        tag = older;
    else if (older != 0)
        m_link.answer(older, Answer::Done);
    m_running.insert(jobId, { .tag = tag, .message = {}, .since = now });
}

void HeldDeliveries::endClaim()
{
    for (const Held &held : std::exchange(m_claiming, {}))
        m_link.answer(held.tag, Answer::Done);
}

void HeldDeliveries::failClaim()
{
    m_waiting.insert(m_waiting.begin(), m_claiming.begin(), m_claiming.end());
    m_claiming.clear();
}

void HeldDeliveries::giveBack()
{
    for (const Held &held : std::exchange(m_waiting, {}))
        m_link.answer(held.tag, Answer::Back);
}

quint64 HeldDeliveries::end(const QString &jobId)
{
    return m_running.take(jobId).tag;
}

QList<quint64> HeldDeliveries::inUse() const
{
    QList<quint64> tags;
    for (const Held &held : m_claiming)
        tags << held.tag;
    for (const Held &held : m_running) {
        if (held.tag != 0)
            tags << held.tag;
    }
    return tags;
}

void HeldDeliveries::forgetAll()
{
    m_waiting.clear();
    m_claiming.clear();
    for (Held &held : m_running)
        held.tag = 0;
}

void HeldDeliveries::expire(SteadyTime now)
{
    const auto isOld = [now](const Held &held) { return held.since + kLongestHeld <= now; };
    for (Held &held : m_running) {
        if (held.tag != 0 && isOld(held))
            m_link.answer(std::exchange(held.tag, 0), Answer::Done);
    }
    while (!m_waiting.empty() && isOld(m_waiting.front())) { // in the order they came
        m_link.answer(m_waiting.front().tag, Answer::Back);
        m_waiting.pop_front();
    }
}

std::optional<SteadyTime> HeldDeliveries::oldest() const
{
    std::optional<SteadyTime> oldest;
    const auto look = [&oldest](const Held &held) {
        if (held.tag != 0 && (!oldest || held.since < *oldest))
            oldest = held.since;
    };
    std::for_each(m_waiting.begin(), m_waiting.end(), look);
    std::for_each(m_claiming.begin(), m_claiming.end(), look);
    std::for_each(m_running.begin(), m_running.end(), look);
    return oldest;
}

} // namespace quiesce
