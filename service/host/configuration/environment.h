// SPDX-License-Identifier: GPL-3.0-only
// What the environment says: QUIESCE_* variables and the directories a default comes from.
#pragma once

#include <QString>

class QProcessEnvironment;

namespace quiesce {

/// Whether a QUIESCE_* variable that is no setting is somebody else's and so no mistake:
/// those of other programs of this project (QUIESCE_CONSOLE_*, QUIESCE_REHEARSE_*, QUIESCE_TEST_*)
/// and those that Kubernetes sets in every pod for a Service whose name begins with "quiesce"
/// (QUIESCE_SERVICE_HOST, QUIESCE_PORT=tcp://…, QUIESCE_PORT_8080_TCP_ADDR, …).
[[nodiscard]] bool isForeignVariable(const QString &name, const QString &value);

/// A directory that stands in for a setting, and where it comes from ("STATE_DIRECTORY"); both
/// empty when the environment gives none.
struct DefaultDirectory
{
    QString path;
    QString variable;
};

/// `$STATE_DIRECTORY` (the first of several), else `$XDG_STATE_HOME/quiesce`, else
/// `~/.local/state/quiesce`. Relative paths count as unset, as the XDG specification wants.
[[nodiscard]] DefaultDirectory defaultDataDir(const QProcessEnvironment &environment);
/// `$RUNTIME_DIRECTORY` (the first of several), else `$XDG_RUNTIME_DIR/quiesce`.
[[nodiscard]] DefaultDirectory defaultRuntimeDir(const QProcessEnvironment &environment);

} // namespace quiesce
