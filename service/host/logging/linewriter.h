// SPDX-License-Identifier: GPL-3.0-only
// LineWriter: writes lines to a descriptor without ever waiting for whoever reads it.
#pragma once

#include "service/host/posixfile.h"

#include <QByteArray>

namespace quiesce {

/// A line is taken at once or not at all; what the kernel took only in part is completed before the
/// next line, so lines are never torn.
///
/// The descriptor is usually shared with other processes (the shell's terminal, a pipe), so its own
/// flags are left alone. Instead: a socket is written with MSG_DONTWAIT; a pipe or terminal is
/// opened a second time, non-blocking, through /proc; where that is not allowed, a poll() without
/// waiting comes before each write of at most PIPE_BUF bytes, which a pipe that has room takes
/// whole. A regular file is written as it is.
/// Thread:  none in particular; the caller serialises.
/// Limits:  keeps at most the rest of one line.
class LineWriter final
{
public:
    /// `fd` stays the caller's and must outlive this.
    explicit LineWriter(int fd);

    /// `line` ends with its newline. False: nothing of it was written nor will be.
    [[nodiscard]] bool tryWrite(const QByteArray &line);

private:
    enum class Way : unsigned char { Plain, Socket, Polled };

    [[nodiscard]] qsizetype writeSome(QByteArrayView bytes) const;
    [[nodiscard]] qsizetype writePolled(QByteArrayView bytes) const;

    FileDescriptor m_own;
    int m_fd;
    Way m_way = Way::Plain;
    QByteArray m_rest; ///< of a line that was taken in part
};

} // namespace quiesce
