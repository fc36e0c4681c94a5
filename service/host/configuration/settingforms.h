// SPDX-License-Identifier: GPL-3.0-only
// The forms a setting's value can have.
#pragma once

#include "service/host/configuration/setting.h"

#include <QList>
#include <utility>

namespace quiesce {

/// An inclusive range.
template <typename Value>
struct Bounds
{
    Value least;
    Value most;
};

[[nodiscard]] SettingForm<std::chrono::milliseconds>
durationForm(Bounds<std::chrono::milliseconds> bounds);
[[nodiscard]] SettingForm<qint64> sizeForm(Bounds<qint64> bounds);
[[nodiscard]] SettingForm<int> countForm(Bounds<int> bounds);
/// The same, for a number kept in 64 bits.
[[nodiscard]] SettingForm<qint64> longCountForm(Bounds<qint64> bounds);
[[nodiscard]] SettingForm<bool> switchForm();
/// Its address is a numeric one and kept in its usual spelling.
[[nodiscard]] SettingForm<Endpoint> endpointForm();
/// Kept as an absolute path; a relative one is taken from the working directory.
[[nodiscard]] SettingForm<QString> pathForm(const QString &placeholder);
/// The same, but empty means that there is none.
[[nodiscard]] SettingForm<QString> optionalPathForm(const QString &placeholder);
/// Any text of one line without control characters, at most 1,024 characters; empty: none.
[[nodiscard]] SettingForm<QString> textForm(const QString &placeholder);
/// Paths, comma separated, each kept like one of pathForm(); at most 64, empty: none. A path with a
/// comma in it cannot be named.
[[nodiscard]] SettingForm<QStringList> pathsForm();
/// Host names and addresses without port, comma separated, each in one spelling; at most 64.
[[nodiscard]] SettingForm<QStringList> hostsForm();
/// 1 to 64 letters, digits, dots, dashes and underscores.
[[nodiscard]] SettingForm<QString> nameForm();

template <typename Value>
using Choices = QList<std::pair<QString, Value>>;

/// Reports a text that is none of the choices; `expected` is `"text" or "json"`.
[[nodiscard]] QString expectedChoice(const QStringList &names);

template <typename Value>
[[nodiscard]] SettingForm<Value> choiceForm(const Choices<Value> &choices)
{
    QStringList names;
    for (const auto &choice : choices)
        names.append(choice.first);
    const auto read = [choices](const QString &text) -> Result<Value, QString> {
        for (const auto &[name, value] : choices) {
            if (text == name)
                return value;
        }
        return Failure{ QString() };
    };
    const auto write = [choices](const Value &wanted) {
        for (const auto &[name, value] : choices) {
            if (value == wanted)
                return name;
        }
        Q_UNREACHABLE();
    };
    return { names.join(u'|'), expectedChoice(names), TomlKind::String, read, write };
}

} // namespace quiesce
