// SPDX-License-Identifier: GPL-3.0-only
// InstancePage: see the header.
#include "console/view/detail/instancepage.h"

#include "console/model/instance/instancemodels.h"
#include "console/model/instance/linktext.h"
#include "console/view/detail/dimming.h"
#include "console/view/detail/lists/jobview.h"
#include "console/view/detail/lists/timelineview.h"
#include "console/view/detail/overviewheader.h"
#include "console/view/detail/overviewpanes.h"
#include "console/view/detail/stop/blockerview.h"
#include "console/view/detail/stop/lifecyclestepper.h"
#include "console/view/detail/stop/stopbanner.h"

#include <QEvent>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace quiesce {

namespace {

QLabel *placeholder(QWidget *parent)
{
    auto *label = new QLabel(InstancePage::tr("Select an instance to see how it is."), parent);
    label->setAlignment(Qt::AlignCenter);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

/// For large fonts on small screens: a page that is higher than its room makes no window larger.
QScrollArea *scrolling(QWidget *page, QWidget *parent)
{
    auto *scroll = new QScrollArea(parent);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    return scroll;
}

} // namespace

InstancePage::InstancePage(QWidget *parent)
    : QWidget(parent)
    , m_pages(new QStackedWidget(this))
    , m_page(new QWidget(m_pages))
    , m_tabs(new QTabWidget(m_page))
    , m_header(new OverviewHeader(m_page))
    , m_stepper(new LifecycleStepper(m_page))
    , m_banner(new StopBanner(m_page))
    , m_panes(new OverviewPanes(m_page))
    , m_blockers(new BlockerView(m_page))
    , m_jobs(new JobView(m_page))
    , m_timeline(new TimelineView(m_page))
{
    m_seconds.setInterval(std::chrono::seconds(1));
    makeTabs();
    wireViews();
    setInstance(nullptr);
}

InstancePage::~InstancePage()
{
    leaveInstance();
}

QWidget *InstancePage::makeOverview()
{
    auto *overview = new QWidget;
    m_panes->addWidget(m_blockers);
    auto *rows = new QVBoxLayout(overview);
    rows->addWidget(m_stepper);
    rows->addWidget(m_banner);
    rows->addWidget(m_panes, 1);
    rows->addStretch(0);
    return overview;
}

void InstancePage::makeTabs()
{
    m_tabs->addTab(scrolling(makeOverview(), m_tabs), tr("&Overview"));
    m_tabs->addTab(scrolling(m_jobs, m_tabs), tr("&Jobs"));
    m_tabs->addTab(m_timeline, tr("T&imeline"));
    m_tabs->setDocumentMode(true);
    auto *rows = new QVBoxLayout(m_page);
    rows->setContentsMargins({});
    rows->addWidget(m_header);
    rows->addWidget(m_tabs, 1);
    m_pages->addWidget(placeholder(m_pages));
    m_pages->addWidget(m_page);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins({});
    all->addWidget(m_pages);
}

void InstancePage::wireViews()
{
    const auto want = [this](const CommandRequest &request, const QString &what) {
        Q_EMIT commandWanted(m_instance, request, what);
    };
    connect(m_blockers, &BlockerView::cancelWanted, this, want);
    connect(m_jobs, &JobView::cancelWanted, this, want);
    connect(m_jobs, &JobView::refreshed, this, [this] { Q_EMIT jobsWanted(m_instance); });
    connect(m_header, &OverviewHeader::reconnectWanted, this,
            [this] { Q_EMIT reconnectWanted(m_instance); });
    connect(m_tabs, &QTabWidget::currentChanged, this, &InstancePage::refreshJobsIfShown);
    connect(&m_seconds, &QTimer::timeout, this, &InstancePage::tick);
}

void InstancePage::hostCharts(QWidget *panel)
{
    m_panes->addWidget(panel);
}

void InstancePage::hostReports(QWidget *panel)
{
    m_tabs->addTab(panel, tr("&Reports"));
}

void InstancePage::follow(const Follower &follower)
{
    m_followers.append(follower);
    follower(m_instance);
}

void InstancePage::setInstance(Instance *instance)
{
    leaveInstance();
    m_instance = instance;
    m_header->setInstance(instance);
    m_banner->setInstance(instance);
    m_blockers->setInstance(instance);
    m_jobs->setInstance(instance);
    m_timeline->setInstance(instance);
    for (const Follower &follower : std::as_const(m_followers))
        follower(instance);
    m_pages->setCurrentIndex(instance ? 1 : 0);
    if (instance)
        followInstance();
    else
        m_seconds.stop();
}

void InstancePage::leaveInstance()
{
    if (!m_instance)
        return;
    m_instance->disconnect(this);
    InstanceModels::of(m_instance)->endShowing();
}

void InstancePage::followInstance()
{
    InstanceModels::of(m_instance)->beginShowing();
    connect(m_instance, &Instance::conditionChanged, this, &InstancePage::showAge);
    connect(m_instance, &Instance::stopChanged, this, &InstancePage::showAge);
    connect(m_instance, &Instance::stateEntered, this, &InstancePage::refreshSteps);
    connect(m_instance, &Instance::reported, this, &InstancePage::refreshSteps);
    connect(m_instance, &QObject::destroyed, this, &InstancePage::showGone);
    m_wasLive = m_instance->link().state == LinkState::Live;
    m_seconds.start();
    tick();
    showAge();
    refreshJobsIfShown();
}

/// It goes without having been taken away first.
void InstancePage::showGone()
{
    m_instance.clear();
    setInstance(nullptr);
}

void InstancePage::tick()
{
    InstanceModels::of(m_instance)->tick();
    refreshSteps();
}

void InstancePage::refreshSteps()
{
    QDateTime now = QDateTime::currentDateTimeUtc();
    const auto &snapshot = m_instance->snapshot();
    if (snapshot && snapshot->startedAt.isValid() && m_instance->link().state == LinkState::Live) {
        const QDateTime theirs = snapshot->startedAt.addMSecs(snapshot->stats.uptime.count());
        if (std::chrono::abs(clockSkew(*snapshot, now)) > kNotableSkew)
            now = theirs;
    } else if (m_instance->link().lastSeenAt.isValid()) {
        now = m_instance->link().lastSeenAt;
    }
    m_stepper->setSteps(lifecycleSteps(*m_instance, now));
}

/// What is no longer true is dimmed; what a stop waits for is shown while one is under way.
void InstancePage::showAge()
{
    const LinkState link = m_instance->link().state;
    for (QWidget *view : { static_cast<QWidget *>(m_stepper), static_cast<QWidget *>(m_banner),
                           static_cast<QWidget *>(m_blockers), static_cast<QWidget *>(m_jobs) })
        isOld(m_instance->link()) ? dim(view) : undim(view);
    m_panes->setFirstShown(m_instance->stop() && link != LinkState::Stopped);
    refreshSteps();
    const bool isLive = link == LinkState::Live;
    if (isLive && !std::exchange(m_wasLive, isLive))
        refreshJobsIfShown();
    m_wasLive = isLive;
}

void InstancePage::refreshJobsIfShown()
{
    if (m_instance && m_tabs->currentWidget()->isAncestorOf(m_jobs))
        m_jobs->refresh();
}

QByteArray InstancePage::saveLayout() const
{
    return m_panes->saveShares();
}

bool InstancePage::restoreLayout(const QByteArray &layout)
{
    return m_panes->restoreShares(layout);
}

void InstancePage::resetLayout()
{
    m_panes->resetShares();
}

void InstancePage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_instance)
        showAge();
}

} // namespace quiesce
