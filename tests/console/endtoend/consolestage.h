// SPDX-License-Identifier: GPL-3.0-only
// ConsoleStage: the whole console in its window, with a folder of its own, for an operator to use.
#pragma once

#include "console/console.h"
#include "console/model/fleet/fleetcells.h"
#include "tests/endtoend/serviceprocess.h"

#include <QDialog>
#include <QTemporaryDir>
#include <memory>

class QToolButton;
class QTreeView;

namespace quiesce::test {

/// Knows of no instance of this machine but those it is told of.
///
/// Thread: GUI. Owns: the console, and whatever it has written. The services outlive it.
/// Blocks: each wait until its event, at most kLongestWait, while the event loop goes on.
class ConsoleStage final
{
public:
    /// A connection as an operator has saved it.
    struct Connection
    {
        QString name;
        Environment environment = Environment::None;
        QString tokenFile = {}; ///< empty: the operator's own, of the service's data directory
    };

    ConsoleStage();
    ~ConsoleStage();
    ConsoleStage(const ConsoleStage &) = delete;
    ConsoleStage &operator=(const ConsoleStage &) = delete;

    // Before open():
    /// Its runtime file is where the console looks for services of this machine.
    void letFind(const ServiceProcess &service);
    void keep(const ServiceProcess &service, const Connection &connection);
    /// As `--connect`.
    void connectTo(const ServiceProcess &service);

    /// False when its window does not come to have the focus.
    [[nodiscard]] bool open();

    [[nodiscard]] MainWindow &window() { return m_console->window(); }
    template <typename Part>
    [[nodiscard]] Part *part()
    {
        return window().findChild<Part *>();
    }

    // The list of services:
    /// Its name's cell; none: it is not in the list.
    [[nodiscard]] QModelIndex rowOf(const QString &name);
    [[nodiscard]] QString cell(const QString &name, FleetColumn column);
    /// False when it does not come to be in this state.
    [[nodiscard]] bool showsAs(const QString &name, const QString &state);
    /// Clicks their rows, from the second on with Ctrl.
    [[nodiscard]] bool choose(const QStringList &names);

    // The tool bar, and what it asks:
    /// By its text without mark and dots, "Drain and stop"; null when there is none.
    [[nodiscard]] QToolButton *button(const QString &text);
    /// Once it is enabled.
    [[nodiscard]] bool clickButton(const QString &text);
    /// False when it does not come to be disabled, or its tool tip to say why.
    [[nodiscard]] bool isRefused(const QString &text, const QString &why);
    /// The dialog that has come up and has the focus; null when none does.
    [[nodiscard]] QDialog *dialog();
    /// Gives that reason in the dialog that has come up, and clicks its verb.
    [[nodiscard]] bool confirm(const QString &reason);
    /// None is there any more, and the window has the focus again.
    [[nodiscard]] bool isUndisturbed();

private:
    [[nodiscard]] QTreeView *fleetTable();

    QTemporaryDir m_folder;
    ConsoleOptions m_options;
    QStringList m_runtimeFolders;
    QList<InstanceSpec> m_kept;
    std::unique_ptr<Console> m_console;
};

/// Starts it under this name, at the admin port of before where it has run before, and with no time
/// limit for what is in flight but a stop's.
[[nodiscard]] bool startAs(ServiceProcess &service, const QString &name,
                           const QStringList &flags = {});

/// In a dialog: the field beside this label, without the mark of its key.
[[nodiscard]] QLineEdit *fieldOf(const QWidget *dialog, const QString &label);
/// In a dialog: by its object name.
[[nodiscard]] QPushButton *buttonOf(const QWidget *dialog, const QString &name);

} // namespace quiesce::test
