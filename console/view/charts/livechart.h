// SPDX-License-Identifier: GPL-3.0-only
// LiveChart: one chart over time of what a history holds, with its heading and legend.
#pragma once

#include "console/model/instance/history.h"
#include "console/view/charts/chartcursor.h"
#include "console/view/charts/chartheader.h"
#include "console/view/charts/chartmarkers.h"
#include "console/view/charts/chartscale.h"

#include <QWidget>

namespace quiesce {

/// What is unknown is a gap in the line, never bridged. All charts of one font have their time axes
/// at the same place. The cursor is moved by its owner, so that several charts show one moment;
/// arrow keys ask for the samples beside it.
///
/// Thread:  event loop. Owns: its plot, whose points it adds one by one.
/// Limits:  as many points as the history has.
/// Order:   setters do not draw; redraw() does, in the next turn of the event loop.
class LiveChart final : public QWidget
{
    Q_OBJECT

public:
    struct Series
    {
        QString name; ///< empty: the title says it
        float Sample::*value = nullptr;
    };
    struct Setup
    {
        QString title;
        QString emptyText; ///< when nothing is known in the time shown
        ValueUnit unit = ValueUnit::Count;
        QList<Series> series; ///< at most two
    };

    explicit LiveChart(Setup setup, QWidget *parent = nullptr);

    /// Adds what the history has had since the last call.
    void take(const History &history);
    void clear();
    void setRange(qint64 from, qint64 to); ///< ms since the epoch
    void setMarkers(const QList<ChartMarker> &markers) { m_markers->setMarkers(markers); }
    void redraw();

    /// None: no cursor.
    void setCursor(std::optional<qint64> at);
    /// The time and a line for each series; empty without a cursor.
    [[nodiscard]] QStringList cursorText() const;

Q_SIGNALS:
    void cursorWanted(qint64 at); ///< ms since the epoch
    void cursorLeft();

protected:
    void changeEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    static constexpr int kValueTicks = 4;

    void addSeries(const Series &series);
    void wirePlot();
    void restyle();
    void restyleAxis(QCPAxis &axis);
    void append(const Sample &sample);
    void add(double key, const Sample &sample);
    void dropOldest();
    [[nodiscard]] double largestShown() const;
    [[nodiscard]] double valueOf(qsizetype series, double key) const;
    [[nodiscard]] QString named(const Series &series, double value) const;
    [[nodiscard]] double nearestKey(double key) const;
    void showLatest();
    void moveCursor(int samples);

    Setup m_setup;
    ChartHeader *m_header;
    QCustomPlot *m_plot;
    QList<QCPGraph *> m_graphs;
    ChartMarkers *m_markers;
    ChartCursor *m_cursor;
    QCPItemText *m_empty;
    quint64 m_taken = 0;
    double m_lastKey = 0;
    bool m_endsInGap = false;
};

} // namespace quiesce
