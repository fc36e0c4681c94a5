// SPDX-License-Identifier: GPL-3.0-only
// InstanceModels: what it asks the service for.
#include "console/model/instance/instancemodels.h"

#include "common/printable.h"

#include <utility>

namespace quiesce {

namespace {

QString textOf(const FetchError &error)
{
    if (!error.detail.isEmpty())
        return printable(error.detail);
    return error.status == 0 ? InstanceModels::tr("There was no answer.")
                             : InstanceModels::tr("The service answered %1 %2.", "status, code")
                                   .arg(error.status)
                                   .arg(printable(error.code));
}

} // namespace

void InstanceModels::refreshJobs()
{
    if (std::exchange(m_isRefreshing, true))
        return;
    askForJobs(0, {});
}

void InstanceModels::askForJobs(int page, const QString &after)
{
    if (!m_instance->client())
        return endRefresh(tr("There is no connection to this instance."));
    m_instance->client()->fetchJobs(
        this,
        [this, page](const Result<Page<Job>, FetchError> &answer) { takeJobPage(page, answer); },
        kMaxJobPage, after);
}

void InstanceModels::takeJobPage(int page, const Result<Page<Job>, FetchError> &answer)
{
    if (!answer)
        return endRefresh(textOf(answer.error()));
    jobs()->takePage(answer.value().items);
    if (answer.value().next.isEmpty() || page + 1 == kMaxJobPages)
        return endRefresh({});
    askForJobs(page + 1, answer.value().next);
}

void InstanceModels::endRefresh(const QString &error)
{
    m_isRefreshing = false;
    if (error.isEmpty())
        Q_EMIT jobsRefreshed();
    else
        Q_EMIT jobsFailed(error);
}

void InstanceModels::fetchOutput(const QString &jobId)
{
    if (!m_instance->client()) {
        Q_EMIT outputFailed(jobId, tr("There is no connection to this instance."));
        return;
    }
    m_instance->client()->fetchJobOutput(
        jobId, this, [this, jobId](const Result<QByteArray, FetchError> &answer) {
            if (answer)
                Q_EMIT outputFetched(jobId, answer.value().right(kMaxOutput));
            else
                Q_EMIT outputFailed(jobId, textOf(answer.error()));
        });
}

} // namespace quiesce
