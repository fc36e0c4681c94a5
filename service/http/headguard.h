// SPDX-License-Identifier: GPL-3.0-only
// HeadGuard: looks at each byte of a request head once, as it comes, and refuses at the first wrong
// one; what passes is left to Boost.Beast to take apart.
#pragma once

#include "service/http/refusal.h"

#include <QByteArrayView>
#include <optional>

namespace quiesce {

/// Checks the syntax of a request line and its field lines (RFC 9112 sections 2.2, 3, 5), stricter
/// than the parser behind it: no bare CR or LF, NUL, other control characters or obs-fold.
///
/// Why:    Beast 1.74 looks at a head only when its end has come, so that garbage would hold a
///         connection until the header time-out.
/// Limits: the request target, the whole head and the number of fields; see Limits.
class HeadGuard final
{
public:
    struct Limits
    {
        qint64 uriBytes;
        qint64 headBytes; ///< the field lines together
    };
    static constexpr int kMaxFields = 128;
    static constexpr int kMaxMethodBytes = 32;

    /// What to expect first: a request line, or at once field lines (a trailer section).
    enum class Start : unsigned char { RequestLine, FieldLines };

    HeadGuard(Limits limits, Start start);

    /// Takes what is new. True once the empty line has been seen; scanned() tells where it ended.
    /// After a refusal nothing more may be fed.
    bool feed(QByteArrayView bytes);
    [[nodiscard]] qint64 scanned() const { return m_scanned; }
    [[nodiscard]] const std::optional<Refusal> &refusal() const { return m_refusal; }

private:
    enum class At : unsigned char {
        Method,
        Target,
        Version,
        LineEnd,
        FieldStart,
        FieldName,
        FieldValue,
        FieldEnd,
        LastLineFeed,
        Complete,
    };

    [[nodiscard]] qsizetype passRun(QByteArrayView bytes);
    [[nodiscard]] bool step(unsigned char byte);
    [[nodiscard]] bool methodByte(unsigned char byte);
    [[nodiscard]] bool targetByte(unsigned char byte);
    [[nodiscard]] bool versionByte(unsigned char byte);
    [[nodiscard]] bool fieldStartByte(unsigned char byte);
    [[nodiscard]] bool fieldNameByte(unsigned char byte);
    [[nodiscard]] bool fieldValueByte(unsigned char byte);
    bool refuse(int status, const char *code, const char *detail);
    [[nodiscard]] bool refuseByte(const char *where);

    Limits m_limits;
    qint64 m_scanned = 0;
    qint64 m_fieldBytes = 0;
    int m_partBytes = 0; ///< of the part being read
    int m_fields = 0;
    At m_at;
    char m_versionSeen[8]{};
    std::optional<Refusal> m_refusal;
};

/// Checks the line before each chunk (RFC 9112 section 7.1) as far as it has come: hexadecimal
/// digits, perhaps an extension, CR LF. Empty when nothing is wrong so far.
[[nodiscard]] std::optional<Refusal> checkChunkLine(QByteArrayView begun);

/// Whether a byte may stand in a token (RFC 9110 section 5.6.2).
[[nodiscard]] bool isTokenByte(unsigned char byte);

} // namespace quiesce
