// SPDX-License-Identifier: GPL-3.0-only
// ReportsPage: the past stops of an instance, one of them shown, or two side by side.
#pragma once

#include "console/model/reports/reportsource.h"

#include <QList>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QScrollArea;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace quiesce {

class ReportView;

/// The newest report is shown until another is selected; two that are selected are compared, the
/// earlier at the left, to one scale of time.
///
/// Thread:  event loop. Owns: its ReportSource.
class ReportsPage final : public QWidget
{
    Q_OBJECT

public:
    explicit ReportsPage(QWidget *parent = nullptr,
                         ReportSource::Fetch fetch = ReportSource::fromClient());

    void setInstance(Instance *instance);

private:
    QWidget *makeBar();
    void makeTable();
    void makeShown();
    void addView();
    void wire();
    void followNewest(int first, int last);
    void compareWithPrevious();
    [[nodiscard]] QList<int> selectedRows() const; ///< the newest first
    void showSoon() { m_soon.start(); }
    void showSelection();
    void showReports(const QList<int> &rows);
    [[nodiscard]] QString noteText() const;
    [[nodiscard]] QString placeholderText(qsizetype selected) const;

    ReportSource m_source;
    QTimer m_soon;
    QPushButton *m_refresh = nullptr;
    QPushButton *m_compare = nullptr;
    QLabel *m_note = nullptr;
    QTableView *m_table = nullptr;
    QStackedWidget *m_stack = nullptr;
    QLabel *m_placeholder = nullptr;
    QSplitter *m_shown = nullptr;
    QList<QScrollArea *> m_areas;
    QList<ReportView *> m_views; ///< the earlier first
};

} // namespace quiesce
