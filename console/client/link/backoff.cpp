// SPDX-License-Identifier: GPL-3.0-only
// Backoff: see the header.
#include "console/client/link/backoff.h"

#include <QRandomGenerator>
#include <QtGlobal>
#include <algorithm>

namespace quiesce {

using std::chrono::milliseconds;

Backoff::Backoff(milliseconds first, milliseconds longest)
    : Backoff(first, longest, [] { return QRandomGenerator::global()->generateDouble(); })
{ }

Backoff::Backoff(milliseconds first, milliseconds longest, Random random)
    : m_first(first)
    , m_longest(longest)
    , m_ceiling(first)
    , m_random(std::move(random))
{
    Q_ASSERT(first > milliseconds(0) && first <= longest);
}

milliseconds Backoff::next()
{
    const double delay = m_random() * static_cast<double>(m_ceiling.count());
    m_ceiling = m_ceiling > m_longest / 2 ? m_longest : m_ceiling * 2;
    return milliseconds(static_cast<milliseconds::rep>(delay));
}

} // namespace quiesce
