// SPDX-License-Identifier: GPL-3.0-only
// Setting: one row of the table that the readers, the help and the documentation derive from.
#pragma once

#include "common/result.h"
#include "common/settings.h"

#include <QString>
#include <functional>

namespace quiesce {

/// How a value is written in TOML; in the environment and in flags everything is text.
enum class TomlKind : unsigned char { String, Integer, Boolean };

/// What a kind of value looks like and how it is read and written, with its bounds.
template <typename Value>
struct SettingForm
{
    QString placeholder; ///< in the help: "DURATION", "text|json"
    QString expected; ///< in an error: `a duration like "25s"`
    TomlKind tomlKind = TomlKind::String;
    std::function<Result<Value, QString>(const QString &)> read; ///< the error is the reason
    std::function<QString(const Value &)> write;
};

/// One setting: where it is given, what it may be and what it means.
struct Setting
{
    enum class Reload : unsigned char {
        NeedsRestart,
        AtRunTime,
        WhileGiven, ///< at run time from one value to another; to or from none by a restart
    };

    QString section;
    QString name;
    QString flag; ///< without dashes; empty when there is none
    QString placeholder;
    QString expected;
    TomlKind tomlKind = TomlKind::String;
    Reload reload = Reload::NeedsRestart;
    QString meaning; ///< meaning, special values, bounds and what it must exceed
    QString computedDefault; ///< says how the default is found, when it depends on the machine
    QString example; ///< a value to show where the default depends on the machine

    /// Reads the text into its place. @error the reason why it cannot be that.
    std::function<Result<Done, QString>(Settings &, const QString &)> read;
    std::function<QString(const Settings &)> write;

    [[nodiscard]] QString sectionName() const { return section; }
    [[nodiscard]] QString flagName() const { return flag; }
    [[nodiscard]] QString key() const { return section + u'.' + name; }
    /// QUIESCE_<SECTION>_<KEY>
    [[nodiscard]] QString variable() const
    {
        return QStringLiteral("QUIESCE_") + section.toUpper() + u'_' + name.toUpper();
    }
};

} // namespace quiesce
