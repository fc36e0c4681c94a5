// SPDX-License-Identifier: GPL-3.0-only
// JobView: the jobs of an instance, by state, and all of the one that is selected.
#pragma once

#include "console/client/command.h"
#include "console/model/instance/instance.h"
#include "console/model/lists/jobfilter.h"
#include "console/model/lists/throttle.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace quiesce {

class DenseTable;
class EngineBar;
class InstanceModels;
class JobDetail;

/// Thread: GUI. Emits: cancelWanted() when an operator wants one cancelled; nothing is done here.
class JobView final : public QWidget
{
    Q_OBJECT

public:
    explicit JobView(QWidget *parent = nullptr);

    void setInstance(Instance *instance);
    /// Asks for the list anew.
    void refresh();

Q_SIGNALS:
    void cancelWanted(const quiesce::CommandRequest &request, const QString &what);
    void refreshed(); ///< the list is to be asked for

private:
    void layOut();
    void fillStates();
    void followModels();
    void applyStates();
    void showEngine();
    void showCount();
    void showCurrent();
    void cancel(const QString &jobId);
    [[nodiscard]] const Job *current() const;

    QPointer<Instance> m_instance;
    QPointer<InstanceModels> m_models;
    JobFilter m_filter;
    Throttle m_engineShowing;
    EngineBar *m_engine;
    QComboBox *m_states;
    QLabel *m_count;
    QPushButton *m_refresh;
    DenseTable *m_table;
    JobDetail *m_detail;
};

} // namespace quiesce
