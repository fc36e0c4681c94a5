// SPDX-License-Identifier: GPL-3.0-only
// Console: see the header.
#include "console/console.h"

#include "console/client/tokens/keyringvault.h"
#include "console/model/fleet/diagnostics.h"
#include "console/model/instance/instancemodels.h"
#include "console/view/actions/operationbar.h"
#include "console/view/charts/chartspanel.h"
#include "console/view/detail/instancepage.h"
#include "console/view/dialogs/aboutdialog.h"
#include "console/view/dialogs/preferencesdialog.h"
#include "console/view/dialogs/shortcutsdialog.h"
#include "console/view/fleet/fleetpage.h"
#include "console/view/look/theme.h"
#include "console/view/reports/reportspage.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QMessageBox>
#include <QProcessEnvironment>
#include <QPushButton>
#include <QStandardPaths>
#include <QStatusBar>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

const QString kLayout = u"window"_s;
const QString kQuitQuestion = u"quit-question"_s;
const QString kPageLayout = u"page"_s;

QString demoFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)
        + "/quiesce-console/demo"_L1;
}

QStringList runtimeFolders(const DemoService &demo)
{
    return RuntimeFolder::standardFolders(QProcessEnvironment::systemEnvironment())
        + QStringList{ demo.runtimeDir() };
}

} // namespace

Console::Console(const ConsoleOptions &options, const QString &folder, QObject *parent)
    : QObject(parent)
    , m_folder(folder)
    , m_options(options)
    , m_settings(folder + "/console.ini"_L1)
    , m_bookmarks(folder + "/connections.json"_L1)
    , m_tokens(std::make_unique<KeyringVault>())
    , m_fleet([](const InstanceSpec &spec) { return std::make_unique<InstanceClient>(spec); },
              m_tokens)
    , m_demo(demoFolder(), DemoService::findProgram(QCoreApplication::applicationDirPath()))
    , m_local(runtimeFolders(m_demo))
    , m_attention(m_fleet)
    , m_window(&m_model)
    , m_actions(m_operations, &m_window)
    , m_desk({ m_bookmarks, m_tokens, m_fleet, m_window })
{
    wireFleet();
    wireWindow();
    wirePage();
    wireActions();
    wireTray();
    wireDemo();
    applyChoices();
}

Console::~Console() = default;

void Console::start()
{
    m_window.restoreLayout(m_settings.state(kLayout));
    m_page->restoreLayout(m_settings.state(kPageLayout));
    m_rememberedId = m_settings.selectedIds().value(0);
    m_window.show();
    if (!m_settings.fault().isEmpty())
        tellFault(m_settings.fault());
    if (const Result<Done, QString> loaded = m_bookmarks.load(); !loaded)
        tellFault(loaded.error());
    for (const InstanceSpec &spec : m_bookmarks.all())
        m_fleet.addBookmark(spec);
    for (const QUrl &url : m_options.connectTo)
        connectTo(url);
    m_local.start();
}

void Console::connectTo(const QUrl &url)
{
    const Result<Instance *, QString> added = m_fleet.connectTo(url);
    if (!added)
        tellFault(added.error());
}

