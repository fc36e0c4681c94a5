// SPDX-License-Identifier: GPL-3.0-only
// HeadGuard: see the header.
#include "service/http/headguard.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace quiesce {

namespace {

constexpr std::array<bool, 256> makeTokenTable()
{
    std::array<bool, 256> table{};
    for (size_t c = '0'; c <= '9'; ++c)
        table[c] = true;
    for (size_t c = 'a'; c <= 'z'; ++c)
        table[c] = table[c - 'a' + 'A'] = true;
    for (const char c :
         { '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~' })
        table[static_cast<unsigned char>(c)] = true;
    return table;
}

constexpr std::array<bool, 256> kToken = makeTokenTable();
constexpr int kMaxChunkDigits = 16;
constexpr int kMaxChunkLine = 256;

/// What may stand in a field's value (RFC 9110 section 5.5): visible bytes, space, tab, obs-text.
constexpr std::array<bool, 256> makeValueTable()
{
    std::array<bool, 256> table{};
    for (size_t c = 0; c < table.size(); ++c)
        table[c] = c >= 0x20 ? c != 0x7f : c == '\t';
    return table;
}

constexpr std::array<bool, 256> kValue = makeValueTable();

bool isHexDigit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isFieldValueByte(unsigned char byte)
{
    return kValue[byte];
}

Refusal badRequest(const char *code, const char *detail)
{
    return { .status = 400, .code = code, .detail = QString::fromLatin1(detail) };
}

} // namespace

bool isTokenByte(unsigned char byte)
{
    return kToken[byte];
}

HeadGuard::HeadGuard(Limits limits, Start start)
    : m_limits(limits)
    , m_at(start == Start::RequestLine ? At::Method : At::FieldStart)
{ }

bool HeadGuard::feed(QByteArrayView bytes)
{
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        i += passRun(bytes.sliced(i));
        if (i == bytes.size() || !step(static_cast<unsigned char>(bytes[i])))
            return false;
        ++m_scanned;
        if (m_at == At::Complete)
            return true;
    }
    return false;
}

/// Goes over bytes of a name or a value that change nothing, and returns how many. Most of a head
/// is such bytes: one by one they took half of the time that we spend on a request.
qsizetype HeadGuard::passRun(QByteArrayView bytes)
{
    if (m_at != At::FieldName && m_at != At::FieldValue)
        return 0;
    const std::array<bool, 256> &passes = m_at == At::FieldName ? kToken : kValue;
    const qsizetype end = std::min<qsizetype>(bytes.size(), m_limits.headBytes - m_fieldBytes);
    qsizetype run = 0;
    while (run < end && passes[static_cast<unsigned char>(bytes[run])])
        ++run;
    m_fieldBytes += run;
    m_scanned += run;
    return run;
}

bool HeadGuard::step(unsigned char byte)
{
    if (m_at >= At::FieldStart && ++m_fieldBytes > m_limits.headBytes)
        return refuse(431, "header-too-large",
                      "The header section exceeds limits.max_header_bytes.");
    switch (m_at) {
    case At::Method:
        return methodByte(byte);
    case At::Target:
        return targetByte(byte);
    case At::Version:
        return versionByte(byte);
    case At::FieldStart:
        return fieldStartByte(byte);
    case At::FieldName:
        return fieldNameByte(byte);
    case At::FieldValue:
        return fieldValueByte(byte);
    case At::LineEnd:
    case At::FieldEnd:
        m_at = At::FieldStart;
        return byte == '\n' || refuse(400, "bare-cr", "A CR in the head is not followed by LF.");
    case At::LastLineFeed:
        m_at = At::Complete;
        return byte == '\n' || refuse(400, "bare-cr", "A CR in the head is not followed by LF.");
    case At::Complete:
        break;
    }
    return refuse(400, "bad-head", "Bytes follow a complete head.");
}

bool HeadGuard::methodByte(unsigned char byte)
{
    if (byte == ' ' && m_partBytes > 0) {
        m_at = At::Target;
        m_partBytes = 0;
        return true;
    }
    if (!kToken[byte])
        return refuseByte("the method");
    if (++m_partBytes > kMaxMethodBytes)
        return refuse(501, "method-unknown", "No method has a name as long as this.");
    return true;
}

