// SPDX-License-Identifier: GPL-3.0-only
// JobEngine: what keeps an instance's jobs and who tells it which to run, as the outside sees it.
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <optional>

namespace quiesce {

/// The engines an instance uses and how they are. A value.
struct JobEngine
{
    /// The broker that tells which jobs there are.
    struct Broker
    {
        QString name; ///< `rabbitmq`, `kafka`
        QString fault; ///< why nothing can be sent or received; empty: it can
        QDateTime sinceAt; ///< UTC; when that last changed; invalid: not known
        std::optional<qint64> depth; ///< messages that wait, of all kinds; none: not known
        std::optional<qint64> lag; ///< messages not consumed yet (Kafka); none: not known
        qint64 held = 0; ///< messages of this instance that are not answered yet

        friend bool operator==(const Broker &, const Broker &) = default;
    };

    QString store; ///< `memory`, `sqlite`, `postgresql`; empty: not open yet
    QString storeFault; ///< why new jobs cannot be kept; empty: they can
    std::optional<Broker> broker; ///< none: the store itself tells

    [[nodiscard]] bool hasFault() const
    {
        return !storeFault.isEmpty() || (broker && !broker->fault.isEmpty());
    }
    friend bool operator==(const JobEngine &, const JobEngine &) = default;
};

/// `{"store": {"name", "fault"}, "broker": null or {"name", "fault", "sinceAt", "depth", "lag",
/// "held"}}`; what is not known is null.
[[nodiscard]] QJsonObject toJson(const JobEngine &engine);

} // namespace quiesce
