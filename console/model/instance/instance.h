// SPDX-License-Identifier: GPL-3.0-only
// Instance: all that the console knows of one instance, for its views to show.
#pragma once

#include "console/client/instanceclient.h"
#include "console/model/instance/condition.h"
#include "console/model/instance/history.h"

#include <QObject>

namespace quiesce {

/// Fed by an InstanceClient, or by hand in a test, and never changed by who looks: what is shown
/// follows what the service says, not what was clicked.
///
/// Thread:  event loop. Owns: its client, what it has learnt.
/// Emits:   conditionChanged() and stopChanged() at once; statsChanged() as often as stats come
///          (four times a second): views gather those, ten a second at most.
class Instance final : public QObject
{
    Q_OBJECT

public:
    /// The time of day as the history is to have it: ms since the epoch, UTC.
    using WallClock = std::function<qint64()>;

    explicit Instance(InstanceSpec spec, QObject *parent = nullptr);
    Instance(InstanceSpec spec, WallClock now, QObject *parent = nullptr);
    ~Instance() override;

    /// Feeds this from the client from here on; does not start it.
    void attach(std::unique_ptr<InstanceClient> client);
    /// Ends the client; what this has learnt stays. Not from one of the client's signals.
    void detach();
    [[nodiscard]] InstanceClient *client() const { return m_client.get(); } ///< may be none

    [[nodiscard]] const InstanceSpec &spec() const { return m_spec; }
    void setSpec(const InstanceSpec &spec); ///< of the same id; the client is another's to renew
    /// The spec's, else what the service calls itself, else its address.
    [[nodiscard]] QString displayName() const;

    [[nodiscard]] const LinkStatus &link() const { return m_link; }
    [[nodiscard]] Role role() const { return m_role; }
    [[nodiscard]] Condition condition() const;
    /// What it was when it was last heard of; none: never.
    [[nodiscard]] std::optional<LifecycleState> lifecycleState() const;
    /// The last one, with the stats and the state of what came after it.
    [[nodiscard]] const std::optional<Snapshot> &snapshot() const { return m_snapshot; }
    [[nodiscard]] const StopView *stop() const;
    [[nodiscard]] bool isReady() const { return condition() == Condition::Serving; }
    /// When each state of the stop under way, or of the last one, was entered.
    [[nodiscard]] const QList<StateEvent> &transitions() const { return m_transitions; }
    /// Of the stop that was seen last; none: none was seen.
    [[nodiscard]] const std::optional<StopReport> &lastReport() const { return m_lastReport; }
    [[nodiscard]] const History &history() const { return m_history; }

public Q_SLOTS:
    void takeLink(const quiesce::LinkStatus &link);
    void takeRole(quiesce::Role role);
    void takeSnapshot(const quiesce::Snapshot &snapshot, bool isGap);
    void takeStats(const quiesce::Stats &stats);
    void takeState(const quiesce::StateEvent &event);
    void takeReport(const quiesce::StopReport &report);

Q_SIGNALS:
    void specChanged();
    void conditionChanged(); ///< also when only the link's details have
    void roleChanged();
    void statsChanged();
    void stopChanged(); ///< begun, its deadline moved, undone, or what it waits for
    void reported();
    void sampled(); ///< the history has one more
    // As they come, for models that keep them.
    void stateEntered(const quiesce::StateEvent &event);
    void requestEnded(const quiesce::RequestEvent &event);
    void jobChanged(const quiesce::Job &job);
    void logged(const quiesce::LogEvent &event);
    void audited(const quiesce::AuditEvent &event);
    /// What was missed between two snapshots is not known.
    void gapped();

private:
    static constexpr qsizetype kMaxTransitions = 64;

    friend class CloseLook;
    void changeLooks(int by);

    void wireClient();
    void noteStop(const StateEvent &event);

    InstanceSpec m_spec;
    WallClock m_now;
    std::unique_ptr<InstanceClient> m_client;
    LinkStatus m_link;
    Role m_role = Role::Unknown;
    std::optional<Snapshot> m_snapshot;
    QList<StateEvent> m_transitions;
    std::optional<StopReport> m_lastReport;
    History m_history;
    int m_looks = 0; ///< close ones
};

} // namespace quiesce