void Console::wireFleet()
{
    connect(&m_fleet, &Fleet::instanceAdded, this, [this](Instance *instance) {
        InstanceModels::of(instance) // its timeline begins now, whoever looks
            ->setOwnerNames([this](const QString &id) { return m_fleet.nameOfProcess(id); });
        m_model.add(instance);
        chooseRemembered(instance);
    });
    connect(&m_fleet, &Fleet::instanceAboutToBeRemoved, &m_model, &FleetModel::remove);
    connect(&m_fleet, &Fleet::tokenWanted, &m_desk, &ConnectionDesk::askForToken);
    connect(
        &m_fleet, &Fleet::tokenNotKept, this, [this](const Instance *instance, const QString &why) {
            m_window.statusBar()->showMessage(tr("The token of %1 is kept for this run only: %2")
                                                  .arg(instance->displayName(), why),
                                              kToldSeconds * 1'000);
        });
    connect(&m_fleet, &Fleet::refused, this, &Console::tellFault);
    connect(&m_bookmarks, &Bookmarks::added, &m_fleet, &Fleet::addBookmark);
    connect(&m_bookmarks, &Bookmarks::changed, &m_fleet, &Fleet::changeBookmark);
    connect(&m_bookmarks, &Bookmarks::removed, &m_fleet, &Fleet::removeBookmark);
    connect(&m_local, &RuntimeFolder::appeared, &m_fleet, &Fleet::addLocal);
    connect(&m_local, &RuntimeFolder::vanished, &m_fleet, &Fleet::removeLocal);
}

void Console::wireWindow()
{
    connect(&m_window, &MainWindow::addWanted, &m_desk, &ConnectionDesk::add);
    connect(&m_window, &MainWindow::importWanted, &m_desk, &ConnectionDesk::importConnections);
    connect(&m_window, &MainWindow::exportWanted, &m_desk, &ConnectionDesk::exportConnections);
    connect(&m_window, &MainWindow::preferencesWanted, this, &Console::showPreferences);
    connect(&m_window, &MainWindow::shortcutsWanted, this, [this] {
        (new ShortcutsDialog(m_window.findChildren<QAction *>(), &m_window))->open();
    });
    connect(&m_window, &MainWindow::diagnosticsWanted, this, &Console::copyDiagnostics);
    connect(&m_window, &MainWindow::aboutWanted, this,
            [this] { (new AboutDialog(&m_window))->open(); });
    connect(&m_window, &MainWindow::themeChosen, this, [this](Theme theme) {
        Choices choices = m_settings.choices();
        choices.theme = theme;
        m_settings.setChoices(choices);
    });
    connect(&m_window, &MainWindow::quitWanted, this, &Console::quit);
    connect(&m_window, &MainWindow::closeWanted, this, &Console::close);
    connect(&m_settings, &ConsoleSettings::changed, this, &Console::applyChoices);
    const FleetPage *page = m_window.fleetPage();
    connect(page, &FleetPage::editWanted, &m_desk, &ConnectionDesk::edit);
    connect(page, &FleetPage::removeWanted, &m_desk, &ConnectionDesk::remove);
    connect(page, &FleetPage::clearStoppedWanted, &m_fleet, &Fleet::clearStopped);
}

void Console::wirePage()
{
    auto *detail = new QWidget;
    auto *layout = new QVBoxLayout(detail);
    layout->setContentsMargins({});
    m_page = new InstancePage;
    m_charts = new ChartsPanel;
    m_page->addChartsWidget(m_charts);
    m_page->addReportsWidget(new ReportsPage);
    layout->addWidget(m_page, 1);
    layout->addWidget(new OperationBar(m_operations));
    m_window.setInstancePage(detail);

    connect(&m_window, &MainWindow::chosenChanged, m_page, &InstancePage::setInstance);
    connect(&m_window, &MainWindow::layoutReset, m_page, &InstancePage::resetLayout);
    connect(m_page, &InstancePage::commandWanted, this,
            [this](Instance *instance, const CommandRequest &request) {
                if (request.verb == Verb::CancelJob)
                    m_actions.askToCancelJob(instance, request.target);
                else
                    m_actions.askToCancelRequest(instance, request.target);
            });
    connect(m_page, &InstancePage::reconnectWanted, this,
            [this](Instance *instance) { m_desk.reconnect({ instance }); });
    connect(m_charts, &ChartsPanel::windowChanged, this, [this](std::chrono::minutes window) {
        Choices choices = m_settings.choices();
        choices.chartWindow = window;
        m_settings.setChoices(choices);
    });
}

void Console::wireActions()
{
    QList<QAction *> actions;
    for (const Verb verb : { Verb::Quiesce, Verb::Stop, Verb::Extend, Verb::Resume, Verb::Force })
        actions.append(m_actions.action(verb));
    actions.append({ m_actions.rollAction(), m_actions.reconnectAction(),
                     m_actions.curlMenu()->menuAction() });
    m_window.addInstanceActions(actions);
    connect(&m_window, &MainWindow::selectionChanged, &m_actions, &InstanceActions::setSelection);
    connect(&m_actions, &InstanceActions::reconnectRequested, &m_desk, &ConnectionDesk::reconnect);
}

void Console::wireTray()
{
    connect(&m_attention, &Attention::worstToneChanged, &m_tray, &TrayIcon::setTone);
    connect(&m_attention, &Attention::notice, this,
            [this](const QString &title, const QString &text, Tone tone) {
                if (m_settings.choices().hasNotifications)
                    m_tray.notify(title, text, tone);
            });
    connect(&m_model, &FleetModel::summaryChanged, this,
            [this] { m_tray.setSummary(summaryText(m_model.summary())); });
    connect(&m_tray, &TrayIcon::showWanted, this, &Console::showWindow);
    connect(&m_tray, &TrayIcon::quitWanted, this, &Console::quit);
}

void Console::wireDemo()
{
    connect(&m_window, &MainWindow::demoWanted, &m_demo, &DemoService::start);
    connect(&m_local, &RuntimeFolder::appeared, &m_demo, &DemoService::noteAppeared);
    connect(&m_demo, &DemoService::failed, this, &Console::tellFault);
}

void Console::showPreferences()
{
    auto *dialog = new PreferencesDialog(m_settings.choices(), &m_window);
    connect(dialog, &PreferencesDialog::chosen, &m_settings, &ConsoleSettings::setChoices);
    dialog->open();
}

void Console::applyChoices()
{
    const Choices &choices = m_settings.choices();
    applyTheme(choices.theme);
    m_window.setTheme(choices.theme);
    m_fleet.setRetention(choices.retention);
    m_charts->setWindow(std::chrono::duration_cast<std::chrono::minutes>(choices.chartWindow));
    m_actions.setDefaults(
        { .actor = choices.actor,
          .reasonNeed = choices.isReasonRequired ? ReasonNeed::Required : ReasonNeed::Optional,
          .nameNeed = choices.isNameTypedInProduction ? NameNeed::InProduction : NameNeed::Never,
          .extension = choices.extension });
}

void Console::chooseRemembered(Instance *instance)
{
    if (m_rememberedId.isEmpty() || instance->spec().id != m_rememberedId)
        return;
    m_rememberedId.clear();
    m_window.fleetPage()->choose(instance);
}

void Console::saveLayout()
{
    m_settings.setState(kLayout, m_window.saveLayout());
    m_settings.setState(kPageLayout, m_page->saveLayout());
    QStringList ids;
    if (const Instance *chosen = m_window.fleetPage()->chosen())
        ids.append(chosen->spec().id);
    m_settings.setSelectedIds(ids);
    m_settings.sync();
}

void Console::close()
{
    if (!m_settings.choices().closesToTray || !m_tray.isThere())
        return quit();
    m_window.hide();
    if (!std::exchange(m_hasToldOfTray, true)) {
        m_tray.notify(tr("Quiesce Console goes on in the tray"),
                      tr("Its icon brings the window back. Quitting it never touches a service."),
                      Tone::Neutral);
    }
}

void Console::quit()
{
    if (m_actions.isRolling())
        askToQuit();
    else
        end();
}

/// Nobody would go on with what is left of it.
void Console::askToQuit()
{
    if (m_window.findChild<QMessageBox *>(kQuitQuestion))
        return;
    auto *box = new QMessageBox(QMessageBox::Question, tr("Quit Quiesce Console?"),
                                tr("A rolling stop is under way. It ends with the console: the "
                                   "instance that is stopping goes on, those after it are left "
                                   "alone. No service notices."),
                                QMessageBox::NoButton, &m_window);
    box->setObjectName(kQuitQuestion);
    box->setAttribute(Qt::WA_DeleteOnClose);
    const QPushButton *leave = box->addButton(tr("&Quit"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(leave, &QPushButton::clicked, this, &Console::end);
    showWindow();
    box->open();
}

void Console::end()
{
    saveLayout();
    m_window.closeForGood();
    m_window.close();
    QCoreApplication::quit();
}

void Console::showWindow()
{
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

void Console::copyDiagnostics()
{
    QGuiApplication::clipboard()->setText(diagnosticsText({ .folder = m_folder,
                                                            .settingsFault = m_settings.fault(),
                                                            .choices = m_settings.choices(),
                                                            .instances = m_fleet.instances() },
                                                          QDateTime::currentDateTimeUtc()));
    m_window.statusBar()->showMessage(tr("Diagnostics are in the clipboard: no secret is in them"),
                                      kToldSeconds * 1'000);
}

void Console::tellFault(const QString &text)
{
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Quiesce Console"), text, QMessageBox::Ok,
                                &m_window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->open();
}

} // namespace quiesce
