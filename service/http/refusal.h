// SPDX-License-Identifier: GPL-3.0-only
// Refusal: why a request is not served, and the problem+json that says so (RFC 9457).
#pragma once

#include <QByteArray>
#include <QString>

namespace quiesce {

/// An error answer before it has a form. `code` is stable and for machines, `detail` for people.
struct Refusal
{
    int status = 0;
    QByteArray code;
    QString detail;
    QByteArray challenge{}; ///< WWW-Authenticate, when not empty (RFC 9110 section 11.6.1)

    friend bool operator==(const Refusal &, const Refusal &) = default;
};

/// The reason phrase of a status, empty when unknown (RFC 9110 section 15).
[[nodiscard]] QByteArray reasonPhrase(int status);

/// The body: {"type":"about:blank","title":…,"status":…,"detail":…,"code":…}.
[[nodiscard]] QByteArray problemJson(const Refusal &refusal);

inline constexpr char kProblemType[] = "application/problem+json";

} // namespace quiesce
