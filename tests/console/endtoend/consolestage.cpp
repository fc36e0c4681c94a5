// SPDX-License-Identifier: GPL-3.0-only
// ConsoleStage: see the header.
#include "tests/console/endtoend/consolestage.h"

#include "console/client/discovery/bookmarkfile.h"
#include "console/translation.h"
#include "tests/console/endtoend/eyes.h"
#include "tests/console/endtoend/hands.h"
#include "tests/kit/lastingport.h"

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>
#include <algorithm>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

QUrl adminOf(const ServiceProcess &service)
{
    return QUrl(u"http://127.0.0.1:%1"_s.arg(service.adminPort()));
}

/// Of the toolbar's buttons, "Drain and stop" for "&Drain and stop…".
QString nameOf(const QAction &action)
{
    return withoutMark(action.text()).remove(u'…');
}

} // namespace

ConsoleStage::ConsoleStage()
{
    // Neither the services of who runs the tests, nor their keyring.
    for (const char *name : { "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME" })
        qputenv(name, QFile::encodeName(m_folder.path()));
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    installTranslation(Language::English);
}

ConsoleStage::~ConsoleStage() = default;

void ConsoleStage::letFind(const ServiceProcess &service)
{
    m_runtimeFolders.append(service.path(u"run"_s));
}

void ConsoleStage::keep(const ServiceProcess &service, const Connection &connection)
{
    InstanceSpec spec;
    spec.id = u"connection-%1"_s.arg(m_kept.size());
    spec.name = connection.name;
    spec.adminUrl = adminOf(service);
    spec.environment = connection.environment;
    spec.tokenSource = TokenSource::File;
    spec.tokenFile = connection.tokenFile.isEmpty() ? service.dataDir() + "/admin-token"_L1
                                                    : connection.tokenFile;
    m_kept.append(spec);
}

void ConsoleStage::connectTo(const ServiceProcess &service)
{
    m_options.connectTo.append(adminOf(service));
}

bool ConsoleStage::open()
{
    qputenv("RUNTIME_DIRECTORY", QFile::encodeName(m_runtimeFolders.join(u':')));
    if (!m_kept.isEmpty()) {
        QFile file(m_folder.filePath(u"connections.json"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(bookmarksToJson(m_kept)) <= 0)
            return false;
    }
    m_console = std::make_unique<Console>(m_options, m_folder.path());
    m_console->start();
    window().resize(1'500, 1'000); // all of the tool bar, and a page that is not squeezed
    window().activateWindow();
    return QTest::qWaitForWindowActive(&window(), int(kLongestWait.count()));
}

QTreeView *ConsoleStage::fleetTable()
{
    for (QTreeView *view : window().findChildren<QTreeView *>()) {
        if (view->accessibleName() == "Services"_L1)
            return view;
    }
    return nullptr;
}

QModelIndex ConsoleStage::rowOf(const QString &name)
{
    const QTreeView *table = fleetTable();
    for (int row = 0; table && row < table->model()->rowCount(); ++row) {
        const QModelIndex cell = table->model()->index(row, int(FleetColumn::Name));
        if (cell.data().toString() == name)
            return cell;
    }
    return {};
}

QString ConsoleStage::cell(const QString &name, FleetColumn column)
{
    return rowOf(name).siblingAtColumn(int(column)).data().toString();
}

bool ConsoleStage::showsAs(const QString &name, const QString &state)
{
    const bool isSo = isSoon([&] { return cell(name, FleetColumn::State) == state; });
    if (!isSo)
        qWarning().noquote() << name << "is not" << state << "in\n" << rowsIn(fleetTable());
    return isSo;
}

bool ConsoleStage::choose(const QStringList &names)
{
    Qt::KeyboardModifiers modifiers;
    for (const QString &name : names) {
        if (!clickCell(fleetTable(), rowOf(name), modifiers))
            return false;
        modifiers = Qt::ControlModifier;
    }
    return true;
}

QToolButton *ConsoleStage::button(const QString &text)
{
    auto *bar = window().findChild<QToolBar *>(u"actions"_s);
    for (QAction *action : bar->actions()) {
        if (nameOf(*action) == text)
            return qobject_cast<QToolButton *>(bar->widgetForAction(action));
    }
    return nullptr;
}

bool ConsoleStage::clickButton(const QString &text)
{
    QToolButton *wanted = button(text);
    const bool isEnabled = wanted && isSoon([wanted] { return wanted->isEnabled(); });
    if (!isEnabled)
        qWarning().noquote() << text << "is disabled:" << (wanted ? wanted->toolTip() : QString());
    return isEnabled && click(wanted);
}

bool ConsoleStage::isRefused(const QString &text, const QString &why)
{
    const QToolButton *wanted = button(text);
    const bool isSo =
        wanted && isSoon([&] { return !wanted->isEnabled() && wanted->toolTip().contains(why); });
    if (!isSo && wanted)
        qWarning().noquote() << text << "is" << (wanted->isEnabled() ? "enabled:" : "disabled:")
                             << wanted->toolTip();
    return isSo;
}

QDialog *ConsoleStage::dialog()
{
    QDialog *found = nullptr;
    const bool isThere = isSoon([&] {
        found = qobject_cast<QDialog *>(QApplication::activeWindow());
        return found && found->isVisible();
    });
    return isThere ? found : nullptr;
}

bool ConsoleStage::confirm(const QString &reason)
{
    const QDialog *asking = dialog();
    return type(fieldOf(asking, u"Reason:"_s), reason) && click(buttonOf(asking, u"confirm"_s))
        && isUndisturbed();
}

bool ConsoleStage::isUndisturbed()
{
    const bool isSo = isSoon([] {
        const QWidgetList windows = QApplication::topLevelWidgets();
        return std::none_of(windows.begin(), windows.end(), [](const QWidget *window) {
            return window->isVisible() && qobject_cast<const QDialog *>(window);
        });
    });
    window().activateWindow(); // as a window manager does, which is not there offscreen
    return isSo;
}

bool startAs(ServiceProcess &service, const QString &name, const QStringList &flags)
{
    service.setEnvironment(u"QUIESCE_SERVICE_NAME"_s, name);
    service.setEnvironment(u"QUIESCE_LIMITS_BODY_TIMEOUT"_s, u"10m"_s);
    service.setEnvironment(u"QUIESCE_LIMITS_REQUEST_TIMEOUT"_s, u"0s"_s);
    const auto at = [](quint16 port) { return u"127.0.0.1:%1"_s.arg(port); };
    const quint16 port = service.adminPort() ? service.adminPort() : lastingPort();
    return service.start(QStringList{ u"--admin-listen"_s, at(port) } + flags);
}

QLineEdit *fieldOf(const QWidget *dialog, const QString &label)
{
    for (const QLabel *candidate : dialog ? dialog->findChildren<QLabel *>() : QList<QLabel *>()) {
        if (withoutMark(candidate->text()) == label)
            return qobject_cast<QLineEdit *>(candidate->buddy());
    }
    return nullptr;
}

QPushButton *buttonOf(const QWidget *dialog, const QString &name)
{
    return dialog ? dialog->findChild<QPushButton *>(name) : nullptr;
}

} // namespace quiesce::test
