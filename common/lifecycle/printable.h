// SPDX-License-Identifier: GPL-3.0-only
// Makes text that came from outside safe to show on a terminal.
#pragma once

#include <QString>

namespace quiesce {

/// Control characters (a terminal would obey them) become `?`; everything else stays.
[[nodiscard]] inline QString printable(QString text)
{
    for (QChar &character : text) {
        if (!character.isPrint() && !character.isSurrogate())
            character = QLatin1Char('?');
    }
    return text;
}

} // namespace quiesce
