// SPDX-License-Identifier: GPL-3.0-only
// InstanceModels: the timeline, the blockers and the jobs of one instance, kept while it is known.
#pragma once

#include "common/jobs/jobpage.h"
#include "console/model/instance/closelook.h"
#include "console/model/lists/blockermodel.h"
#include "console/model/lists/jobmodel.h"
#include "console/model/lists/timeline.h"

#include <QElapsedTimer>
#include <optional>

namespace quiesce {

/// The timeline begins with the instance, whoever looks; blockers and jobs with the first look.
///
/// Thread:  event loop. Owns: its models; its instance owns it.
/// Emits:   jobsRefreshed() or jobsFailed() once for each refreshJobs(), outputFetched() or
///          outputFailed() once for each fetchOutput(); none after the instance's end.
/// Limits:  a timeline of kNeverSeenRows until somebody looks, kSeenRows when nobody does any more;
///          refreshJobs() asks for kMaxJobPages pages; output is cut to its last kMaxOutput bytes.
class InstanceModels final : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype kNeverSeenRows = 2'000;
    static constexpr qsizetype kSeenRows = 10'000;
    static constexpr qsizetype kMaxKnownJobs = 10'000;
    static constexpr int kMaxJobPages = kMaxKnownJobs / kMaxJobPage;
    static constexpr qsizetype kMaxOutput = qsizetype{ 1 } * 1024 * 1024;

    /// Those of that instance, made when they are asked for first: to be done when it becomes
    /// known, because its timeline begins then.
    static InstanceModels *of(Instance *instance);

    [[nodiscard]] Timeline *timeline() { return &m_timeline; }
    [[nodiscard]] BlockerModel *blockers();
    [[nodiscard]] JobModel *jobs();

    /// As JobModel::setOwnerNames().
    void setOwnerNames(std::function<QString(const QString &)> nameOf);

    /// Between the two a stop is followed closely, and the timeline keeps more.
    void beginShowing();
    void endShowing();
    /// Asks for the jobs that there are, page after page. While one runs, another does nothing.
    void refreshJobs();
    void fetchOutput(const QString &jobId);
    /// Ages go on.
    void tick();

Q_SIGNALS:
    void jobsRefreshed();
    void jobsFailed(const QString &why);
    void outputFetched(const QString &jobId, const QByteArray &output);
    void outputFailed(const QString &jobId, const QString &why);

private:
    explicit InstanceModels(Instance *instance);

    void wireTimeline();
    void takeRequestEnd(const RequestEvent &event);
    void takeJob(const Job &job);
    void noteLink();
    void noteGap();
    void noteReport();
    void followStop();
    void askForJobs(int page, const QString &after);
    void takeJobPage(int page, const Result<Page<Job>, FetchError> &answer);
    void endRefresh(const QString &error);

    Instance *m_instance;
    Timeline m_timeline{ kNeverSeenRows };
    std::unique_ptr<BlockerModel> m_blockers;
    std::unique_ptr<JobModel> m_jobs;
    std::function<QString(const QString &)> m_ownerName;
    QHash<QString, JobState> m_jobStates; ///< of those that have not ended
    LinkState m_notedLink = LinkState::Idle;
    std::optional<CloseLook> m_look;
    QElapsedTimer m_clock;
    bool m_isRefreshing = false;
};

} // namespace quiesce
