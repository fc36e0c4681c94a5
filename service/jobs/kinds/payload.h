// SPDX-License-Identifier: GPL-3.0-only
// What the stock kinds check their payloads with.
#pragma once

#include <QJsonObject>
#include <QStringList>

namespace quiesce {

/// What is wrong with a payload that may have only these fields; empty: nothing.
[[nodiscard]] QString faultOfFields(const QJsonObject &payload, const QStringList &known);

/// What is wrong with an integer field; empty: nothing, or it is not there.
[[nodiscard]] QString faultOfInteger(const QJsonObject &payload, const QString &name, qint64 least,
                                     qint64 most);

} // namespace quiesce
