// SPDX-License-Identifier: GPL-3.0-only
// The payload of a configured command: whether it is right, and what its fields say as text.
#pragma once

#include "common/jobs/commandsettings.h"
#include "common/result.h"

#include <QJsonObject>
#include <QMap>
#include <QRegularExpression>

namespace quiesce {

/// What fields say, by name; one that is optional and was not given is not there.
using FieldValues = QMap<QString, QString>;

/// The value as the text that goes into an argument. Of a path only the spelling is judged:
/// absolute, without "." and "..", below a root; whether it is there is for whoever opens it.
/// Text never holds a control character, NUL or newline included, nor half a character.
/// Limits: a pattern that takes more than 100,000 steps on a text does not fit it.
/// @error what is wrong with it, without the field's name.
[[nodiscard]] Result<QString, QString> readField(const CommandField &field,
                                                 const QJsonValue &value);

/// All fields of a payload, defaults filled in.
/// @error "NAME: reason" of the first wrong, missing or unknown field.
[[nodiscard]] Result<FieldValues, QString> readFields(const QList<CommandField> &fields,
                                                      const QJsonObject &payload);

/// An expression with a bound on the work that it may do on one text.
[[nodiscard]] QRegularExpression boundedPattern(const QString &pattern);

/// How a path must be spelled to lie below one of the roots. @error why it does not.
[[nodiscard]] Result<QString, QString> pathBelow(const QStringList &roots, const QString &path);

} // namespace quiesce
