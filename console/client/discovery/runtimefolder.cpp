// SPDX-License-Identifier: GPL-3.0-only
// RuntimeFolder: inotify for files that come and go, pidfds for processes that just die.
#include "console/client/discovery/runtimefolder.h"

#include <QDir>
#include <QDirIterator>
#include <QProcessEnvironment>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

bool isPattern(const QString &folder)
{
    return folder.section(u'/', -1).contains(u'*');
}

QString parentOf(const QString &folder)
{
    const QString parent = folder.section(u'/', 0, -2);
    return parent.isEmpty() ? u"/"_s : parent;
}

QString nearestExisting(QString folder)
{
    while (folder != "/"_L1 && !QDir(folder).exists())
        folder = parentOf(folder);
    return folder;
}

/// The folders that are meant and there.
QStringList existing(const QString &folder)
{
    if (!isPattern(folder))
        return QDir(folder).exists() ? QStringList{ folder } : QStringList{};
    const QDir parent(parentOf(folder));
    QStringList matches;
    for (const QString &name :
         parent.entryList({ folder.section(u'/', -1) }, QDir::Dirs | QDir::NoDotAndDotDot))
        matches.append(parent.filePath(name));
    return matches;
}

bool isSameRun(const LocalInstance &a, const LocalInstance &b)
{
    return a.instanceId == b.instanceId && a.spec == b.spec;
}

/// Of two that name one address the later one has it.
void collect(const QString &folder, std::map<QString, LocalInstance> &found)
{
    QDirIterator entry(folder, { u"*.json"_s }, QDir::Files);
    for (int i = 0; i < RuntimeFolder::kMaxEntries && entry.hasNext(); ++i) {
        const auto local = readRuntimeFile(entry.next());
        if (!local)
            continue;
        const auto [at, isNew] = found.try_emplace(local->spec.id, *local);
        if (!isNew && at->second.writtenAt < local->writtenAt)
            at->second = *local;
    }
}

void appendRuntimeFolder(QStringList &folders, const QString &base, QLatin1StringView below)
{
    if (QDir::isAbsolutePath(base))
        folders.append(QDir::cleanPath(base + below));
}

} // namespace

QStringList RuntimeFolder::standardFolders(const QProcessEnvironment &environment)
{
    QStringList folders;
    // systemd joins several with colons.
    for (const QString &folder : environment.value(u"RUNTIME_DIRECTORY"_s).split(u':'))
        appendRuntimeFolder(folders, folder, ""_L1);
    appendRuntimeFolder(folders, environment.value(u"XDG_RUNTIME_DIR"_s), "/quiesce"_L1);
    const QString state = environment.value(u"XDG_STATE_HOME"_s);
    if (state.isEmpty())
        appendRuntimeFolder(folders, QDir::homePath(), "/.local/state/quiesce/run"_L1);
    else
        appendRuntimeFolder(folders, state, "/quiesce/run"_L1);
    folders.append(u"/run/quiesce*"_s);
    folders.removeDuplicates();
    return folders;
}

RuntimeFolder::RuntimeFolder(QStringList folders, QObject *parent)
    : QObject(parent)
    , m_folders(std::move(folders))
{
    for (QString &folder : m_folders)
        folder = QDir::cleanPath(QDir::current().absoluteFilePath(folder));
    m_folders.removeDuplicates();
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettle);
    connect(&m_settle, &QTimer::timeout, this, &RuntimeFolder::scan);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &RuntimeFolder::scheduleScan);
}

void RuntimeFolder::start()
{
    scan();
}

void RuntimeFolder::scheduleScan()
{
    if (!m_settle.isActive())
        m_settle.start();
}

/// A folder may be made between the look at it and the watch on its parent: so until no change.
void RuntimeFolder::updateWatches()
{
    constexpr int kMostRounds = 32;
    for (int i = 0; i < kMostRounds && changeWatches(); ++i) { }
}

bool RuntimeFolder::changeWatches()
{
    QStringList wanted;
    for (const QString &folder : std::as_const(m_folders)) {
        const QStringList there = existing(folder);
        wanted += there;
        if (there.isEmpty() || isPattern(folder))
            wanted.append(nearestExisting(parentOf(folder)));
    }
    wanted.removeDuplicates();
    QStringList unwanted = m_watcher.directories();
    unwanted.removeIf([&](const QString &path) { return wanted.contains(path); });
    wanted.removeIf([watched = m_watcher.directories()](const QString &path) {
        return watched.contains(path);
    });
    if (!unwanted.isEmpty())
        m_watcher.removePaths(unwanted);
    return !wanted.isEmpty() && m_watcher.addPaths(wanted).size() < wanted.size();
}

void RuntimeFolder::scan()
{
    updateWatches(); // first: what changes while we look is looked at again
    const Found found = find();
    forgetAllBut(found);
    for (const auto &[id, local] : found) {
        if (!m_known.contains(id) && m_known.size() < kMaxLocal)
            learn(local);
    }
}

RuntimeFolder::Found RuntimeFolder::find() const
{
    Found found;
    for (const QString &folder : m_folders) {
        for (const QString &path : existing(folder))
            collect(path, found);
    }
    return found;
}

void RuntimeFolder::forgetAllBut(const Found &found)
{
    QStringList gone;
    for (const auto &[id, known] : m_known) {
        const auto now = found.find(id);
        if (now == found.end() || !isSameRun(now->second, known.local))
            gone.append(id);
    }
    for (const QString &id : std::as_const(gone)) {
        m_known.erase(id);
        Q_EMIT vanished(id);
    }
}

void RuntimeFolder::learn(const LocalInstance &local)
{
    auto process = ProcessWatch::open(local.spec.pid);
    if (process)
        connect(process.get(), &ProcessWatch::ended, this, &RuntimeFolder::scheduleScan);
    else
        scheduleScan(); // it may have died since its file was read
    m_known.emplace(local.spec.id, Known{ .local = local, .process = std::move(process) });
    Q_EMIT appeared(local.spec);
}

} // namespace quiesce
