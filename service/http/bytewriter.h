// SPDX-License-Identifier: GPL-3.0-only
// ByteWriter: many small pieces into one QByteArray.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <algorithm>

namespace quiesce {

/// Appends pieces to a QByteArray that it makes large enough once, and cuts to size when it goes.
/// QByteArray::append() looks at its sharing and capacity each time, at some hundred instructions;
/// a head has two dozen pieces.
///
/// Limits: what is put must not exceed what was announced.
class ByteWriter final
{
public:
    ByteWriter(QByteArray &out, qsizetype atMost)
        : m_out(out)
    {
        const qsizetype from = out.size();
        out.resize(from + atMost);
        m_at = out.data() + from;
    }
    ~ByteWriter() { m_out.truncate(m_at - m_out.constData()); }
    ByteWriter(const ByteWriter &) = delete;
    ByteWriter &operator=(const ByteWriter &) = delete;

    ByteWriter &put(QByteArrayView bytes)
    {
        Q_ASSERT(bytes.size() <= m_out.constData() + m_out.size() - m_at);
        m_at = std::copy(bytes.begin(), bytes.end(), m_at);
        return *this;
    }

private:
    QByteArray &m_out;
    char *m_at = nullptr;
};

} // namespace quiesce
