// SPDX-License-Identifier: GPL-3.0-only
// Attempt: one change that an operator asks for, from its body to its entry in the audit.
#pragma once

#include "service/core/auditlog.h"
#include "service/http/admin/bodyreader.h"

class QHttpServerRequest;

namespace quiesce {

class RequestContext;

/// Reads who asks and why, `actor` and `reason`; other fields are asked of the body before its
/// refusal(), and what becomes of it is recorded once.
///
/// Thread: event loop. Owns: what it has read, so that a copy may outlive the request.
class Attempt final
{
public:
    Attempt(const QString &action, const QHttpServerRequest &request,
            const RequestContext &context);

    void setTarget(const QString &target) { m_entry.target = target; }
    [[nodiscard]] const StopCause &cause() const { return m_entry.cause; }
    /// Why not, if so.
    void record(AuditLog &audit, const std::optional<Refusal> &refusal);

    BodyReader body;

private:
    AuditEntry m_entry;
};

} // namespace quiesce
