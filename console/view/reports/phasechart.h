// SPDX-License-Identifier: GPL-3.0-only
// PhaseChart: a stop over time: its phases, its hooks, and the last requests to finish.
#pragma once

#include "console/view/reports/phasegeometry.h"
#include "console/view/reports/phaserows.h"

#include <QWidget>

namespace quiesce {

/// A row for each phase, each of the slowest and each hook, with labels at the left, times and ends
/// at the right and an axis of time below. A bar that began before the stop has a point at its left
/// end; one of which the report does not say when it ended has none. What was cut has a pattern as
/// well as a colour. The accessible description says the same in words.
///
/// Limits:  those of phaseRows(), and kMaxPhases phases.
class PhaseChart final : public QWidget
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxPhases = 16;

    explicit PhaseChart(QWidget *parent = nullptr);

    /// Draws to the scale of `span`, or to its own where that is longer.
    void setReport(const StopReport &report, std::chrono::milliseconds span = {});

    /// Of the phases, in widget coordinates.
    [[nodiscard]] QList<Segment> segments() const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] int labelWidth() const;
    [[nodiscard]] int noteWidth() const;
    [[nodiscard]] QRect plotRect() const; ///< between labels and notes, above the axis
    [[nodiscard]] QRect rowRect(qsizetype row) const;
    [[nodiscard]] std::chrono::milliseconds total() const;
    [[nodiscard]] double xOf(std::chrono::milliseconds at, const QList<Segment> &phases) const;
    [[nodiscard]] QRectF barOf(qsizetype row, const QList<Segment> &phases) const;
    [[nodiscard]] QColor colorOf(const PhaseRow &row) const;
    [[nodiscard]] QString toolTipAt(const QPoint &position) const;

    void paintAxis(QPainter &painter, const QList<Segment> &phases) const;
    void paintRow(QPainter &painter, qsizetype index, const QList<Segment> &phases) const;
    void paintBar(QPainter &painter, const PhaseRow &row, const QRectF &bar) const;

    QList<PhaseRow> m_rows;
    QList<std::chrono::milliseconds> m_durations; ///< of the phases
    std::chrono::milliseconds m_span{ 0 };
};

} // namespace quiesce
