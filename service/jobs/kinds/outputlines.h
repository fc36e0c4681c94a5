// SPDX-License-Identifier: GPL-3.0-only
// OutputLines: cuts what a command writes into lines, of bounded length.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <functional>

namespace quiesce {

/// A line ends with a newline or a carriage return (progress meters use those); empty ones are
/// left out. Of a line longer than kMaxBytes its beginning is a line, and the rest is dropped.
class OutputLines final
{
public:
    static constexpr qsizetype kMaxBytes = 4'096;

    void add(QByteArrayView bytes, const std::function<void(const QByteArray &)> &take);
    /// What came last, without its end yet; empty: nothing.
    [[nodiscard]] const QByteArray &rest() const { return m_line; }

private:
    QByteArray m_line;
};

} // namespace quiesce
