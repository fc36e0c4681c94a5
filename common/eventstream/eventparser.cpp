// SPDX-License-Identifier: GPL-3.0-only
// EventParser: see the header.
#include "common/eventstream/eventparser.h"

#include <algorithm>

namespace quiesce {

namespace {

constexpr QByteArrayView kByteOrderMark("\xef\xbb\xbf");

bool isDigits(QByteArrayView text)
{
    return !text.isEmpty()
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

qsizetype lineLength(QByteArrayView bytes)
{
    const char *end =
        std::find_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
    return end - bytes.begin();
}

} // namespace

QList<ServerEvent> EventParser::feed(QByteArrayView bytes)
{
    QList<ServerEvent> events;
    while (!bytes.isEmpty() && !m_isFaulty) {
        if (std::exchange(m_hasEndedWithCr, false) && bytes.front() == '\n') {
            bytes = bytes.sliced(1);
            continue;
        }
        const qsizetype length = lineLength(bytes);
        if (m_line.size() + length > kMaxLineBytes) {
            m_isFaulty = true;
            break;
        }
        if (length == bytes.size()) {
            m_line.append(bytes);
            break;
        }
        m_hasEndedWithCr = bytes[length] == '\r';
        if (m_line.isEmpty()) {
            takeLine(bytes.first(length), events);
        } else {
            m_line.append(bytes.first(length));
            takeLine(std::exchange(m_line, {}), events);
        }
        bytes = bytes.sliced(length + 1);
    }
    return events;
}

void EventParser::takeLine(QByteArrayView line, QList<ServerEvent> &events)
{
    if (std::exchange(m_isFirstLine, false) && line.startsWith(kByteOrderMark))
        line = line.sliced(kByteOrderMark.size());
    if (line.isEmpty())
        return endEvent(events);
    const qsizetype colon = line.indexOf(':');
    if (colon == 0)
        return; // a comment
    if (colon < 0)
        return takeField(line, {});
    QByteArrayView value = line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    takeField(line.first(colon), value);
}

void EventParser::takeField(QByteArrayView name, QByteArrayView value)
{
    if (name == "data") {
        m_isFaulty = m_data.size() + value.size() + 1 > kMaxEventBytes;
        if (!m_isFaulty)
            m_data.append(value).append('\n');
    } else if (name == "event") {
        m_type = value.toByteArray();
    } else if (name == "id") {
        if (!value.contains('\0'))
            m_idSeen = value.toByteArray();
    } else if (name == "retry") {
        takeRetry(value);
    }
}

void EventParser::takeRetry(QByteArrayView value)
{
    if (!isDigits(value))
        return;
    bool isNumber = false;
    const qlonglong ms = value.toByteArray().toLongLong(&isNumber);
    const std::chrono::milliseconds wanted(ms);
    m_retry = isNumber ? std::min(wanted, kLongestRetry) : kLongestRetry;
}

void EventParser::endEvent(QList<ServerEvent> &events)
{
    m_lastEventId = m_idSeen;
    QByteArray type = std::exchange(m_type, {});
    QByteArray data = std::exchange(m_data, {});
    if (data.isEmpty())
        return;
    data.chop(1);
    if (type.isEmpty())
        type = QByteArrayLiteral("message");
    events.append({ .type = std::move(type), .data = std::move(data), .id = m_lastEventId });
}

} // namespace quiesce
