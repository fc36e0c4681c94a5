// SPDX-License-Identifier: GPL-3.0-only
// Reads a TOML document into a flat list of keys and values with their places; toml++ stays here.
#pragma once

#include "common/result.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace quiesce {

/// One value, or one empty table (so that a table nobody knows is seen although it says nothing).
struct TomlEntry
{
    enum class Kind : unsigned char { Table, String, Integer, Number, Boolean, Array, Other };

    QString key; ///< with its tables: "stop.grace"
    QStringList path; ///< the same in parts, which may themselves hold dots
    Kind kind = Kind::Other;
    QString kindName; ///< as TOML calls it: "integer", "array", "local date"
    QString text; ///< the value of a String, Integer, Number or Boolean
    QList<TomlEntry> items; ///< of an Array, without keys; as deep as it is
    int line = 0; ///< of the key's last part, from 1
    int column = 0;
};

struct TomlError
{
    QString reason;
    int line = 0;
    int column = 0;
};

/// In the order of the document.
/// @error where and why it is not TOML 1.0; the reader stops at the first such place.
[[nodiscard]] Result<QList<TomlEntry>, TomlError> readToml(const QByteArray &document);

} // namespace quiesce
