// SPDX-License-Identifier: GPL-3.0-only
// StreamEvent: one event of the event stream, encoded once for all who get it.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <memory>

namespace quiesce {

/// What an event is about, so that a slow subscriber is spared what it makes superfluous.
struct Coalescing
{
    enum class Kind : unsigned char {
        Change, ///< always delivered; progress of the same key that still waits goes
        Progress, ///< goes when a later event of the same type and key comes, or room is needed
    };

    QByteArray key; ///< for example a job's id; empty for Progress: all of its type
    Kind kind = Kind::Change;
};

struct StreamEvent
{
    quint64 id = 0;
    QByteArray type;
    QByteArray subject; ///< type and key; empty when it replaces nothing
    bool isReplaceable = false;
    QByteArray bytes; ///< as it goes out, with its empty line
};
using StreamEventPtr = std::shared_ptr<const StreamEvent>;

/// `id:`, `event:`, one `data:` line of compact JSON (WHATWG HTML, section 9.2.6). `type` must be
/// one line.
[[nodiscard]] StreamEventPtr makeStreamEvent(quint64 id, const QByteArray &type,
                                             const QJsonObject &payload,
                                             const Coalescing &coalescing = {});

} // namespace quiesce
