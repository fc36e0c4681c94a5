// SPDX-License-Identifier: GPL-3.0-only
// How values are shown and written.
#include "service/host/configuration/tomlvalues.h"

#include "common/printable.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestShown = 100;

bool isBare(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
        || c == u'_' || c == u'-';
}

} // namespace

QString shown(const QString &text)
{
    return text.size() <= kLongestShown ? quoted(text)
                                        : quoted(QStringView(text).left(kLongestShown)) + u'…';
}

QString describe(const TomlEntry &entry)
{
    switch (entry.kind) {
    case TomlEntry::Kind::String:
        return shown(entry.text);
    case TomlEntry::Kind::Integer:
    case TomlEntry::Kind::Boolean:
        return entry.kindName + u' ' + entry.text;
    case TomlEntry::Kind::Table:
    case TomlEntry::Kind::Number:
    case TomlEntry::Kind::Array:
    case TomlEntry::Kind::Other:
        break;
    }
    return entry.kindName;
}

bool isOfKind(const TomlEntry &entry, TomlKind kind)
{
    switch (kind) {
    case TomlKind::String:
        return entry.kind == TomlEntry::Kind::String;
    case TomlKind::Integer:
        return entry.kind == TomlEntry::Kind::Integer;
    case TomlKind::Boolean:
        return entry.kind == TomlEntry::Kind::Boolean;
    }
    Q_UNREACHABLE();
}

QString tomlString(const QString &text)
{
    QString out(u'"');
    for (const char32_t c : text.toUcs4()) {
        if (c == u'"' || c == u'\\')
            out += u'\\';
        if (QChar::isPrint(c))
            out += QChar::fromUcs4(c);
        else
            out += "\\U"_L1 + QString::number(c, 16).rightJustified(8, u'0');
    }
    return out + u'"';
}

QString tomlArray(const QStringList &texts)
{
    QStringList literals;
    for (const QString &text : texts)
        literals.append(tomlString(text));
    return u'[' + literals.join(u", "_s) + u']';
}

QString tomlKey(const QString &name)
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), isBare) ? name
                                                                            : tomlString(name);
}

} // namespace quiesce
