// SPDX-License-Identifier: GPL-3.0-only
// AttemptBell: see the header.
#include "service/jobs/attemptbell.h"

#include "service/jobs/attemptlink.h"

#include <utility>

namespace quiesce {

AttemptBell::AttemptBell(QObject *parent)
    : QObject(parent)
{
    connect(this, &AttemptBell::told, this, &AttemptBell::ring, Qt::QueuedConnection);
}

void AttemptBell::tell(const std::shared_ptr<AttemptLink> &link)
{
    const std::scoped_lock lock(m_mutex);
    m_told.push_back(link);
    if (m_told.size() == 1)
        Q_EMIT told(QPrivateSignal());
}

void AttemptBell::ring()
{
    std::vector<std::shared_ptr<AttemptLink>> links;
    {
        const std::scoped_lock lock(m_mutex);
        links = std::exchange(m_told, {});
    }
    for (const std::shared_ptr<AttemptLink> &link : links)
        link->deliver();
}

} // namespace quiesce
