// SPDX-License-Identifier: GPL-3.0-only
// CloseLook: while one is there, an instance's stop is followed closely.
#pragma once

#include "console/model/instance/instance.h"

#include <QPointer>
#include <utility>

namespace quiesce {

/// Held by whatever shows what a stop waits for; see InstanceClient::setLooksClosely().
///
/// Thread: event loop. The instance may go first.
class CloseLook final
{
public:
    explicit CloseLook(Instance *instance)
        : m_instance(instance)
    {
        m_instance->changeLooks(1);
    }
    ~CloseLook()
    {
        if (m_instance)
            m_instance->changeLooks(-1);
    }
    CloseLook(CloseLook &&other) noexcept
        : m_instance(std::exchange(other.m_instance, nullptr))
    { }
    CloseLook &operator=(CloseLook &&other) noexcept
    {
        std::swap(m_instance, other.m_instance);
        return *this;
    }
    CloseLook(const CloseLook &) = delete;
    CloseLook &operator=(const CloseLook &) = delete;

private:
    QPointer<Instance> m_instance;
};

} // namespace quiesce
