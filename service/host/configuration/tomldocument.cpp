// SPDX-License-Identifier: GPL-3.0-only
// Flattens toml++'s tree. Its exceptions end here.
#include "service/host/configuration/tomldocument.h"

#include <QLocale>
#include <algorithm>
#include <exception>
#include <toml++/toml.h>
#include <tuple>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString nameOf(toml::node_type type)
{
    switch (type) {
    case toml::node_type::table:
        return u"table"_s;
    case toml::node_type::array:
        return u"array"_s;
    case toml::node_type::string:
        return u"string"_s;
    case toml::node_type::integer:
        return u"integer"_s;
    case toml::node_type::floating_point:
        return u"number"_s;
    case toml::node_type::boolean:
        return u"boolean"_s;
    case toml::node_type::date:
        return u"date"_s;
    case toml::node_type::time:
        return u"time"_s;
    case toml::node_type::date_time:
        return u"date and time"_s;
    case toml::node_type::none:
        break;
    }
    return u"nothing"_s;
}

/// Recurses no deeper than toml++ lets a document nest (256), as flatten() does.
void takeValue(TomlEntry &entry, const toml::node &node)
{
    entry.kindName = nameOf(node.type());
    if (const auto *string = node.as_string()) {
        entry.kind = TomlEntry::Kind::String;
        entry.text = fromUtf8(string->get());
    } else if (const auto *integer = node.as_integer()) {
        entry.kind = TomlEntry::Kind::Integer;
        entry.text = QString::number(integer->get());
    } else if (const auto *number = node.as_floating_point()) {
        entry.kind = TomlEntry::Kind::Number;
        entry.text = QString::number(number->get(), 'g', QLocale::FloatingPointShortest);
    } else if (const auto *boolean = node.as_boolean()) {
        entry.kind = TomlEntry::Kind::Boolean;
        entry.text = boolean->get() ? u"true"_s : u"false"_s;
    } else if (node.is_table()) {
        entry.kind = TomlEntry::Kind::Table;
    } else if (const auto *array = node.as_array()) {
        entry.kind = TomlEntry::Kind::Array;
        for (const toml::node &item : *array)
            takeValue(entry.items.emplaceBack(), item);
    }
}

void flatten(const toml::table &table, const QStringList &above, QList<TomlEntry> &entries)
{
    for (const auto &[key, node] : table) {
        TomlEntry entry;
        entry.path = above + QStringList{ fromUtf8(key.str()) };
        entry.key = entry.path.join(u'.');
        entry.line = static_cast<int>(key.source().begin.line);
        entry.column = static_cast<int>(key.source().begin.column);
        takeValue(entry, node);
        if (const auto *inner = node.as_table(); inner && !inner->empty())
            flatten(*inner, entry.path, entries);
        else
            entries.append(entry);
    }
}

} // namespace

Result<QList<TomlEntry>, TomlError> readToml(const QByteArray &document)
{
    try {
        const toml::table root = toml::parse(
            std::string_view(document.constData(), static_cast<size_t>(document.size())));
        QList<TomlEntry> entries;
        flatten(root, {}, entries);
        std::stable_sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) {
            return std::tie(a.line, a.column) < std::tie(b.line, b.column);
        });
        return entries;
    } catch (const toml::parse_error &error) {
        const auto &begin = error.source().begin;
        return Failure{ TomlError{ fromUtf8(error.description()), static_cast<int>(begin.line),
                                   static_cast<int>(begin.column) } };
    } catch (const std::exception &error) {
        return Failure{ TomlError{ QString::fromUtf8(error.what()), 1, 1 } };
    }
}

} // namespace quiesce
