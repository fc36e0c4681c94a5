// SPDX-License-Identifier: GPL-3.0-only
// Instants in UTC, in the one way that every Qt 6 has: Qt::UTC as an argument is deprecated
// since 6.5, and Qt 6.4 does not have what takes its place.
#pragma once

#include <QDateTime>
#include <QTimeZone>

namespace quiesce {

[[nodiscard]] inline QDateTime utcAt(QDate date, QTime time)
{
    return QDateTime(date, time, QTimeZone::utc()).toUTC();
}

[[nodiscard]] inline QDateTime utcFromMs(qint64 sinceEpoch)
{
    return QDateTime::fromMSecsSinceEpoch(sinceEpoch, QTimeZone::utc()).toUTC();
}

} // namespace quiesce
