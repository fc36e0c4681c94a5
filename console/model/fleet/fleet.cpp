// SPDX-License-Identifier: GPL-3.0-only
// Fleet: see the header.
#include "console/model/fleet/fleet.h"

#include "console/client/discovery/specrules.h"

#include <QPointer>
#include <algorithm>
#include <chrono>

namespace quiesce {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

struct Fleet::Entry
{
    std::unique_ptr<Instance> instance;
    std::optional<InstanceSpec> bookmark;
    std::optional<InstanceSpec> local; ///< its process lives
    bool isConnected = false; ///< by `--connect`
    std::optional<Steady::time_point> goneAt; ///< of one that was only local
    QTimer farewell;

    [[nodiscard]] bool isKept() const { return bookmark || local; }
    [[nodiscard]] InstanceSpec spec() const;
    /// The one under whose id the token is kept.
    [[nodiscard]] const InstanceSpec &tokenSpec() const
    {
        return bookmark ? *bookmark : instance->spec();
    }
};

/// A bookmark says what it is, the runtime file which process it is, and where its token is: then
/// nobody needs to be asked.
InstanceSpec Fleet::Entry::spec() const
{
    InstanceSpec spec = bookmark ? *bookmark : local ? *local : instance->spec();
    spec.id = instance->spec().id;
    spec.isLocal = local || goneAt;
    if (!local)
        return spec;
    spec.pid = local->pid;
    if (local->tokenSource == TokenSource::File) {
        spec.tokenSource = TokenSource::File;
        spec.tokenFile = local->tokenFile;
    }
    return spec;
}

namespace {

bool isReachedAlike(const InstanceSpec &a, const InstanceSpec &b)
{
    return a.adminUrl == b.adminUrl && a.tokenSource == b.tokenSource && a.tokenFile == b.tokenFile
        && a.caFile == b.caFile && a.pinnedSha256 == b.pinnedSha256;
}

bool isOver(const Instance &instance)
{
    return instance.link().state == LinkState::Stopped
        || instance.link().state == LinkState::Crashed;
}

} // namespace

Fleet::Fleet(ClientFactory factory, TokenKeeper &tokens, QObject *parent)
    : Fleet(std::move(factory), tokens, Timing{}, parent)
{ }

Fleet::Fleet(ClientFactory factory, TokenKeeper &tokens, const Timing &timing, QObject *parent)
    : QObject(parent)
    , m_factory(std::move(factory))
    , m_tokens(tokens)
    , m_timing(timing)
{
    m_overdue.setSingleShot(true);
    connect(&m_overdue, &QTimer::timeout, this, &Fleet::removeOverdue);
}

Fleet::~Fleet() = default;

QList<Instance *> Fleet::instances() const
{
    QList<Instance *> all;
    all.reserve(qsizetype(m_entries.size()));
    for (const auto &entry : m_entries)
        all.append(entry->instance.get());
    return all;
}

Instance *Fleet::find(const QString &id) const
{
    const Entry *entry = entryOf(id);
    return entry ? entry->instance.get() : nullptr;
}

Instance *Fleet::findByAdmin(const QUrl &url) const
{
    const Entry *entry = entryOf(url);
    return entry ? entry->instance.get() : nullptr;
}

QString Fleet::nameOfProcess(const QString &instanceId) const
{
    for (const Instance *instance : instances()) {
        if (instance->snapshot() && instance->snapshot()->instanceId == instanceId)
            return instance->displayName();
    }
    return {};
}

std::optional<InstanceSpec> Fleet::bookmarkOf(const Instance &instance) const
{
    const Entry *entry = entryOf(&instance);
    return entry ? entry->bookmark : std::nullopt;
}

Fleet::Entry *Fleet::entryOf(const QString &id) const
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(), [&](const auto &entry) {
        return entry->instance->spec().id == id || (entry->bookmark && entry->bookmark->id == id);
    });
    return at == m_entries.end() ? nullptr : at->get();
}

