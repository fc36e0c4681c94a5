// SPDX-License-Identifier: GPL-3.0-only
// InstancePage: all of one instance, on a page with tabs.
#pragma once

#include "console/client/command.h"
#include "console/model/instance/instance.h"

#include <QList>
#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <functional>

class QStackedWidget;
class QTabWidget;

namespace quiesce {

class BlockerView;
class JobView;
class LifecycleStepper;
class OverviewHeader;
class OverviewPanes;
class StopBanner;
class TimelineView;

/// Shows one instance, or a calm word where there is none. Hosts the charts and the reports, which
/// others make: any QWidget with `void setInstance(Instance *)`.
///
/// Thread: GUI. Emits: what an operator wants; it does nothing to the service by itself, but reads.
class InstancePage final : public QWidget
{
    Q_OBJECT

public:
    explicit InstancePage(QWidget *parent = nullptr);
    ~InstancePage() override;

    /// Null: none. It may go while it is shown.
    void setInstance(Instance *instance);
    [[nodiscard]] Instance *instance() const { return m_instance; }

    /// Once each; the page owns the panel from here on.
    template <typename Panel>
    void addChartsWidget(Panel *panel)
    {
        hostCharts(panel);
        follow([panel](Instance *instance) { panel->setInstance(instance); });
    }
    template <typename Panel>
    void addReportsWidget(Panel *panel)
    {
        hostReports(panel);
        follow([panel](Instance *instance) { panel->setInstance(instance); });
    }

    /// Where handles were put, for another run. An empty or a foreign one changes nothing.
    [[nodiscard]] QByteArray saveLayout() const;
    bool restoreLayout(const QByteArray &layout);
    void resetLayout();

Q_SIGNALS:
    /// `what`: the request or the job, for people.
    void commandWanted(quiesce::Instance *instance, const quiesce::CommandRequest &request,
                       const QString &what);
    void reconnectWanted(quiesce::Instance *instance);
    void jobsWanted(quiesce::Instance *instance); ///< the list is being asked for

protected:
    void changeEvent(QEvent *event) override;

private:
    using Follower = std::function<void(Instance *)>;

    QWidget *makeOverview();
    void makeTabs();
    void wireViews();
    void hostCharts(QWidget *panel);
    void hostReports(QWidget *panel);
    void follow(const Follower &follower);
    void leaveInstance();
    void followInstance();
    void showGone();
    void refreshSteps();
    void tick();
    void showAge();
    void refreshJobsIfShown();

    QPointer<Instance> m_instance;
    QList<Follower> m_followers;
    bool m_wasLive = false;
    QTimer m_seconds;

    QStackedWidget *m_pages;
    QWidget *m_page;
    QTabWidget *m_tabs;
    OverviewHeader *m_header;
    LifecycleStepper *m_stepper;
    StopBanner *m_banner;
    OverviewPanes *m_panes;
    BlockerView *m_blockers;
    JobView *m_jobs;
    TimelineView *m_timeline;
};

} // namespace quiesce
