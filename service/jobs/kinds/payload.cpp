// SPDX-License-Identifier: GPL-3.0-only
// The same words as for the fields of a configured command.
#include "service/jobs/kinds/payload.h"

#include "common/jobs/commandfields.h"
#include "common/printable.h"

namespace quiesce {

using namespace Qt::StringLiterals;

QString faultOfFields(const QJsonObject &payload, const QStringList &known)
{
    constexpr qsizetype kLongestShown = 64;
    for (const QString &key : payload.keys()) {
        if (!known.contains(key))
            return quoted(key.left(kLongestShown)) + ": unknown field"_L1;
    }
    return {};
}

QString faultOfInteger(const QJsonObject &payload, const QString &name, qint64 least, qint64 most)
{
    const auto value = payload.find(name);
    if (value == payload.end())
        return {};
    CommandField field;
    field.type = CommandField::Type::Integer;
    field.min = least;
    field.max = most;
    const auto text = readField(field, *value);
    return text ? QString() : name + ": "_L1 + text.error();
}

} // namespace quiesce
