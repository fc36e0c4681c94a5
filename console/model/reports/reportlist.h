// SPDX-License-Identifier: GPL-3.0-only
// ReportList: the stops of one instance's runs, a row each, the newest first.
#pragma once

#include "common/lifecycle/stopreport.h"

#include <QAbstractTableModel>
#include <QList>

namespace quiesce {

/// Thread:  event loop. Owns: its reports.
/// Limits:  kMaxReports, the oldest go. One report an instance ID: a later one takes the place of
///          an earlier; those without an ID are told apart by when they were asked for.
/// Emits:   row changes only, but for clear(): a selection survives what is added.
class ReportList final : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxReports = 200;

    enum Column : unsigned char {
        When,
        Outcome,
        Who,
        Duration,
        InFlight,
        Drained,
        Cancelled,
        Aborted,
        Requeued,
        ExitCode,
        Version,
        ColumnCount,
    };
    enum Role : int {
        ConditionRole = Qt::UserRole, ///< Condition, of the outcome
        ToneRole, ///< Tone, of the outcome
    };

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] const QList<StopReport> &reports() const { return m_reports; }
    void setReports(const QList<StopReport> &reports); ///< merges
    void add(const StopReport &report);
    void clear();

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    void insert(const StopReport &report);
    void trim();

    QList<StopReport> m_reports;
};

} // namespace quiesce
