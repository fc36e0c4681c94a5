// SPDX-License-Identifier: GPL-3.0-only
// StreamEvent: see the header.
#include "service/http/events/streamevent.h"

#include <QJsonDocument>

namespace quiesce {

namespace {

QByteArray encode(quint64 id, const QByteArray &type, const QJsonObject &payload)
{
    const QByteArray json = QJsonDocument(payload).toJson(QJsonDocument::Compact);
    QByteArray bytes;
    bytes.reserve(json.size() + type.size() + 48);
    bytes.append("id: ").append(QByteArray::number(id));
    bytes.append("\nevent: ").append(type);
    bytes.append("\ndata: ").append(json).append("\n\n");
    return bytes;
}

} // namespace

StreamEventPtr makeStreamEvent(quint64 id, const QByteArray &type, const QJsonObject &payload,
                               const Coalescing &coalescing)
{
    Q_ASSERT(!type.isEmpty() && !type.contains('\n') && !type.contains('\r'));
    StreamEvent event;
    event.id = id;
    event.type = type;
    event.isReplaceable = coalescing.kind == Coalescing::Kind::Progress;
    if (event.isReplaceable || !coalescing.key.isEmpty())
        event.subject = type + ' ' + coalescing.key;
    event.bytes = encode(id, type, payload);
    return std::make_shared<const StreamEvent>(std::move(event));
}

} // namespace quiesce
