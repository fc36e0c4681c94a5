// SPDX-License-Identifier: GPL-3.0-only
// Payloads: see the header.
#include "service/eventpayloads.h"

namespace quiesce {

using namespace Qt::StringLiterals;

QJsonObject statePayload(const StateChange &change)
{
    return {
        { u"from"_s, QString(toWire(change.from)) },
        { u"to"_s, QString(toWire(change.to)) },
        { u"at"_s, change.at.toString(Qt::ISODateWithMs) },
        { u"cause"_s, change.cause ? QJsonValue(toJson(*change.cause)) : QJsonValue() },
        { u"deadlineAt"_s,
          change.deadlineAt ? QJsonValue(change.deadlineAt->toString(Qt::ISODateWithMs))
                            : QJsonValue() },
    };
}

QJsonObject requestPayload(const StopReport::Slow &request)
{
    return {
        { u"id"_s, request.id },
        { u"method"_s, request.method },
        { u"route"_s, request.route.isEmpty() ? QJsonValue() : QJsonValue(request.route) },
        { u"outcome"_s, request.outcome },
        { u"ageMs"_s, qint64(request.age.count()) },
    };
}

} // namespace quiesce
