// SPDX-License-Identifier: GPL-3.0-only
// InstanceWatch: see the header.
#include "console/model/instance/instancewatch.h"

namespace quiesce {

InstanceWatch::InstanceWatch(QObject *parent)
    : QObject(parent)
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(kGather);
    connect(&m_gather, &QTimer::timeout, this, &InstanceWatch::changed);
}

void InstanceWatch::watch(Instance *instance)
{
    m_instances.append(instance);
    for (const auto &change :
         { &Instance::conditionChanged, &Instance::stopChanged, &Instance::statsChanged,
           &Instance::roleChanged, &Instance::specChanged })
        connect(instance, change, this, &InstanceWatch::tellLater);
    connect(instance, &QObject::destroyed, this, &InstanceWatch::gone);
}

void InstanceWatch::clear()
{
    for (const QPointer<Instance> &instance : std::as_const(m_instances)) {
        if (instance)
            instance->disconnect(this);
    }
    m_instances.clear();
}

void InstanceWatch::tellLater()
{
    if (!m_gather.isActive())
        m_gather.start();
}

} // namespace quiesce
