// SPDX-License-Identifier: GPL-3.0-only
// Message framing of RFC 9112 section 6.3, from the client's side.
#include "tests/rehearse/responsereader.h"

#include <algorithm>
#include <charconv>
#include <strings.h>
#include <utility>

namespace quiesce::rehearse {

namespace {

constexpr std::size_t kMaxHead = 64 * 1024;
constexpr std::size_t kMaxLine = 4 * 1024;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool isSameIgnoringCase(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls use(part) for each part of a separated list; the parts come trimmed.
template <typename Use>
void forEachPart(std::string_view list, std::string_view separator, Use use)
{
    while (!list.empty()) {
        const auto end = list.find(separator);
        use(trimmed(list.substr(0, end)));
        list.remove_prefix(end == list.npos ? list.size() : end + separator.size());
    }
}

std::optional<std::uint64_t> number(std::string_view digits, int base)
{
    std::uint64_t value = 0;
    const char *end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, value, base);
    if (digits.empty() || error != std::errc() || stopped != end)
        return std::nullopt;
    return value;
}

} // namespace

std::size_t ResponseReader::feed(std::string_view bytes)
{
    const std::size_t size = bytes.size();
    while (!bytes.empty() && m_phase != Phase::Complete && m_phase != Phase::Malformed)
        bytes.remove_prefix(step(bytes));
    return size - bytes.size();
}

void ResponseReader::feedEnd()
{
    if (m_phase == Phase::UntilEnd)
        m_phase = Phase::Complete;
    m_closes = true;
}

void ResponseReader::reset()
{
    m_phase = Phase::Head;
    m_buffer.clear();
    m_bodyLeft = 0;
    m_contentLength.reset();
    m_status = 0;
    m_isChunked = m_hasTransferCoding = m_closes = false;
}

ResponseReader::Progress ResponseReader::progress() const
{
    switch (m_phase) {
    case Phase::Head:
        return m_buffer.empty() ? Progress::NothingYet : Progress::Begun;
    case Phase::Complete:
        return Progress::Complete;
    case Phase::Malformed:
        return Progress::Malformed;
    default:
        return Progress::Begun;
    }
}

std::size_t ResponseReader::step(std::string_view bytes)
{
    switch (m_phase) {
    case Phase::Head:
        return readHead(bytes);
    case Phase::Fixed:
        return skipBody(bytes, Phase::Complete);
    case Phase::Chunk:
        return skipBody(bytes, Phase::ChunkEnd);
    case Phase::UntilEnd:
        return bytes.size();
    default:
        return readLine(bytes);
    }
}

std::size_t ResponseReader::readHead(std::string_view bytes)
{
    const std::size_t before = m_buffer.size();
    m_buffer.append(bytes);
    const auto end = m_buffer.find(kHeadEnd, before < 3 ? 0 : before - 3);
    if (end == m_buffer.npos) {
        if (m_buffer.size() > kMaxHead)
            m_phase = Phase::Malformed;
        return bytes.size();
    }
    const std::string head = m_buffer.substr(0, end);
    m_buffer.clear();
    parseHead(head);
    return end + kHeadEnd.size() - before;
}

std::size_t ResponseReader::readLine(std::string_view bytes)
{
    const auto end = bytes.find('\n');
    const std::size_t taken = end == bytes.npos ? bytes.size() : end + 1;
    m_buffer.append(bytes.substr(0, taken));
    if (m_buffer.size() > kMaxLine) {
        m_phase = Phase::Malformed;
    } else if (end != bytes.npos) {
        const std::string line = std::exchange(m_buffer, {});
        if (line.ends_with("\r\n"))
            lineEnded(std::string_view(line).substr(0, line.size() - 2));
        else
            m_phase = Phase::Malformed;
    }
    return taken;
}

std::size_t ResponseReader::skipBody(std::string_view bytes, Phase next)
{
    const auto taken = std::min<std::uint64_t>(bytes.size(), m_bodyLeft);
    m_bodyLeft -= taken;
    if (m_bodyLeft == 0)
        m_phase = next;
    return taken;
}

void ResponseReader::parseHead(std::string_view head)
{
    const auto lineEnd = head.find("\r\n");
    bool isGood = parseStatusLine(head.substr(0, lineEnd));
    if (isGood && lineEnd != head.npos)
        forEachPart(head.substr(lineEnd + 2), "\r\n",
                    [&](std::string_view line) { isGood = isGood && parseField(line); });
    if (!isGood || (m_hasTransferCoding && m_contentLength))
        m_phase = Phase::Malformed;
    else
        chooseBody();
}

bool ResponseReader::parseStatusLine(std::string_view line)
{
    if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ')
        return false;
    const auto status = number(line.substr(9, 3), 10);
    m_status = status ? static_cast<int>(*status) : 0;
    m_closes = line[7] == '0';
    return m_status >= 100 && (line.size() == 12 || line[12] == ' ');
}

bool ResponseReader::parseField(std::string_view line)
{
    const auto colon = line.find(':');
    if (colon == line.npos)
        return false;
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (isSameIgnoringCase(name, "Content-Length")) {
        const auto length = number(value, 10);
        const bool isGood = length && (!m_contentLength || m_contentLength == length);
        m_contentLength = length;
        return isGood;
    }
    if (isSameIgnoringCase(name, "Transfer-Encoding")) {
        m_hasTransferCoding = true;
        forEachPart(value, ",", [this](std::string_view coding) {
            m_isChunked = isSameIgnoringCase(coding, "chunked");
        });
    } else if (isSameIgnoringCase(name, "Connection")) {
        forEachPart(value, ",", [this](std::string_view token) {
            if (isSameIgnoringCase(token, "close"))
                m_closes = true;
            else if (isSameIgnoringCase(token, "keep-alive"))
                m_closes = false;
        });
    }
    return true;
}

void ResponseReader::chooseBody()
{
    if (m_status < 200 && m_status != 101) {
        reset(); // interim: the answer is still to come
    } else if (m_status == 101 || m_status == 204 || m_status == 304) {
        m_closes = m_closes || m_status == 101;
        m_phase = Phase::Complete;
    } else if (m_isChunked) {
        m_phase = Phase::ChunkSize;
    } else if (m_contentLength && !m_hasTransferCoding) {
        m_bodyLeft = *m_contentLength;
        m_phase = m_bodyLeft == 0 ? Phase::Complete : Phase::Fixed;
    } else {
        m_closes = true;
        m_phase = Phase::UntilEnd;
    }
}

void ResponseReader::lineEnded(std::string_view line)
{
    if (m_phase == Phase::ChunkEnd) {
        m_phase = line.empty() ? Phase::ChunkSize : Phase::Malformed;
    } else if (m_phase == Phase::Trailer) {
        if (line.empty())
            m_phase = Phase::Complete;
    } else if (const auto size = number(trimmed(line.substr(0, line.find(';'))), 16)) {
        m_bodyLeft = *size;
        m_phase = m_bodyLeft == 0 ? Phase::Trailer : Phase::Chunk;
    } else {
        m_phase = Phase::Malformed;
    }
}

} // namespace quiesce::rehearse
