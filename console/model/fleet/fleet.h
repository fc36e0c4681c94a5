// SPDX-License-Identifier: GPL-3.0-only
// Fleet: every instance the console watches, wherever it was learnt of.
#pragma once

#include "common/result.h"
#include "console/client/tokens/tokenkeeper.h"
#include "console/model/instance/instance.h"

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <vector>

namespace quiesce {

/// One Instance for each admin URL: a bookmark, a local process and a `--connect` of the same
/// address are one. It lives on when its process is followed by another there.
///
/// A local instance without a bookmark whose process has gone stays, without a client, until it is
/// dismissed or retention is over. The id of an Instance's spec is the one it was added with, and
/// stays; bookmarkOf() tells what it is kept as.
///
/// Thread:  event loop. Owns: its Instances, and through them their clients.
/// Emits:   instanceAdded() when it is complete, instanceAboutToBeRemoved() while it still is.
/// Limits:  kMaxInstances; one more is refused.
class Fleet final : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t kMaxInstances = 1'000;

    /// May give none: then the Instance has no client.
    using ClientFactory = std::function<std::unique_ptr<InstanceClient>(const InstanceSpec &)>;

    /// Times that tests shorten.
    struct Timing
    {
        /// After its process has gone: for its last report to arrive.
        std::chrono::milliseconds farewell{ 5'000 };
        std::chrono::milliseconds retention = std::chrono::hours(1); ///< 0: until dismissed
    };

    Fleet(ClientFactory factory, TokenKeeper &tokens, QObject *parent = nullptr);
    Fleet(ClientFactory factory, TokenKeeper &tokens, const Timing &timing, QObject *parent);
    ~Fleet() override;

    [[nodiscard]] QList<Instance *> instances() const;
    /// By the Instance's id, or its bookmark's.
    [[nodiscard]] Instance *find(const QString &id) const;
    [[nodiscard]] Instance *findByAdmin(const QUrl &url) const;
    /// What the one is called that says to be that process; empty: none does.
    [[nodiscard]] QString nameOfProcess(const QString &instanceId) const;
    [[nodiscard]] std::optional<InstanceSpec> bookmarkOf(const Instance &instance) const;

    /// For this run, `--connect`. The one that is there when its address is watched already.
    [[nodiscard]] Result<Instance *, QString> connectTo(const QUrl &url);

    /// Nothing but this list keeps it: neither a bookmark nor a living process of this machine.
    [[nodiscard]] bool canDismiss(const Instance &instance) const;
    /// False when it cannot be.
    bool dismiss(const QString &id);
    void clearStopped(); ///< dismisses those that have stopped or crashed and can be

    void setRetention(std::chrono::milliseconds retention);

    /// As tokenWanted() asks for it. Tried at once; kept where its spec says.
    void giveToken(const QString &id, Secret token);

public Q_SLOTS:
    void addBookmark(const quiesce::InstanceSpec &spec);
    void changeBookmark(const quiesce::InstanceSpec &spec);
    void removeBookmark(const QString &id);
    void addLocal(const quiesce::InstanceSpec &spec);
    void removeLocal(const QString &id);

Q_SIGNALS:
    void instanceAdded(quiesce::Instance *instance);
    void instanceAboutToBeRemoved(quiesce::Instance *instance);
    /// `why` is empty when nobody has failed: its token is just asked for in each run.
    void tokenWanted(quiesce::Instance *instance, const QString &why);
    /// It works, but in this run only.
    void tokenNotKept(quiesce::Instance *instance, const QString &why);
    void refused(const QString &why); ///< an instance that could not be added

private:
    struct Entry;

    [[nodiscard]] Entry *entryOf(const QString &id) const;
    [[nodiscard]] Entry *entryOf(const QUrl &admin) const;
    [[nodiscard]] Entry *entryOf(const Instance *instance) const;
    Entry *admit(std::unique_ptr<Entry> made);
    void renew(Entry &entry);
    void startClient(Entry &entry);
    void useToken(Instance *instance, VaultAnswer answer);
    void letGo(Entry &entry);
    void remove(const Entry &entry);
    void removeOverdue();

    ClientFactory m_factory;
    TokenKeeper &m_tokens;
    Timing m_timing;
    std::vector<std::unique_ptr<Entry>> m_entries;
    QTimer m_overdue;
};

} // namespace quiesce
