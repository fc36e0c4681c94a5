// SPDX-License-Identifier: GPL-3.0-only
// ResponseReader: finds where an HTTP/1.x answer ends, and whether it is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quiesce::rehearse {

/// Reads one answer from bytes as they come; keeps its status, not its body.
///
/// Understands Content-Length, chunked with trailers, and answers that end with the connection;
/// skips 1xx. Answers to HEAD and CONNECT are not its business.
/// Limits:  a head of 64 KiB, a chunk-size or trailer line of 4 KiB; past them it is malformed.
class ResponseReader final
{
public:
    enum class Progress {
        NothingYet, ///< no byte of the final answer so far
        Begun,
        Complete,
        Malformed, ///< not HTTP/1.x, or ambiguous about where it ends
    };

    /// Takes what belongs to this answer and returns how many bytes that were: less than all once
    /// it is complete or malformed.
    std::size_t feed(std::string_view bytes);
    /// The connection has ended: completes an answer that has no other end.
    void feedEnd();
    /// Ready for the next answer.
    void reset();

    [[nodiscard]] Progress progress() const;
    [[nodiscard]] bool isComplete() const { return m_phase == Phase::Complete; }
    /// The final status; 0 until its head is complete.
    [[nodiscard]] int status() const { return m_status; }
    /// Whether this connection carries no further answer.
    [[nodiscard]] bool isLastOnConnection() const { return m_closes; }

private:
    enum class Phase {
        Head,
        Fixed,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
        UntilEnd,
        Complete,
        Malformed
    };

    std::size_t step(std::string_view bytes);
    std::size_t readHead(std::string_view bytes);
    std::size_t readLine(std::string_view bytes);
    std::size_t skipBody(std::string_view bytes, Phase next);
    void parseHead(std::string_view head);
    bool parseStatusLine(std::string_view line);
    bool parseField(std::string_view line);
    void chooseBody();
    void lineEnded(std::string_view line);

    Phase m_phase = Phase::Head;
    std::string m_buffer; // the head or line being collected
    std::uint64_t m_bodyLeft = 0;
    std::optional<std::uint64_t> m_contentLength;
    int m_status = 0;
    bool m_isChunked = false;
    bool m_hasTransferCoding = false;
    bool m_closes = false;
};

} // namespace quiesce::rehearse
