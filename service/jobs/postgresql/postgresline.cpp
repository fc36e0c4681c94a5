// SPDX-License-Identifier: GPL-3.0-only
// PostgresLine: see the header.
#include "service/jobs/postgresql/postgresline.h"

#include <sys/socket.h>

namespace quiesce {

void PostgresLine::hold(int socket)
{
    const std::scoped_lock lock(m_mutex);
    m_socket = socket;
    if (m_isGivenUp && m_socket >= 0)
        ::shutdown(m_socket, SHUT_RDWR);
}

void PostgresLine::release()
{
    const std::scoped_lock lock(m_mutex);
    m_socket = -1;
}

void PostgresLine::cut()
{
    const std::scoped_lock lock(m_mutex);
    if (m_socket >= 0)
        ::shutdown(m_socket, SHUT_RDWR);
}

void PostgresLine::giveUp()
{
    const std::scoped_lock lock(m_mutex);
    m_isGivenUp = true;
    if (m_socket >= 0)
        ::shutdown(m_socket, SHUT_RDWR);
}

bool PostgresLine::isGivenUp() const
{
    const std::scoped_lock lock(m_mutex);
    return m_isGivenUp;
}

} // namespace quiesce
