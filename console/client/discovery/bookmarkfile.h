// SPDX-License-Identifier: GPL-3.0-only
// The form of connections.json: bookmarks to JSON and back, never with a secret.
#pragma once

#include "common/result.h"
#include "console/client/instancespec.h"

#include <QList>
#include <QStringList>

namespace quiesce {

inline constexpr int kBookmarkFileVersion = 1;
inline constexpr qsizetype kMaxBookmarks = 1'000;

/// What could be read, and what not: "connections[3].url: not the http …".
struct BookmarkReading
{
    QList<InstanceSpec> specs;
    QStringList faults; ///< one for each connection that is left out
};

[[nodiscard]] QByteArray bookmarksToJson(const QList<InstanceSpec> &specs);
/// @error the place, when nothing of it can be used: "line 3, column 7: …".
[[nodiscard]] Result<BookmarkReading, QString> bookmarksFromJson(const QByteArray &json);

} // namespace quiesce
