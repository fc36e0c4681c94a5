// SPDX-License-Identifier: GPL-3.0-only
// Formats the settings table for people and for the TOML reader.
#include "service/host/configuration/settingstext.h"

#include "common/printable.h"
#include "service/host/configuration/commandline.h"
#include "service/host/configuration/commandrows.h"
#include "service/host/configuration/settingstable.h"
#include "service/host/configuration/tomlvalues.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLineWidth = 98;

/// Breaks at spaces; every line begins with `indent`.
QString wrapped(const QString &text, const QString &indent)
{
    QString out;
    QString line = indent;
    for (const QString &word : text.split(u' ')) {
        if (line.size() > indent.size() && line.size() + 1 + word.size() > kLineWidth) {
            out += line + u'\n';
            line = indent;
        }
        line += line.size() > indent.size() ? u' ' + word : word;
    }
    return out + line + u'\n';
}

QString tomlLiteral(const Setting &setting, const QString &text)
{
    return setting.tomlKind == TomlKind::String ? tomlString(text) : text;
}

QString assignment(const Setting &setting, const QString &text)
{
    return setting.name + " = "_L1 + tomlLiteral(setting, text);
}

QString defaultText(const Setting &setting)
{
    return setting.computedDefault.isEmpty() ? setting.write(Settings{}) : setting.computedDefault;
}

QString flagText(const QString &name, const QString &placeholder)
{
    return "--"_L1 + name + (placeholder.isEmpty() ? QString() : u' ' + placeholder);
}

/// Writes `[section]` before the first setting of each.
class Sections final
{
public:
    [[nodiscard]] QString headingBefore(const Setting &setting)
    {
        if (setting.section == m_current)
            return {};
        const QString gap = m_current.isEmpty() ? QString() : u"\n"_s;
        m_current = setting.section;
        return gap + u'[' + m_current + "]\n"_L1;
    }

private:
    QString m_current;
};

QString settingHelp(const Setting &setting)
{
    const QString flag =
        setting.flag.isEmpty() ? QString() : flagText(setting.flag, setting.placeholder) + ", "_L1;
    return "  "_L1 + flag + assignment(setting, setting.placeholder) + u'\n'
        + wrapped(setting.meaning + " Default: "_L1 + defaultText(setting), u"      "_s);
}

QString forMarkdown(QString text)
{
    return text.replace(u'<', "&lt;"_L1).replace(u'|', "\\|"_L1);
}

QString code(const QString &text)
{
    return text.isEmpty() ? QString() : u'`' + QString(text).replace(u'|', "\\|"_L1) + u'`';
}

} // namespace

QString helpText(const QString &program)
{
    QString out =
        u"Usage: %1 [flags]\n\nAn HTTP service that stops without losing anything.\n\n"_s.arg(
            program);
    for (const ProgramFlag &flag : programFlags())
        out += "  "_L1 + flagText(flag.name, flag.placeholder) + u'\n'
            + wrapped(flag.meaning, u"      "_s);
    out += u'\n'
        + wrapped(u"Settings, later wins: defaults, the file of --config, the environment as "
                  "QUIESCE_<SECTION>_<KEY> (QUIESCE_STOP_GRACE=25s), flags. Durations are an "
                  "integer and ms, s, m or h; sizes an integer and B, KiB, MiB or GiB. SIGHUP "
                  "reads the file again."_s,
                  {});
    out += u'\n';
    Sections sections;
    for (const Setting &setting : settingsTable())
        out += sections.headingBefore(setting) + settingHelp(setting);
    return out;
}

QString settingsToml(const Settings &settings, const QMap<QString, QString> &sources)
{
    QString out;
    Sections sections;
    for (const Setting &setting : settingsTable())
        out += sections.headingBefore(setting) + assignment(setting, setting.write(settings))
            + " # "_L1 + printable(sources.value(setting.key())) + u'\n';
    for (const CommandSettings &command : settings.jobs.commands)
        out += commandToml(command, sources);
    return out;
}

QString exampleConfiguration()
{
    QString out = u"# SPDX-License-Identifier: GPL-3.0-only\n"
                  "# Every setting of quiesced with its default. What depends on the machine is "
                  "commented out.\n\n"_s;
    Sections sections;
    for (const Setting &setting : settingsTable()) {
        out += sections.headingBefore(setting) + wrapped(setting.meaning, u"# "_s);
        if (setting.computedDefault.isEmpty())
            out += assignment(setting, setting.write(Settings{})) + u'\n';
        else
            out += "# Default: "_L1 + setting.computedDefault + "\n#"_L1
                + assignment(setting, setting.example) + u'\n';
    }
    return out;
}

QString settingsTableMarkdown()
{
    QString out = u"| setting | flag | default | reload | meaning |\n|---|---|---|---|---|\n"_s;
    for (const Setting &setting : settingsTable()) {
        const bool isReloadable = setting.reload != Setting::Reload::NeedsRestart;
        const QString flag = setting.flag.isEmpty() ? QString() : "--"_L1 + setting.flag;
        out += "| "_L1
            + QStringList{ code(setting.key()), code(flag), code(defaultText(setting)),
                           isReloadable ? u"yes"_s : QString(), forMarkdown(setting.meaning) }
                  .join(" | "_L1)
            + " |\n"_L1;
    }
    return out;
}

} // namespace quiesce
