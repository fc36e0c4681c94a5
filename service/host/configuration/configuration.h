// SPDX-License-Identifier: GPL-3.0-only
// Configuration: from defaults, file, environment and flags to settings, or to every reason why
// not.
#pragma once

#include "common/result.h"
#include "common/settings.h"
#include "service/host/configuration/commandline.h"
#include "service/host/configuration/contradictions.h"

#include <QMap>
#include <QProcessEnvironment>
#include <QStringList>
#include <functional>

namespace quiesce {

/// The program has nothing to run: print the text and exit.
struct EarlyExit
{
    int code = 0; ///< see exitcodes.h
    QString text; ///< whole lines; for stdout when the code is 0, else for stderr
};

/// What a reload found. Only what may change at run time has changed.
struct ReloadedSettings
{
    Settings settings;
    QStringList changed; ///< keys whose new value is in `settings`
    QStringList needRestart; ///< keys that differ but keep their value until a restart
};

/// The effective settings and where each came from.
///
/// Thread: event loop.
/// Blocks: load() and reload() read one file of at most kMaxFileBytes.
/// Order:  later wins: defaults, the file of --config, QUIESCE_<SECTION>_<KEY>, flags, inherited
///         sockets. Every value
///         given is checked, also one that a later source overrides.
class Configuration final
{
public:
    static constexpr qint64 kMaxFileBytes = qint64{ 1'024 } * 1'024;

    struct Inputs
    {
        QStringList arguments; ///< begins with the program's name
        QProcessEnvironment environment;
        QString name = QStringLiteral(
            "quiesced"); ///< the program's: for --help, --version, and the default of service.name
        QString version; ///< for --version
        /// Key → value: what the process was started with and nothing can change, the addresses of
        /// inherited sockets. It wins over every other source.
        QMap<QString, QString> inherited{};
        /// Looks at what settings without an error name, such as files; the reasons it finds are
        /// errors of the configuration. Also asked by --check-config and before each reload.
        std::function<QList<Contradiction>(const Settings &)> check;
    };

    /// Opens nothing but the file of --config.
    /// @error --help and the like (code 0), bad usage (64), bad configuration (78: all errors at
    ///        once, one a line, each beginning with its source).
    [[nodiscard]] static Result<Configuration, EarlyExit> load(const Inputs &inputs);

    [[nodiscard]] const Settings &settings() const { return m_settings; }
    /// Which probe is asked for instead of a run; empty: none.
    [[nodiscard]] const QString &probe() const { return m_commandLine.probe; }

    /// Reads the file again, with the same environment and flags.
    /// @error as of load(), one an item; then nothing has changed.
    [[nodiscard]] Result<ReloadedSettings, QStringList> reload();

private:
    Configuration(CommandLine commandLine, const Inputs &inputs);

    CommandLine m_commandLine;
    QProcessEnvironment m_environment;
    QString m_name;
    QMap<QString, QString> m_inherited;
    std::function<QList<Contradiction>(const Settings &)> m_check;
    Settings m_settings;
    QMap<QString, QString> m_sources; ///< key → where its value came from
};

} // namespace quiesce
