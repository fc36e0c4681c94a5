// SPDX-License-Identifier: GPL-3.0-only
// Feeds bytes to a guard or a parser in every way they can be cut, and says what came of it.
#pragma once

#include <QByteArray>
#include <QList>

namespace quiesce::test {

/// The pieces of one message as a client's packets might bring them.
using Pieces = QList<QByteArray>;

/// Whole, byte by byte, and cut once at each position: what is read must not depend on it.
[[nodiscard]] inline QList<Pieces> everyCutOf(const QByteArray &bytes)
{
    QList<Pieces> cuts{ { bytes } };
    Pieces single;
    for (const char byte : bytes)
        single.append(QByteArray(1, byte));
    cuts.append(single);
    for (qsizetype at = 1; at < bytes.size(); ++at)
        cuts.append({ bytes.first(at), bytes.sliced(at) });
    return cuts;
}

} // namespace quiesce::test