bool HeadGuard::targetByte(unsigned char byte)
{
    if (byte == ' ' && m_partBytes > 0) {
        m_at = At::Version;
        m_partBytes = 0;
        return true;
    }
    if (byte <= 0x20 || byte >= 0x7f)
        return refuseByte("the request target");
    if (++m_partBytes > m_limits.uriBytes)
        return refuse(414, "uri-too-long", "The request target exceeds limits.max_uri_bytes.");
    return true;
}

bool HeadGuard::versionByte(unsigned char byte)
{
    static constexpr char kPattern[] = "HTTP/d.d";
    if (m_partBytes == 8) {
        m_at = At::LineEnd;
        m_partBytes = 0;
        if (byte != '\r')
            return refuseByte("the HTTP version");
        if (std::memcmp(m_versionSeen, "HTTP/1.1", 8) == 0
            || std::memcmp(m_versionSeen, "HTTP/1.0", 8) == 0)
            return true;
        return refuse(505, "version-not-supported", "HTTP/1.0 and HTTP/1.1 are spoken here.");
    }
    const auto expected = static_cast<unsigned char>(kPattern[m_partBytes]);
    const bool fits = expected == 'd' ? byte >= '0' && byte <= '9' : byte == expected;
    m_versionSeen[m_partBytes++] = static_cast<char>(byte);
    return fits || refuseByte("the HTTP version");
}

bool HeadGuard::fieldStartByte(unsigned char byte)
{
    if (byte == '\r') {
        m_at = At::LastLineFeed;
        return true;
    }
    if (byte == ' ' || byte == '\t')
        return refuse(400, "obs-fold", "A header line is folded, or begins with white space.");
    if (++m_fields > kMaxFields)
        return refuse(431, "too-many-fields", "The head has more than 128 header fields.");
    m_at = At::FieldName;
    return kToken[byte] || refuseByte("a header field name");
}

bool HeadGuard::fieldNameByte(unsigned char byte)
{
    if (byte == ':') {
        m_at = At::FieldValue;
        return true;
    }
    return kToken[byte] || refuseByte("a header field name");
}

bool HeadGuard::fieldValueByte(unsigned char byte)
{
    if (byte == '\r') {
        m_at = At::FieldEnd;
        return true;
    }
    return isFieldValueByte(byte) || refuseByte("a header field value");
}

bool HeadGuard::refuse(int status, const char *code, const char *detail)
{
    m_refusal = Refusal{ .status = status, .code = code, .detail = QString::fromLatin1(detail) };
    return false;
}

bool HeadGuard::refuseByte(const char *where)
{
    m_refusal = Refusal{
        .status = 400,
        .code = "bad-byte",
        .detail =
            QStringLiteral("A byte that may not stand there is in %1, at offset %2 of the head.")
                .arg(QLatin1StringView(where))
                .arg(m_scanned),
    };
    return false;
}

std::optional<Refusal> checkChunkLine(QByteArrayView begun)
{
    qsizetype i = 0;
    while (i < begun.size() && isHexDigit(begun[i]))
        ++i;
    if (i > kMaxChunkDigits)
        return badRequest("bad-chunk", "A chunk size has more than 16 digits.");
    if (i == begun.size())
        return {};
    if (i == 0 || (begun[i] != ';' && begun[i] != '\r' && begun[i] != ' ' && begun[i] != '\t'))
        return badRequest("bad-chunk", "A chunk does not begin with its size in hexadecimal.");
    bool isQuoted = false;
    bool isEscaped = false;
    while (i < begun.size() && isFieldValueByte(static_cast<unsigned char>(begun[i]))) {
        isQuoted = isQuoted != (begun[i] == '"' && !isEscaped);
        isEscaped = isQuoted && begun[i] == '\\' && !isEscaped;
        ++i;
    }
    if (i > kMaxChunkLine)
        return badRequest("bad-chunk", "A chunk's extensions are longer than 256 bytes.");
    if (i == begun.size())
        return {};
    if (isQuoted) // Beast would look for the closing quote in what follows the line
        return badRequest("bad-chunk", "A quoted chunk extension does not end on its line.");
    if (begun[i] != '\r' || (i + 1 < begun.size() && begun[i + 1] != '\n'))
        return badRequest("bad-chunk", "The line before a chunk does not end with CR LF.");
    return {};
}

} // namespace quiesce
