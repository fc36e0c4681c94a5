// SPDX-License-Identifier: GPL-3.0-only
// Attempt: see the header.
#include "service/http/admin/attempt.h"

#include "service/core/requestcontext.h"

#include <QHttpServerRequest>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// "127.0.0.1" of "127.0.0.1:4711", "::1" of "[::1]:4711".
QString addressOf(const QString &peer)
{
    const QString address = peer.left(peer.lastIndexOf(u':'));
    return address.startsWith(u'[') ? address.mid(1, address.size() - 2) : address;
}

} // namespace

Attempt::Attempt(const QString &action, const QHttpServerRequest &request,
                 const RequestContext &context)
    : body(request.value("Content-Type"), request.body())
{
    m_entry.action = action;
    m_entry.cause.kind = StopCause::Kind::Api;
    m_entry.cause.remoteAddress = addressOf(context.peer());
    m_entry.cause.role = context.role();
    // Who has proved to be somebody is named so when they do not name themselves.
    m_entry.cause.actor = body.text(u"actor"_s);
    if (m_entry.cause.actor.isEmpty())
        m_entry.cause.actor = context.identity();
    m_entry.cause.reason = body.text(u"reason"_s);
}

void Attempt::record(AuditLog &audit, const std::optional<Refusal> &refusal)
{
    if (refusal)
        m_entry.refusal = QString::fromLatin1(refusal->code);
    audit.record(m_entry);
}

} // namespace quiesce
