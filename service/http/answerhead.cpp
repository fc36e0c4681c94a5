// SPDX-License-Identifier: GPL-3.0-only
// The head of an answer: see the header.
#include "service/http/answerhead.h"

#include "service/http/bytewriter.h"

#include <array>
#include <charconv>
#include <cstring>

namespace quiesce {

namespace {

struct Line
{
    QByteArrayView name;
    QByteArrayView value;
    QByteArrayView whole; ///< with its CR LF
};

/// Where the line that begins at `from` ends: the offset of its CR, or -1. Qt's search for a pair
/// of bytes costs several times as much on lines as short as these.
qsizetype lineEnd(QByteArrayView bytes, qsizetype from)
{
    while (from < bytes.size()) {
        const void *found =
            std::memchr(bytes.data() + from, '\r', static_cast<size_t>(bytes.size() - from));
        if (!found)
            return -1;
        from = static_cast<const char *>(found) - bytes.data();
        if (from + 1 < bytes.size() && bytes[from + 1] == '\n')
            return from;
        ++from;
    }
    return -1;
}

/// Takes the next field line off `rest`; none at the empty line or where there is no proper one.
std::optional<Line> takeLine(QByteArrayView &rest)
{
    const qsizetype end = lineEnd(rest, 0);
    if (end <= 0)
        return {};
    const void *found = std::memchr(rest.data(), ':', static_cast<size_t>(end));
    if (!found)
        return {};
    const qsizetype colon = static_cast<const char *>(found) - rest.data();
    const Line line{ .name = rest.first(colon),
                     .value = rest.sliced(colon + 1, end - colon - 1).trimmed(),
                     .whole = rest.first(end + 2) };
    rest = rest.sliced(end + 2);
    return line;
}

bool isNamed(QByteArrayView name, QByteArrayView wanted)
{
    return name.size() == wanted.size() && name.compare(wanted, Qt::CaseInsensitive) == 0;
}

bool isOurs(QByteArrayView name)
{
    return isNamed(name, "connection") || isNamed(name, "keep-alive") || isNamed(name, "date")
        || isNamed(name, "content-length");
}

/// The whole text as a number, or none. On the stack: QByteArray's way allocates.
template <typename Number>
std::optional<Number> numberOf(QByteArrayView text)
{
    Number number = 0;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
    return error == std::errc() && end == text.end() ? std::optional(number) : std::nullopt;
}

/// A number as text, on the stack.
class Digits final
{
public:
    explicit Digits(qint64 number)
        : m_end(std::to_chars(m_text.begin(), m_text.end(), number).ptr)
    { }
    [[nodiscard]] QByteArrayView text() const { return { m_text.data(), m_end }; }

private:
    std::array<char, 20> m_text{};
    const char *m_end;
};

QByteArrayView fieldsOf(QByteArrayView raw)
{
    return raw.sliced(lineEnd(raw, 0) + 2);
}

} // namespace

std::optional<AnswerHead> parseAnswerHead(QByteArrayView raw)
{
    constexpr qsizetype kStatusAt = 9; // behind "HTTP/1.1 "
    if (!raw.startsWith("HTTP/1.") || raw.size() < kStatusAt + 3 || lineEnd(raw, 0) < 0)
        return {};
    const std::optional<int> status = numberOf<int>(raw.sliced(kStatusAt, 3));
    if (!status || *status < 100)
        return {};
    AnswerHead head{ .status = *status, .contentLength = {} };
    QByteArrayView rest = fieldsOf(raw);
    while (const std::optional<Line> line = takeLine(rest)) {
        if (isNamed(line->name, "transfer-encoding"))
            return {}; // its end could not be told
        if (isNamed(line->name, "content-length")) {
            head.contentLength = numberOf<qint64>(line->value);
            if (!head.contentLength || *head.contentLength < 0)
                return {};
        }
    }
    return head;
}

void appendAnswerHead(QByteArray &out, QByteArrayView raw, const AnswerHead &head,
                      const AnswerForm &form)
{
    constexpr qsizetype kOurs = 128; // our own fields, but for the date
    ByteWriter writer(out, raw.size() + form.date.size() + kOurs);
    writer.put(raw.first(lineEnd(raw, 0) + 2));
    QByteArrayView rest = fieldsOf(raw);
    while (const std::optional<Line> line = takeLine(rest)) {
        if (!isOurs(line->name))
            writer.put(line->whole);
    }
    if (head.contentLength
        && (head.mayHaveBody() || (head.status == 304 && *head.contentLength > 0)))
        writer.put("Content-Length: ").put(Digits(*head.contentLength).text()).put("\r\n");
    writer.put("Date: ").put(form.date).put("\r\n");
    if (form.mustClose)
        writer.put("Connection: close\r\n");
    else if (form.isHttp10)
        writer.put("Connection: keep-alive\r\n");
    writer.put("\r\n");
}

} // namespace quiesce
