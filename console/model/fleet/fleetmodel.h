// SPDX-License-Identifier: GPL-3.0-only
// FleetModel: the table of all instances, a row each, updated ten times a second at most.
#pragma once

#include "console/model/fleet/fleetcells.h"
#include "console/model/fleet/fleetgroup.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QPointer>
#include <QTimer>
#include <vector>

namespace quiesce {

/// The columns are FleetColumn. What instances tell is gathered for kFlushInterval and then told
/// to views, of neighbouring rows at once, and only of the columns that it may have changed.
///
/// Thread:  event loop. Owns: no instance; one that goes takes its row with it.
/// Emits:   summaryChanged() with the flush, when a count or the worst tone has changed.
/// Limits:  a row an instance; whoever finds instances bounds those.
class FleetModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        SortRole = Qt::UserRole, ///< typed: numbers sort as numbers
        ConditionRole, ///< int of Condition
        ToneRole, ///< int of Tone
        IsLiveRole, ///< false: what is shown may be old
        TrendRole, ///< QList<float>, the oldest first; NaN is a gap
    };
    static constexpr std::chrono::milliseconds kFlushInterval{ 100 };
    static constexpr std::chrono::milliseconds kTickInterval{ 1'000 };
    static constexpr qsizetype kTrendSamples = 60;

    explicit FleetModel(QObject *parent = nullptr);

    /// Once each.
    void add(Instance *instance);
    void remove(Instance *instance);
    /// None: the row is not there.
    [[nodiscard]] Instance *instanceAt(int row) const;
    /// -1: not here.
    [[nodiscard]] int rowOf(const Instance *instance) const;
    [[nodiscard]] const FleetSummary &summary() const { return m_summary; }

    /// Ages tick once a second while on: only a view that is seen wants that.
    void setTicking(bool isTicking);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

Q_SIGNALS:
    void summaryChanged();

private:
    /// What has changed since the last flush; more than the one before.
    enum class Change : unsigned char { None, Event, Stats, All };
    struct Row
    {
        QPointer<Instance> instance;
        LastEvent last;
        Condition condition = Condition::Connecting;
        Change change = Change::None;
    };

    void watch(Instance *instance);
    void dropRow(int row);
    void note(const Instance *instance, Change change);
    void noteEvent(const Instance *instance, const LastEvent &event);
    void noteCondition(const Instance *instance);
    void flush();
    void tick();
    void emitChanged(int first, int last, Change change);
    void countAnew();
    [[nodiscard]] QVariant cell(const Row &row, FleetColumn column, int role) const;

    std::vector<Row> m_rows;
    QHash<const QObject *, int> m_places;
    FleetSummary m_summary;
    QTimer m_flushTimer;
    QTimer m_tickTimer;
};

} // namespace quiesce
