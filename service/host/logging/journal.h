// SPDX-License-Identifier: GPL-3.0-only
// Journal: writes log records to systemd's journal with their fields, without ever waiting for it.
#pragma once

#include "service/core/filedescriptor.h"
#include "service/host/logging/logrecord.h"

#include <QByteArray>
#include <optional>

namespace quiesce {

/// A line to journald's own socket, where a record keeps its fields: MESSAGE, PRIORITY,
/// SYSLOG_IDENTIFIER, QUIESCE_CATEGORY, and QUIESCE_<FIELD> for each field (`exitCode` is
/// QUIESCE_EXIT_CODE).
///
/// sd_journal_sendv() would do the same, but waits for a journal that hangs, and so would whatever
/// logs. Here it is the log line that waits, or goes: a service that stops must not.
/// Thread:  none in particular; the caller serialises.
/// Source:  the journal's native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL).
class Journal final
{
public:
    static constexpr char kSocket[] = "/run/systemd/journal/socket";

    /// None unless `stream`, $JOURNAL_STREAM, says that `fd` leads to the journal
    /// (systemd.exec(5)).
    [[nodiscard]] static std::optional<Journal> behind(int fd, const QString &stream,
                                                       const char *socket = kSocket);

    enum class Written : unsigned char {
        Taken,
        Full, ///< not now: it does not keep up
        Gone, ///< it is not there at the moment
    };
    [[nodiscard]] Written tryWrite(const LogRecord &record);

private:
    explicit Journal(QByteArray socket);
    [[nodiscard]] bool isConnected();

    QByteArray m_socketPath;
    FileDescriptor m_socket;
};

/// As it goes over that socket.
[[nodiscard]] QByteArray toJournalEntry(const LogRecord &record, const QString &identifier);

} // namespace quiesce
