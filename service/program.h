// SPDX-License-Identifier: GPL-3.0-only
// Program: a Service as a process, with arguments, signals, log, files and an exit code.
#pragma once

#include "common/settings.h"
#include "service/core/unixsignals.h"
#include "service/host/configuration/configuration.h"
#include "service/host/datadir.h"
#include "service/host/filelimit.h"
#include "service/host/logging/logging.h"
#include "service/host/orphanreaper.h"
#include "service/host/runtimefile.h"
#include "service/host/servicemanager.h"
#include "service/logrelay.h"
#include "service/service.h"

#include <QCoreApplication>
#include <memory>
#include <optional>

namespace quiesce {

class ManagerReports;
struct PostgresOptions;
class Predecessor;
class Replacement;

/// What main() of a service is made of:
///
///     quiesce::Program program(argc, argv, { .name = "hello", .version = "1.0" });
///     program.service().route("/hello", [] { return "Hello, World!"; });
///     return program.run();
///
/// It reads the settings from flags, environment and file, turns signals into stops, keeps the data
/// directory, says when it is ready, and leaves with the contract's exit codes.
///
/// Thread:  the main thread; make it first thing in main(), before any other thread is started.
/// Owns:    the QCoreApplication, the Service and all that surrounds them.
/// Order:   routes, hooks and tasks are added to service() between construction and run().
/// Errors:  none are thrown. With wrong settings service() is one that is never started; run() says
///          what is wrong and returns the exit code.
class Program final : public QObject
{
    Q_OBJECT

public:
    struct About
    {
        QString name; ///< the default of service.name
        QString version;
    };

    Program(int &argc, char **argv, const About &about);
    ~Program() override;

    [[nodiscard]] Service &service() { return *m_service; }
    [[nodiscard]] const Settings &settings() const { return m_settings; }

    /// Runs until stopped and returns the exit code. When a handler, hook or task has been let go
    /// but is still on its thread, it does not return: it leaves the process with that code.
    [[nodiscard]] int run();

private:
    [[nodiscard]] Result<InheritedSockets, QString> takeInherited();
    [[nodiscard]] Configuration::Inputs inputs(const About &about, const InheritedSockets &sockets);
    [[nodiscard]] std::optional<QString> openDataDir();
    /// The exit code and the reason, when the token files give no tokens.
    [[nodiscard]] std::optional<EarlyExit> takeTokens();
    [[nodiscard]] std::optional<QString> open();
    [[nodiscard]] QList<Contradiction> checkTls(const Settings &settings);
    [[nodiscard]] QList<Contradiction> checkStore(const Settings &settings);
    [[nodiscard]] QList<Contradiction> checkBroker(const Settings &settings);
    void wireManager();
    void wireReplacement();
    void wirePredecessor();
    void serveInItsPlace();
    void takeItsRest();
    void replace(const StopCause &cause);
    void recordReplacement(const StopCause &cause, const QString &refusal);
    void leaveTo(qint64 pid, const StopCause &cause);
    void follow(const StateChange &change);
    void giveUp(const StoreError &error);
    void writeRuntimeFile();
    void announceReady();
    void takeSignal(SignalIntent intent, const StopCause &cause);
    [[nodiscard]] bool tryReload();
    [[nodiscard]] bool tryReloadSettings();
    [[nodiscard]] bool tryReloadTokens();
    void showReport(const StopReport &report) const;
    [[nodiscard]] int refuse(int code, const QString &reason) const;

    const QString m_path; ///< of this program, as it was started; first of all
    QCoreApplication m_app;
    UnixSignals m_signals;
    SystemClock m_clock;
    QString m_name;
    Settings m_settings;
    FileLimit m_fileLimit;
    std::optional<Configuration> m_configuration;
    ListenerTls m_tls; ///< of the settings that were checked last
    std::shared_ptr<const PostgresOptions> m_database; ///< of the same; null: there is none
    MakeBrokerLink m_broker; ///< of the same; null: there is none
    std::optional<EarlyExit> m_earlyExit;
    std::unique_ptr<Logging> m_logging;
    std::optional<DataDir> m_dataDir;
    std::unique_ptr<Service> m_service;
    Credentials m_credentials;
    std::unique_ptr<LogRelay> m_logRelay; ///< between the log and the service: goes before both
    std::optional<RuntimeFile> m_runtimeFile;
    std::unique_ptr<Predecessor> m_predecessor; ///< whose place this process takes
    bool m_isPrepared = false; ///< it could serve in that place
    bool m_wasTold = false; ///< and is to
    bool m_isAlone = false; ///< the one before has gone, and its rest is to be taken
    /// Who asked for a replacement while the one before was still there: three cannot share a
    /// store.
    std::optional<StopCause> m_deferred;
    std::unique_ptr<ManagerReports> m_manager; ///< null without a service manager
    std::unique_ptr<Replacement> m_replacement;
    std::optional<OrphanReaper> m_orphans; ///< as the first process of a container
    int m_exitCode = 0;
};

} // namespace quiesce
