// SPDX-License-Identifier: GPL-3.0-only
// The head of an answer: see the header.
#include "service/http/answerhead.h"

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
    bool isNumber = false;
    AnswerHead head;
    head.status = raw.sliced(kStatusAt, 3).toByteArray().toInt(&isNumber);
    if (!isNumber || head.status < 100)
        return {};
    QByteArrayView rest = fieldsOf(raw);
    while (const std::optional<Line> line = takeLine(rest)) {
        if (isNamed(line->name, "transfer-encoding"))
            return {}; // its end could not be told
        if (isNamed(line->name, "content-length")) {
            head.contentLength = line->value.toByteArray().toLongLong(&isNumber);
            if (!isNumber || *head.contentLength < 0)
                return {};
        }
    }
    return head;
}

void appendAnswerHead(QByteArray &out, QByteArrayView raw, const AnswerHead &head,
                      const AnswerForm &form)
{
    out.append(raw.first(lineEnd(raw, 0) + 2));
    QByteArrayView rest = fieldsOf(raw);
    while (const std::optional<Line> line = takeLine(rest)) {
        if (!isOurs(line->name))
            out.append(line->whole);
    }
    if (head.contentLength
        && (head.mayHaveBody() || (head.status == 304 && *head.contentLength > 0)))
        out.append("Content-Length: ")
            .append(QByteArray::number(*head.contentLength))
            .append("\r\n");
    out.append("Date: ").append(form.date).append("\r\n");
    if (form.mustClose)
        out.append("Connection: close\r\n");
    else if (form.isHttp10)
        out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
}

} // namespace quiesce
