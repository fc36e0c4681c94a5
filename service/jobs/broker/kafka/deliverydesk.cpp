// SPDX-License-Identifier: GPL-3.0-only
// DeliveryDesk: see the header.
#include "service/jobs/broker/kafka/deliverydesk.h"

#include <algorithm>
#include <utility>

namespace quiesce {

void DeliveryDesk::take(Item item)
{
    m_kinds[item.message.kind].waiting.push_back(std::move(item));
}

std::optional<Delivery> DeliveryDesk::next()
{
    for (auto &[name, kind] : m_kinds) {
        if (!kind.waiting.empty() && kind.held < m_places.value(name))
            return hand(kind);
    }
    return std::nullopt;
}

Delivery DeliveryDesk::hand(Kind &kind)
{
    const Item item = std::move(kind.waiting.front());
    kind.waiting.pop_front();
    ++kind.held;
    m_held.insert(++m_lastTag, item);
    return { .tag = m_lastTag, .message = item.message };
}

std::optional<DeliveryDesk::Item> DeliveryDesk::answer(quint64 tag)
{
    const auto found = m_held.constFind(tag);
    if (found == m_held.cend())
        return std::nullopt;
    Item item = *found;
    m_held.erase(found);
    --m_kinds[item.message.kind].held;
    return item;
}

bool DeliveryDesk::isWelcome(const QString &name)
{
    Kind &kind = m_kinds[name];
    const auto waiting = static_cast<qsizetype>(kind.waiting.size());
    if (waiting >= kMaxWaiting)
        kind.isFull = true;
    else if (waiting <= kMaxWaiting / 2)
        kind.isFull = false;
    return !kind.isFull && m_places.value(name) > 0;
}

void DeliveryDesk::forget(quint64 term)
{
    for (auto &[name, kind] : m_kinds)
        std::erase_if(kind.waiting, [term](const Item &item) { return item.spot.term == term; });
    for (Item &item : m_held) {
        if (item.spot.term == term)
            item.spot = {};
    }
}

void DeliveryDesk::keepOnly(const QList<quint64> &tags)
{
    m_kinds.clear();
    for (const auto &[tag, item] : std::exchange(m_held, {}).asKeyValueRange()) {
        if (!tags.contains(tag))
            continue;
        ++m_kinds[item.message.kind].held;
        m_held.insert(tag, { .spot = {}, .message = item.message });
    }
}

} // namespace quiesce
