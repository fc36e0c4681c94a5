// SPDX-License-Identifier: GPL-3.0-only
// Secret: a few bytes that nobody else gets to see and that leave nothing behind.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <utility>

namespace quiesce {

/// Overwrites bytes in a way that the compiler keeps, and empties the array. For one that shares
/// its bytes with another (a copy of it) this does not reach the other's.
void wipe(QByteArray &bytes);

/// Holds a secret, wiped when it goes. It cannot be copied, printed or logged by accident.
///
/// Thread: any, one at a time. Owns: its bytes, which it shares with nobody.
class Secret final
{
public:
    Secret() = default;
    /// Copies the bytes; the caller wipes its own.
    explicit Secret(QByteArrayView bytes)
        : m_bytes(bytes.data(), bytes.size())
    { }
    Secret(Secret &&other) noexcept
        : m_bytes(std::exchange(other.m_bytes, {}))
    { }
    Secret &operator=(Secret &&other) noexcept
    {
        m_bytes.swap(other.m_bytes);
        return *this;
    }
    ~Secret() { wipe(m_bytes); }

    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }
    [[nodiscard]] QByteArrayView view() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

} // namespace quiesce
