// SPDX-License-Identifier: GPL-3.0-only
// Diagnostics: what helps to understand a fault of the console, as text that may be handed on.
#pragma once

#include "console/model/instance/instance.h"
#include "console/model/settings/choices.h"

namespace quiesce {

struct DiagnosticFacts
{
    QString folder; ///< of connections and choices
    QString settingsFault; ///< empty: they could be read
    Choices choices;
    QList<Instance *> instances;
};

/// One fact a line, in English whatever the language is, for it goes to whoever mends it. Never a
/// token, a reason, a payload or a user's name: addresses and paths, whose home is written as ~,
/// are what comes nearest to a secret.
///
/// Limits: kMaxDiagnosedInstances; how many more there are is said.
inline constexpr qsizetype kMaxDiagnosedInstances = 200;
[[nodiscard]] QString diagnosticsText(const DiagnosticFacts &facts, const QDateTime &now);

} // namespace quiesce
