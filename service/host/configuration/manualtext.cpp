// SPDX-License-Identifier: GPL-3.0-only
// Formats the settings table and the flags for the manual pages.
#include "service/host/configuration/manualtext.h"

#include "service/host/configuration/commandline.h"
#include "service/host/configuration/settingstable.h"

#include <QHash>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// Of something that is typed: each hyphen is a minus sign.
QString literal(const QString &text)
{
    return forManual(text).replace("\\-"_L1, "-"_L1).replace(u'-', "\\-"_L1);
}

QString bold(const QString &text)
{
    return "\\fB"_L1 + literal(text) + "\\fR"_L1;
}

QString italic(const QString &text)
{
    return "\\fI"_L1 + literal(text) + "\\fR"_L1;
}

QString paragraph(const QString &heading, const QString &text)
{
    return ".TP\n"_L1 + heading + u'\n' + text + u'\n';
}

QString flagHeading(const QString &name, const QString &placeholder)
{
    return bold("--"_L1 + name) + (placeholder.isEmpty() ? QString() : u' ' + italic(placeholder));
}

QString defaultOf(const Setting &setting)
{
    if (!setting.computedDefault.isEmpty())
        return forManual(setting.computedDefault);
    const QString text = setting.write(Settings{});
    return text.isEmpty() ? u"empty"_s : bold(text);
}

QString settingHeading(const Setting &setting)
{
    const bool isText = setting.tomlKind == TomlKind::String;
    const QString quote = isText ? u"\\(dq"_s : QString();
    return bold(setting.name) + " = "_L1 + quote + italic(setting.placeholder) + quote;
}

QString settingText(const Setting &setting)
{
    QString text =
        forManual(setting.meaning) + "\nDefault: "_L1 + defaultOf(setting) + ".\n.br\n"_L1;
    if (!setting.flag.isEmpty())
        text += "Flag "_L1 + bold("--"_L1 + setting.flag) + ", variable "_L1;
    else
        text += "Variable "_L1;
    text += bold(setting.variable());
    switch (setting.reload) {
    case Setting::Reload::NeedsRestart:
        return text + u'.';
    case Setting::Reload::AtRunTime:
        return text + "; SIGHUP reads it again."_L1;
    case Setting::Reload::WhileGiven:
        return text + "; SIGHUP reads it again as long as it is given before and after."_L1;
    }
    return text;
}

} // namespace

QString forManual(const QString &text)
{
    static const QHash<QChar, QString> kEscapes{
        { u'\\', u"\\e"_s },  { u'"', u"\\(dq"_s }, { u'\'', u"\\(aq"_s },
        { u'~', u"\\(ti"_s }, { u'^', u"\\(ha"_s }, { u'`', u"\\(ga"_s },
    };
    QString out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool beginsWord = i == 0 || text[i - 1].isSpace();
        if (beginsWord && text[i] == u'-') // a flag, or a number below zero
            out += "\\-"_L1;
        else if (beginsWord && text[i] == u'.')
            out += "\\&."_L1;
        else
            out += kEscapes.value(text[i], text[i]);
    }
    return out;
}

QString manualOptions()
{
    QString out;
    for (const ProgramFlag &flag : programFlags())
        out += paragraph(flagHeading(flag.name, flag.placeholder), forManual(flag.meaning));
    for (const Setting &setting : settingsTable()) {
        if (setting.flag.isEmpty())
            continue;
        out += paragraph(flagHeading(setting.flag, setting.placeholder),
                         forManual(setting.meaning) + "\nSetting "_L1 + bold(setting.key())
                             + ", default: "_L1 + defaultOf(setting) + u'.');
    }
    return out;
}

QString manualSettings()
{
    QString out;
    QString section;
    for (const Setting &setting : settingsTable()) {
        if (setting.section != section)
            out += ".SS ["_L1 + setting.section + "]\n"_L1;
        section = setting.section;
        out += paragraph(settingHeading(setting), settingText(setting));
    }
    return out;
}

} // namespace quiesce
