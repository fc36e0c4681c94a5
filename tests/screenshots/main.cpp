// SPDX-License-Identifier: GPL-3.0-only
// console_screenshots FOLDER: the console's window in five situations, each light and dark, with
// real services. Needs a display; tests/screenshots/take gives it one.
#include "console/client/discovery/bookmarkfile.h"
#include "console/console.h"
#include "console/translation.h"
#include "console/view/fleet/fleetpage.h"
#include "tests/screenshots/photographer.h"
#include "tests/screenshots/scene.h"

#include <QApplication>
#include <QEventLoop>
#include <QFile>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTimer>
#include <chrono>
#include <csignal>
#include <cstdio>

namespace quiesce::shots {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds kHistory{ 75 }; ///< for charts and sparklines to show something

void turnFor(std::chrono::milliseconds time)
{
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    loop.exec();
}

QList<Part> fleetOfTwenty()
{
    QList<Part> parts;
    const auto add = [&parts](const QString &name, Environment environment, int busy,
                              const QStringList &flags = {}) {
        parts.append(
            { .name = name, .environment = environment, .requestsAtATime = busy, .flags = flags });
    };
    for (int i = 1; i <= 6; ++i)
        add(u"orders-%1"_s.arg(i), Environment::Production, i % 3 + 1);
    for (int i = 1; i <= 5; ++i)
        add(u"billing-%1"_s.arg(i), Environment::Production, i % 2);
    for (int i = 1; i <= 4; ++i)
        add(u"search-%1"_s.arg(i), Environment::Staging, i % 2);
    for (int i = 1; i <= 4; ++i)
        add(u"media-%1"_s.arg(i), Environment::Development, 0);
    return parts;
}

void writeConnections(const QString &folder, const QList<InstanceSpec> &specs)
{
    QFile file(folder + "/connections.json"_L1);
    if (file.open(QIODevice::WriteOnly))
        file.write(bookmarksToJson(specs));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

void showTab(Console &console, int index)
{
    for (QTabWidget *tabs : console.window().findChildren<QTabWidget *>())
        tabs->setCurrentIndex(index);
}

void choose(Console &console, const QString &name)
{
    for (Instance *instance : console.fleet().instances()) {
        if (instance->displayName() == name)
            console.window().fleetPage()->choose(instance);
    }
}

bool takeEmpty(const Photographer &photographer)
{
    const QTemporaryDir folder;
    Console console({}, folder.path());
    console.start();
    console.window().resize(1'280, 800);
    return photographer.take(console, u"empty"_s);
}

/// What befalls some of them before the picture is taken.
void playFleet(Scene &scene)
{
    scene.service(u"media-4"_s).signal(SIGKILL);
    scene.service(u"media-3"_s).signal(SIGTERM);
    scene.hold(u"search-4"_s, u"/work?ms=120000&mode=cpu"_s);
    scene.hold(u"billing-5"_s, u"/work?ms=90000"_s);
    scene.hold(u"billing-5"_s, u"/work?ms=95000"_s);
    turnFor(500ms);
    scene.service(u"billing-5"_s).signal(SIGTERM);
    scene.service(u"search-4"_s).signal(SIGTERM);
    turnFor(500ms);
    scene.service(u"search-4"_s).signal(SIGTERM); // once more: it is forced
}

bool takeFleet(const Photographer &photographer)
{
    Scene scene(fleetOfTwenty());
    if (!scene.start())
        return false;
    QList<InstanceSpec> specs = scene.specs();
    InstanceSpec away = specs.constFirst();
    away.id = u"shot-away"_s;
    away.name = u"archive-1"_s;
    away.environment = Environment::Staging;
    away.adminUrl = QUrl(u"http://127.0.0.1:9"_s);
    specs.append(away);
    const QTemporaryDir folder;
    writeConnections(folder.path(), specs);
    Console console({}, folder.path());
    console.start();
    console.window().resize(1'440, 900);
    turnFor(kHistory);
    playFleet(scene);
    choose(console, u"billing-5"_s);
    turnFor(4s);
    return photographer.take(console, u"fleet"_s);
}

void holdMany(Scene &scene)
{
    for (int i = 0; i < 9; ++i)
        scene.hold(u"orders-1"_s, u"/work?ms=%1"_s.arg(14'000 + i * 1'700));
    scene.hold(u"orders-1"_s, u"/work?ms=60000&mode=cpu"_s);
}

bool takeOne(const Photographer &photographer)
{
    Scene scene({ { .name = u"orders-1"_s,
                    .environment = Environment::Production,
                    .requestsAtATime = 5,
                    .flags = { u"--lame-duck"_s, u"3s"_s, u"--grace"_s, u"25s"_s } } });
    if (!scene.start())
        return false;
    const QTemporaryDir folder;
    writeConnections(folder.path(), scene.specs());
    Console console({}, folder.path());
    console.start();
    console.window().resize(1'440, 900);
    for (int i = 0; i < 3; ++i)
        scene.submitJob(u"orders-1"_s,
                        R"({"kind":"sleep","payload":{"ms":)"
                            + QByteArray::number(150'000 + i * 60'000) + R"(,"stepMs":1000}})");
    turnFor(kHistory);
    choose(console, u"orders-1"_s);
    if (!photographer.take(console, u"serving"_s))
        return false;
    holdMany(scene);
    turnFor(700ms);
    for (Instance *instance : console.fleet().instances())
        instance->client()->send(
            { .verb = Verb::Stop, .actor = u"ada"_s, .reason = u"roll out 2.4.1"_s });
    turnFor(9s);
    if (!photographer.take(console, u"draining"_s))
        return false;
    turnFor(25s);
    showTab(console, 3);
    return photographer.take(console, u"report"_s);
}

} // namespace

} // namespace quiesce::shots

int main(int argc, char *argv[])
{
    using namespace quiesce::shots;
    const QApplication application(argc, argv);
    if (argc != 2) {
        std::fputs("console_screenshots FOLDER\n", stderr);
        return 64;
    }
    QApplication::setQuitOnLastWindowClosed(false);
    quiesce::installTranslation(quiesce::Language::English);
    // Nothing of this desktop's own is to be found or changed.
    const QTemporaryDir nowhere;
    for (const char *variable : { "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME" })
        qputenv(variable, QFile::encodeName(nowhere.path()));
    const Photographer photographer(QString::fromLocal8Bit(argv[1]));
    const bool isDone = takeEmpty(photographer) && takeFleet(photographer) && takeOne(photographer);
    return isDone ? 0 : 1;
}
