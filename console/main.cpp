// SPDX-License-Identifier: GPL-3.0-only
// quiesce-console: arguments → language → Console → event loop.
#include "console/client/discovery/configfile.h"
#include "console/console.h"
#include "console/model/settings/consolesettings.h"
#include "console/options.h"
#include "console/singleinstance.h"
#include "console/translation.h"

#include <QApplication>
#include <QProcessEnvironment>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>

namespace {

constexpr int kExitUsage = 64;
constexpr int kExitUnavailable = 69;

bool wantsNoWindow(int argc, char *argv[])
{
    return std::any_of(argv + 1, argv + argc, [](const char *argument) {
        for (const char *asked : { "--help", "-h", "--version", "-v" }) {
            if (std::strcmp(argument, asked) == 0)
                return true;
        }
        return false;
    });
}

/// Of what needs no window; none when it is something else.
std::optional<int> answer(const quiesce::ConsoleOptions &options)
{
    switch (options.show) {
    case quiesce::ConsoleOptions::Show::Help:
        std::fputs(qPrintable(quiesce::consoleHelp()), stdout);
        return 0;
    case quiesce::ConsoleOptions::Show::Version:
        std::puts("quiesce-console " QUIESCE_VERSION);
        return 0;
    case quiesce::ConsoleOptions::Show::Window:
        break;
    }
    return std::nullopt;
}

int refuse(const QString &error)
{
    std::fprintf(stderr, "quiesce-console: %s\n", qPrintable(error));
    return kExitUsage;
}

/// What needs no window is answered where there is no display, too: without one a QApplication ends
/// the program.
int runWithoutWindow(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const auto options = quiesce::parseConsoleOptions(QCoreApplication::arguments());
    return options ? answer(options.value()).value_or(kExitUsage) : refuse(options.error());
}

/// To the console that has this folder already.
int handOver(const quiesce::SingleInstance &instance, const quiesce::ConsoleOptions &options)
{
    if (instance.handOver(options.connectTo)) {
        std::puts("quiesce-console: already running, its window is shown (another one at a time: "
                  "--config-dir)");
        return 0;
    }
    std::fprintf(stderr, "quiesce-console: already running (%s), and it does not answer\n",
                 qPrintable(instance.firstOne()));
    return kExitUnavailable;
}

int runConsole(int argc, char *argv[])
{
    using namespace quiesce;
    const QApplication application(argc, argv); // takes what is Qt's out of the arguments
    QApplication::setQuitOnLastWindowClosed(false);
    const auto options = parseConsoleOptions(QCoreApplication::arguments());
    if (!options)
        return refuse(options.error());
    const QString folder =
        configFolder(options.value().configDir, QProcessEnvironment::systemEnvironment());
    SingleInstance instance(folder);
    if (!instance.isFirst())
        return handOver(instance, options.value());
    installTranslation(ConsoleSettings(folder + QStringLiteral("/console.ini")).choices().language);
    Console console(options.value(), folder);
    QObject::connect(&instance, &SingleInstance::startedAgain, &console,
                     [&console](const QList<QUrl> &urls) {
                         console.showWindow();
                         for (const QUrl &url : urls)
                             console.connectTo(url);
                     });
    console.start();
    return QApplication::exec();
}

void nameProgram()
{
    QCoreApplication::setApplicationName(QStringLiteral("quiesce-console"));
    QCoreApplication::setApplicationVersion(QStringLiteral(QUIESCE_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Quiesce Console"));
    QGuiApplication::setDesktopFileName(QStringLiteral("quiesce-console"));
}

} // namespace

int main(int argc, char *argv[])
{
    nameProgram();
    return wantsNoWindow(argc, argv) ? runWithoutWindow(argc, argv) : runConsole(argc, argv);
}
