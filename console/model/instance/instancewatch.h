// SPDX-License-Identifier: GPL-3.0-only
// InstanceWatch: tells that something about some instances has changed, but not too often.
#pragma once

#include "console/model/instance/instance.h"

#include <QList>
#include <QPointer>
#include <QTimer>

namespace quiesce {

/// For views that show several at once, each of which changes many times a second.
///
/// Thread: event loop. Owns: no instance; each may go.
/// Emits:  changed() at most once each kGather; gone() at once, when an instance is no more and
///         nobody may be handed it.
class InstanceWatch final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kGather{ 100 };

    explicit InstanceWatch(QObject *parent = nullptr);

    void watch(Instance *instance);
    void clear();
    /// As if one of them had changed.
    void tellLater();

Q_SIGNALS:
    void changed();
    void gone();

private:
    QList<QPointer<Instance>> m_instances;
    QTimer m_gather;
};

} // namespace quiesce
