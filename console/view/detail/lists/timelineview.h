// SPDX-License-Identifier: GPL-3.0-only
// TimelineView: what has happened to an instance, followed as it happens or paused to be read.
#pragma once

#include "console/model/instance/instance.h"
#include "console/model/lists/timelineexport.h"
#include "console/model/lists/timelinefilter.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace quiesce {

class DenseTable;
class TimelineBar;

/// Follows the newest row until the operator scrolls away, selects a row or pauses; a button then
/// tells how many are new and goes on.
///
/// Thread: GUI. Limits: one export at a time.
class TimelineView final : public QWidget
{
    Q_OBJECT

public:
    explicit TimelineView(QWidget *parent = nullptr);

    void setInstance(Instance *instance);

private:
    void layOut();
    void makeMenus();
    void wireTable();
    void takeRows(int first);
    void pause();
    void goOn();
    void showCounts();
    void chooseFile(TimelineExport::Format format);
    void exportTo(const QString &file, TimelineExport::Format format);
    void endExport(const QString &error);

    QPointer<Timeline> m_timeline;
    TimelineFilter m_filter;
    int m_new = 0;
    QPointer<TimelineExport> m_export;

    TimelineBar *m_bar;
    QLabel *m_count;
    QPushButton *m_more; ///< "12 new"
    QPushButton *m_pause;
    QToolButton *m_exportButton;
    QMenu *m_rowMenu;
    DenseTable *m_table;
};

} // namespace quiesce