Fleet::Entry *Fleet::entryOf(const QUrl &admin) const
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(), [&](const auto &entry) {
        return isSameAdmin(entry->instance->spec().adminUrl, admin);
    });
    return at == m_entries.end() ? nullptr : at->get();
}

Fleet::Entry *Fleet::entryOf(const Instance *instance) const
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(), [&](const auto &entry) {
        return entry->instance.get() == instance;
    });
    return at == m_entries.end() ? nullptr : at->get();
}

Result<Instance *, QString> Fleet::connectTo(const QUrl &url)
{
    Entry *entry = entryOf(url);
    if (!entry) {
        auto made = std::make_unique<Entry>();
        InstanceSpec spec;
        spec.id = url.toString();
        spec.adminUrl = url;
        made->instance = std::make_unique<Instance>(spec);
        entry = admit(std::move(made));
    }
    if (!entry)
        return Failure{ tr("At most %L1 instances can be watched.").arg(kMaxInstances) };
    entry->isConnected = true;
    return entry->instance.get();
}

void Fleet::addBookmark(const InstanceSpec &spec)
{
    Entry *entry = entryOf(spec.adminUrl);
    if (!entry) {
        auto made = std::make_unique<Entry>();
        made->bookmark = spec;
        made->instance = std::make_unique<Instance>(spec);
        admit(std::move(made));
    } else if (entry->bookmark) {
        Q_EMIT refused(tr("%1 is watched already, as %2.")
                           .arg(spec.adminUrl.toString(), entry->instance->displayName()));
    } else {
        entry->bookmark = spec;
        renew(*entry);
    }
}

void Fleet::changeBookmark(const InstanceSpec &spec)
{
    Entry *entry = entryOf(spec.id);
    if (!entry || !entry->bookmark || !isSameAdmin(entry->bookmark->adminUrl, spec.adminUrl)) {
        removeBookmark(spec.id);
        addBookmark(spec);
        return;
    }
    entry->bookmark = spec;
    renew(*entry);
}

void Fleet::removeBookmark(const QString &id)
{
    Entry *entry = entryOf(id);
    if (!entry || !entry->bookmark || entry->bookmark->id != id)
        return;
    entry->bookmark.reset();
    if (entry->isKept() || entry->isConnected)
        renew(*entry);
    else
        remove(*entry);
}

void Fleet::addLocal(const InstanceSpec &spec)
{
    Entry *entry = entryOf(spec.adminUrl);
    if (!entry) {
        auto made = std::make_unique<Entry>();
        made->local = spec;
        made->instance = std::make_unique<Instance>(spec);
        admit(std::move(made));
        return;
    }
    entry->farewell.stop();
    entry->goneAt.reset();
    entry->local = spec;
    entry->instance->setSpec(entry->spec());
    startClient(*entry); // the one there is was another process's
}

void Fleet::removeLocal(const QString &id)
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(), [&](const auto &entry) {
        return entry->local && entry->local->id == id;
    });
    if (at == m_entries.end())
        return;
    Entry &entry = **at;
    entry.local.reset();
    const bool isGone = !entry.isKept() && !entry.isConnected;
    if (isGone) {
        entry.goneAt = Steady::now();
        entry.farewell.start(m_timing.farewell);
    }
    entry.instance->setSpec(entry.spec()); // the client goes on: it knows how the end was
    if (isGone)
        removeOverdue();
}

Fleet::Entry *Fleet::admit(std::unique_ptr<Entry> made)
{
    if (m_entries.size() >= kMaxInstances) {
        Q_EMIT refused(tr("At most %L1 instances can be watched.").arg(kMaxInstances));
        return nullptr;
    }
    Entry *entry = m_entries.emplace_back(std::move(made)).get();
    entry->farewell.setSingleShot(true);
    connect(&entry->farewell, &QTimer::timeout, this, [this, entry] { letGo(*entry); });
    Q_EMIT instanceAdded(entry->instance.get());
    startClient(*entry);
    return entry;
}

