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

/// By way of the epoch: a time zone made for each cost 10,000 instructions a job (callgrind).
[[nodiscard]] inline QDateTime utcFromMs(qint64 sinceEpoch)
{
    static const QDateTime kEpoch = utcAt({ 1970, 1, 1 }, { 0, 0 });
    return kEpoch.addMSecs(sinceEpoch);
}

} // namespace quiesce
