// SPDX-License-Identifier: GPL-3.0-only
// ReportView: one stop report: how it ended, who asked, what took how long, what was cut.
#pragma once

#include "common/lifecycle/stopreport.h"

#include <QWidget>
#include <optional>

class QBoxLayout;
class QFormLayout;
class QLabel;
class QMenu;

namespace quiesce {

class FactTable;
class PhaseChart;

/// Thread:  event loop. Owns: a copy of the report, for what is copied.
class ReportView final : public QWidget
{
    Q_OBJECT

public:
    explicit ReportView(QWidget *parent = nullptr);

    void setReport(const StopReport &report);
    /// Tells how the tallies differ from those of `earlier`; none: does not.
    void setCompared(const std::optional<StopReport> &earlier);
    /// Draws the phases to this scale at least, so that two charts can be compared.
    void setSpan(std::chrono::milliseconds span);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHeadline();
    QMenu *makeCopyMenu();
    QWidget *makeFacts();
    QWidget *makeTables();
    QLabel *addFact(QFormLayout &form, const QString &name);
    void showHeadline();
    void showFacts();
    void showTallies();
    void showHooks();
    void showSlowest();

    StopReport m_report;
    std::optional<StopReport> m_earlier;
    std::chrono::milliseconds m_span{ 0 };
    QLabel *m_icon = nullptr;
    QLabel *m_outcome = nullptr;
    QLabel *m_note = nullptr;
    QLabel *m_when = nullptr;
    QLabel *m_who = nullptr;
    QLabel *m_reason = nullptr;
    QLabel *m_cut = nullptr;
    QLabel *m_process = nullptr;
    PhaseChart *m_phases = nullptr;
    QBoxLayout *m_tables = nullptr;
    FactTable *m_tallies = nullptr;
    FactTable *m_hooks = nullptr;
    FactTable *m_slowest = nullptr;
};

} // namespace quiesce
