// SPDX-License-Identifier: GPL-3.0-only
// TimelineFilter: which entries of a timeline are shown, by kind, severity and words.
#pragma once

#include "console/model/lists/timeline.h"

#include <QAbstractProxyModel>
#include <QTimer>

namespace quiesce {

struct TimelineCriteria
{
    std::array<bool, kEventKinds.size()> kinds{ true, true, true, true, true, true, true, true };
    EventSeverity least = EventSeverity::Info;
    QString words; ///< of the text or the actor, in any case

    [[nodiscard]] bool accepts(const TimelineEntry &entry) const;
};

/// Unlike QSortFilterProxyModel it never looks at all rows at once: new criteria empty it, and what
/// they accept comes back from the newest on, kSlice of the event loop's time at a go.
///
/// Thread:  event loop. Order: its source outlives it, or is replaced first.
/// Emits:   modelReset() at new criteria or another source; rows inserted and removed else.
class TimelineFilter final : public QAbstractProxyModel
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kSlice{ 8 };

    explicit TimelineFilter(QObject *parent = nullptr);

    void setTimeline(const Timeline *timeline); ///< null: none
    void setCriteria(const TimelineCriteria &criteria);
    [[nodiscard]] bool isScanning() const { return m_scanning.isActive(); }
    /// What is accepted so far, as it was when this was called.
    [[nodiscard]] QList<TimelineEntry> entries() const;

    [[nodiscard]] QModelIndex mapToSource(const QModelIndex &index) const override;
    [[nodiscard]] QModelIndex mapFromSource(const QModelIndex &index) const override;
    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

Q_SIGNALS:
    void scanned(); ///< all that the criteria accept is there

private:
    void wire();
    void startAgain();
    void scan();
    void takeInserted(int first, int last);
    void forgetFirst(int count);
    [[nodiscard]] bool acceptsNumber(qint64 number) const;

    const Timeline *m_timeline = nullptr;
    TimelineCriteria m_criteria;
    std::deque<qint64> m_numbers; ///< of the accepted ones, ascending
    qint64 m_scanEnd = 0; ///< what is before it has not been looked at
    QTimer m_scanning;
};

} // namespace quiesce