void Fleet::renew(Entry &entry)
{
    const InstanceSpec before = entry.instance->spec();
    const InstanceSpec now = entry.spec();
    entry.goneAt.reset();
    entry.instance->setSpec(now);
    if (!isReachedAlike(before, now) || !entry.instance->client())
        startClient(entry);
}

void Fleet::startClient(Entry &entry)
{
    Instance *instance = entry.instance.get();
    if (auto client = m_factory(instance->spec()))
        instance->attach(std::move(client));
    if (instance->spec().tokenSource == TokenSource::File) {
        if (InstanceClient *client = instance->client())
            client->start();
        return;
    }
    const auto then = [this, instance, client = QPointer(instance->client())](VaultAnswer answer) {
        if (client == instance->client()) // else the one that has followed asks for itself
            useToken(instance, std::move(answer));
    };
    m_tokens.find(entry.tokenSpec(), instance, then);
}

void Fleet::useToken(Instance *instance, VaultAnswer answer)
{
    if (!entryOf(instance))
        return; // it is being removed
    InstanceClient *client = instance->client();
    const bool isOk = answer.status == VaultStatus::Ok;
    if (client && isOk)
        client->setToken(std::move(answer.token));
    if (client)
        client->start(); // without a token it says that it needs one
    if (!isOk)
        Q_EMIT tokenWanted(instance, answer.text);
}

void Fleet::giveToken(const QString &id, Secret token)
{
    Entry *entry = entryOf(id);
    if (!entry)
        return;
    Instance *instance = entry->instance.get();
    m_tokens.keep(entry->tokenSpec(), token, instance, [this, instance](const VaultAnswer &kept) {
        if (kept.status != VaultStatus::Ok)
            Q_EMIT tokenNotKept(instance, kept.text);
    });
    if (InstanceClient *client = instance->client()) {
        client->setToken(std::move(token));
        client->reconnectNow();
    }
}

/// Its process has gone: nothing is to be asked at that address any more, least of all with its
/// token, which another may listen for by now.
void Fleet::letGo(Entry &entry)
{
    Instance &instance = *entry.instance;
    instance.detach();
    if (isOver(instance))
        return;
    LinkStatus link = instance.link();
    link.state = LinkState::Crashed;
    link.since = QDateTime::currentDateTimeUtc();
    link.reason = tr("Its process has gone, and nobody saw how it ended.");
    link.retryAt = {};
    instance.takeLink(link);
}

bool Fleet::canDismiss(const Instance &instance) const
{
    const Entry *entry = entryOf(&instance);
    return entry && !entry->isKept();
}

bool Fleet::dismiss(const QString &id)
{
    const Entry *entry = entryOf(id);
    if (!entry || entry->isKept())
        return false;
    remove(*entry);
    return true;
}

void Fleet::clearStopped()
{
    for (const Instance *instance : instances()) {
        if (isOver(*instance))
            dismiss(instance->spec().id);
    }
}

void Fleet::setRetention(std::chrono::milliseconds retention)
{
    m_timing.retention = retention;
    removeOverdue();
}

void Fleet::remove(const Entry &entry)
{
    Q_EMIT instanceAboutToBeRemoved(entry.instance.get());
    const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                 [&](const auto &candidate) { return candidate.get() == &entry; });
    (*at)->instance.release()->deleteLater(); // it may be one of its signals that led here
    m_entries.erase(at);
}

void Fleet::removeOverdue()
{
    m_overdue.stop();
    if (m_timing.retention <= 0ms)
        return;
    const auto now = Steady::now();
    std::optional<Steady::time_point> next;
    for (const Instance *instance : instances()) {
        const Entry *entry = entryOf(instance);
        if (!entry || !entry->goneAt)
            continue;
        const auto due = *entry->goneAt + m_timing.retention;
        if (due <= now)
            remove(*entry);
        else
            next = std::min(next.value_or(due), due);
    }
    if (next)
        m_overdue.start(std::chrono::ceil<std::chrono::milliseconds>(*next - now));
}

} // namespace quiesce
