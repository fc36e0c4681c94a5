// SPDX-License-Identifier: GPL-3.0-only
// Predecessor: the process whose place this one takes, as the new one sees it.
#pragma once

#include "common/result.h"
#include "service/core/filedescriptor.h"
#include "service/host/handover/messages.h"
#include "service/host/servicemanager.h"

#include <QObject>
#include <QSocketNotifier>
#include <memory>

namespace quiesce {

/// What was handed over, and the line to whoever did.
///
/// Thread:  event loop. Owns: the line, and what was handed over until it is taken.
/// Order:   take() first thing in the process; follow() when there is an event loop; sayReady()
///          when this could serve.
/// Emits:   told() at most once: it has stopped accepting, or is gone already. jobsChanged() only
///          before gone(), which comes once.
class Predecessor final : public QObject
{
    Q_OBJECT

public:
    /// Null: this process takes nobody's place. The variable is unset, so that no child takes it
    /// for its own.
    /// @error for people: what was handed over is not understood.
    [[nodiscard]] static Result<std::unique_ptr<Predecessor>, QString> take();

    [[nodiscard]] const QString &instanceId() const { return m_instanceId; }
    [[nodiscard]] InheritedSockets takeSockets() { return std::move(m_sockets); }
    [[nodiscard]] FileDescriptor takeLock() { return std::move(m_lock); }

    void follow();
    void sayReady();

Q_SIGNALS:
    void told(); ///< to serve
    void jobsChanged(); ///< in the store that is shared with it
    void gone();

private:
    Predecessor() = default;
    [[nodiscard]] Result<Done, QString> read(const QByteArray &variable);
    void takeMessages();
    void serveOnce();

    FileDescriptor m_control;
    std::unique_ptr<QSocketNotifier> m_notifier;
    InheritedSockets m_sockets;
    FileDescriptor m_lock;
    QString m_instanceId;
    bool m_wasTold = false;
};

} // namespace quiesce
