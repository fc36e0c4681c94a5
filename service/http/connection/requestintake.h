// SPDX-License-Identifier: GPL-3.0-only
// RequestIntake: from the bytes received to a request that is let in, or turned away.
#pragma once

#include "service/http/requestparser.h"

#include <memory>

namespace quiesce {

struct Admission;
class ConnectionHost;
class HttpConnection;

/// Feeds the parser, begins a request at its complete head, judges whether it may go on before its
/// body is read, and hands it over complete.
///
/// Thread:  event loop. Owns: the input not consumed yet, and the parser while it is needed.
/// Limits:  keeps what it is given: the connection stops reading when hasRoom() says so.
///          HttpConnection::kRequestsPerTurn are taken at a time.
class RequestIntake final
{
public:
    RequestIntake(ConnectionHost &host, HttpConnection &connection)
        : m_host(host)
        , m_connection(connection)
    { }

    /// Goes on with what was kept and these bytes, as long as the connection is reading.
    void take(QByteArrayView bytes);
    void keep(QByteArrayView bytes) { m_input.append(bytes); }
    void dropInput() { m_input = {}; }
    void dropBody(); ///< of a request that is refused while it comes
    void release(); ///< the parser, too; not within take()
    void releaseParser() { m_parser.reset(); }

    /// Nothing of a request has been received.
    [[nodiscard]] bool isFresh() const;
    /// Of the request being received, bytes are known to come that nobody will read.
    [[nodiscard]] bool isBodyUnread() const;
    [[nodiscard]] bool hasRoom() const;
    [[nodiscard]] qsizetype waiting() const { return m_input.size(); }
    [[nodiscard]] bool isAtWork() const { return m_isAtWork; } ///< inside take()
    /// The request being received, as far as it is known; null when there is none.
    [[nodiscard]] const ParsedRequest *receiving() const;

private:
    [[nodiscard]] qint64 pump(QByteArrayView bytes);
    [[nodiscard]] bool tryServe();
    void bodyGoesOn();
    void begin();
    [[nodiscard]] bool isAdmitted();
    [[nodiscard]] bool isAdmittedThoughTooLong();
    void turnAway(const Admission &admission);
    [[nodiscard]] bool isOverloaded() const;
    [[nodiscard]] bool isBodyTooMuch();
    void reject(const Refusal &refusal);

    ConnectionHost &m_host;
    HttpConnection &m_connection;
    std::unique_ptr<RequestParser> m_parser;
    QByteArray m_input;
    bool m_isAtWork = false;
};

} // namespace quiesce
