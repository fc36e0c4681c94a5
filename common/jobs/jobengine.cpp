// SPDX-License-Identifier: GPL-3.0-only
// JobEngine as JSON.
#include "common/jobs/jobengine.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonValue orNull(const std::optional<qint64> &number)
{
    return number ? QJsonValue(*number) : QJsonValue();
}

QJsonValue toJson(const std::optional<JobEngine::Broker> &broker)
{
    if (!broker)
        return {};
    return QJsonObject{
        { u"name"_s, broker->name },
        { u"fault"_s, orNull(broker->fault) },
        { u"sinceAt"_s,
          broker->sinceAt.isValid()
              ? QJsonValue(broker->sinceAt.toUTC().toString(Qt::ISODateWithMs))
              : QJsonValue() },
        { u"depth"_s, orNull(broker->depth) },
        { u"lag"_s, orNull(broker->lag) },
        { u"held"_s, broker->held },
    };
}

} // namespace

QJsonObject toJson(const JobEngine &engine)
{
    return {
        { u"store"_s,
          QJsonObject{ { u"name"_s, orNull(engine.store) },
                       { u"fault"_s, orNull(engine.storeFault) } } },
        { u"broker"_s, toJson(engine.broker) },
    };
}

} // namespace quiesce
