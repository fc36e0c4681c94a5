// SPDX-License-Identifier: GPL-3.0-only
// ChartsPanel: an instance's last hour in four charts: in flight, requests, latency, jobs.
#pragma once

#include "console/model/instance/instance.h"
#include "console/view/charts/livechart.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QScrollArea>
#include <QTimer>

class QButtonGroup;
class QGridLayout;

namespace quiesce {

/// All four share the time that is shown and the cursor. Beside each other where there is room for
/// it, else below each other; they scroll where not all fit, of which one is always seen.
///
/// Thread:  event loop.
/// Limits:  draws when the history has grown, at most each kRedrawInterval, and only while visible;
///          kMaxMarkers state changes are remembered.
class ChartsPanel final : public QWidget
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kRedrawInterval{ 100 };
    static constexpr qsizetype kMaxMarkers = 64;

    explicit ChartsPanel(QWidget *parent = nullptr);

    void setInstance(Instance *instance);
    /// How much is shown: one of 1, 5, 15 and 60 minutes; another is taken as the next longer one.
    void setWindow(std::chrono::minutes window);
    [[nodiscard]] std::chrono::minutes window() const { return m_window; }

Q_SIGNALS:
    void windowChanged(std::chrono::minutes window); ///< chosen here; to be remembered

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void addCharts();
    void addChart(LiveChart::Setup setup);
    QWidget *makeWindowChoice();
    void arrange();
    void chooseWindow(std::chrono::minutes window);
    void takeHistory();
    void takeState(const StateEvent &event);
    [[nodiscard]] QList<ChartMarker> markers() const;
    void redrawSoon();
    void redraw();
    void showCursor(std::optional<qint64> at);

    QPointer<Instance> m_instance;
    std::chrono::minutes m_window{ 5 };
    QButtonGroup *m_windows;
    QScrollArea *m_scroll;
    QWidget *m_body;
    QGridLayout *m_grid;
    QList<LiveChart *> m_charts;
    QList<ChartMarker> m_states; ///< by time
    int m_columns = 0;
    QTimer m_redraw;
    QElapsedTimer m_drawn;
};

} // namespace quiesce
