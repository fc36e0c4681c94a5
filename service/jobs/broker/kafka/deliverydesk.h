// SPDX-License-Identifier: GPL-3.0-only
// DeliveryDesk: which of the messages that Kafka handed over are delivered now, and who has them.
#pragma once

#include "service/jobs/broker/brokerlink.h"

#include <deque>
#include <map>
#include <optional>

namespace quiesce {

/// Where a message stands: its offset in a partition, for as long as that is assigned here.
struct KafkaSpot
{
    quint64 term = 0; ///< of one assignment of one partition; 0: it is assigned no more
    qint64 offset = 0;
};

/// Keeps messages until there is a place for them, and gives each that is delivered its tag.
///
/// Only the consumer that a partition is assigned to can have its messages, so to hold some ahead
/// takes them from nobody, and hides the time that Kafka takes to go on after a pause.
///
/// Thread: event loop. Limits: kMaxWaiting of a kind, and what was on its way when isWelcome()
///         became false; deliveries are bounded by the places.
class DeliveryDesk final
{
public:
    static constexpr qsizetype kMaxWaiting = 64;

    struct Item
    {
        KafkaSpot spot;
        JobMessage message;
    };

    /// Kinds not named have none.
    void setPlaces(const QHash<QString, int> &places) { m_places = places; }
    void take(Item item);
    /// The next one that has a place, oldest first within its kind; none: none has.
    [[nodiscard]] std::optional<Delivery> next();
    /// Frees the place. None: no such tag, or its connection was lost.
    [[nodiscard]] std::optional<Item> answer(quint64 tag);
    /// Whether more of that kind are to be fetched; so that it does not change with each message,
    /// fetching begins again when half of those waiting are gone.
    [[nodiscard]] bool isWelcome(const QString &kind);

    /// The partition is another's: what waits goes, what was delivered keeps its place until it is
    /// answered, since its job runs, but has no spot any more.
    void forget(quint64 term);
    /// Everything goes but those, which are as after forget().
    void keepOnly(const QList<quint64> &tags);
    [[nodiscard]] int held() const { return static_cast<int>(m_held.size()); }

private:
    struct Kind
    {
        std::deque<Item> waiting;
        int held = 0;
        bool isFull = false;
    };
    [[nodiscard]] Delivery hand(Kind &kind);

    std::map<QString, Kind> m_kinds;
    QHash<QString, int> m_places;
    QHash<quint64, Item> m_held;
    quint64 m_lastTag = 0;
};

} // namespace quiesce
