// SPDX-License-Identifier: GPL-3.0-only
// ConsoleOptions: reads them with QCommandLineParser.
#include "console/options.h"

#include "console/client/instancespec.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::ConsoleOptions)
};

struct Known
{
    QCommandLineOption connect{
        u"connect"_s,
        Text::tr(
            "Watch the admin listener at <URL> in this run, e.g. http://127.0.0.1:9090. May be "
            "given more than once; its token is asked for."),
        u"URL"_s
    };
    QCommandLineOption configDir{ u"config-dir"_s,
                                  Text::tr("Keep connections and choices in <folder> instead of "
                                           "$XDG_CONFIG_HOME/quiesce-console."),
                                  u"folder"_s };
    QCommandLineOption help{ { u"h"_s, u"help"_s }, Text::tr("Show this help.") };
    QCommandLineOption version{ { u"v"_s, u"version"_s }, Text::tr("Show the version.") };
};

void prepare(QCommandLineParser &parser, const Known &known)
{
    parser.setApplicationDescription(Text::tr(
        "Watches services that stop with Quiesce and takes part in their stops. Services of "
        "this machine appear by themselves. Quitting it never touches a service."));
    parser.addOptions({ known.connect, known.configDir, known.help, known.version });
}

} // namespace

Result<ConsoleOptions, QString> parseConsoleOptions(const QStringList &arguments)
{
    const Known known;
    QCommandLineParser parser;
    prepare(parser, known);
    if (!parser.parse(arguments))
        return Failure{ parser.errorText() };
    ConsoleOptions options;
    if (parser.isSet(known.help))
        options.show = ConsoleOptions::Show::Help;
    else if (parser.isSet(known.version))
        options.show = ConsoleOptions::Show::Version;
    if (!parser.positionalArguments().isEmpty()) {
        return Failure{ Text::tr("\"%1\" is not an option. To watch an address use --connect.")
                            .arg(parser.positionalArguments().constFirst()) };
    }
    for (const QString &text : parser.values(known.connect)) {
        const std::optional<QUrl> url = adminUrlFromUserInput(text);
        if (!url) {
            return Failure{ Text::tr(
                                "--connect %1: not the http or https address of a host, such as "
                                "http://127.0.0.1:9090.")
                                .arg(text) };
        }
        options.connectTo.append(*url);
    }
    options.configDir = parser.value(known.configDir);
    if (parser.isSet(known.configDir) && options.configDir.isEmpty())
        return Failure{ Text::tr("--config-dir wants a folder.") };
    return options;
}

QString consoleHelp()
{
    const Known known;
    QCommandLineParser parser;
    prepare(parser, known);
    return parser.helpText();
}

} // namespace quiesce
