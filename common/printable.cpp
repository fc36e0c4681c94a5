// SPDX-License-Identifier: GPL-3.0-only
// Escapes what does not print, character by character.
#include "common/printable.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// How many UTF-16 units at `at` make one character that prints; none when it does not.
int printingUnits(QStringView text, qsizetype at)
{
    const QChar c = text[at];
    if (!c.isSurrogate())
        return c.isPrint() ? 1 : 0;
    const bool isPair =
        c.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate();
    return isPair && QChar::isPrint(QChar::surrogateToUcs4(c, text[at + 1])) ? 2 : 0;
}

QString escaped(QChar c)
{
    switch (c.unicode()) {
    case u'\n':
        return u"\\n"_s;
    case u'\r':
        return u"\\r"_s;
    case u'\t':
        return u"\\t"_s;
    default:
        return "\\u"_L1 + QString::number(c.unicode(), 16).rightJustified(4, u'0');
    }
}

enum class Quotes : unsigned char { Keep, Escape };

QString escapeAll(QStringView text, Quotes quotes)
{
    QString out;
    out.reserve(text.size() + 2);
    for (qsizetype at = 0; at < text.size();) {
        const int units = printingUnits(text, at);
        if (units == 0) {
            out += escaped(text[at++]);
            continue;
        }
        if (quotes == Quotes::Escape && (text[at] == u'"' || text[at] == u'\\'))
            out += u'\\';
        out += text.mid(at, units);
        at += units;
    }
    return out;
}

} // namespace

QString printable(QStringView text)
{
    return escapeAll(text, Quotes::Keep);
}

QString quoted(QStringView text)
{
    return u'"' + escapeAll(text, Quotes::Escape) + u'"';
}

} // namespace quiesce
