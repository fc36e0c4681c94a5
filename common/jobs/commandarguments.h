// SPDX-License-Identifier: GPL-3.0-only
// The argument template of a configured command: placeholders, and what they make.
#pragma once

#include "common/jobs/commandfields.h"

namespace quiesce {

/// One part of a template element.
struct ArgumentPart
{
    enum class Kind : unsigned char {
        Literal,
        Field, ///< {name}
        Condition, ///< {?name}: nothing, but its group is only there when the field has a value
    };
    Kind kind = Kind::Literal;
    QString text; ///< the literal, or the field's name
};

/// `{name}`, `{?name}`, and `{{` and `}}` for braces.
/// @error where the element cannot be read.
[[nodiscard]] Result<QList<ArgumentPart>, QString> parseArgument(const QString &element);

/// The arguments that the values make. Each element makes exactly one, whatever its values hold,
/// except one that is a condition alone: it makes none. A group is left out when a field named in
/// it has no value, or, for a condition, is false.
/// @error a value would begin an argument with "-" though its field does not say mayBeOption (the
///        values of an Enum, which the operator wrote, may), or is too long for the system.
[[nodiscard]] Result<QStringList, QString> expandArguments(const CommandSettings &command,
                                                           const FieldValues &values);

/// What is wrong with the template of a command whose fields are right; empty: nothing.
[[nodiscard]] QString faultOfArguments(const CommandSettings &command);

} // namespace quiesce
