// SPDX-License-Identifier: GPL-3.0-only
// JobModel: how its rows follow events and lists.
#include "console/model/lists/jobmodel.h"

#include <utility>

namespace quiesce {

namespace {

/// An end is never undone, and requeues only grow: what has less of either is an older word.
bool isOlder(const Job &job, const Job &known)
{
    if (hasEnded(known.state) != hasEnded(job.state))
        return hasEnded(known.state);
    if (job.requeues.size() != known.requeues.size())
        return job.requeues.size() < known.requeues.size();
    if (job.attempt != known.attempt)
        return job.attempt < known.attempt;
    return job.progress.value_or(0) < known.progress.value_or(0);
}

} // namespace

JobModel::JobModel(QObject *parent)
    : RowTable(parent)
{
    connect(&m_flushing, &Throttle::due, this, &JobModel::flush);
}

void JobModel::takeJob(const Job &job)
{
    const auto at = m_pendingAt.constFind(job.id);
    if (at != m_pendingAt.cend()) {
        m_pending[*at] = job;
    } else {
        m_pendingAt.insert(job.id, m_pending.size());
        m_pending.append(job);
    }
    if (m_pending.size() >= kMaxPending)
        flush();
    else
        m_flushing.request();
}

void JobModel::takePage(const QList<Job> &jobs)
{
    flush();
    QList<Job> news;
    for (const Job &job : jobs) {
        const int row = rowOf(job.id);
        if (row < 0 || !isOlder(job, rows()[row]))
            news.append(job);
    }
    merge(news);
}

void JobModel::flush()
{
    m_flushing.forget();
    m_pendingAt.clear();
    merge(std::exchange(m_pending, {}));
}

void JobModel::merge(const QList<Job> &jobs)
{
    Marks changed(rows().size(), false);
    QList<Job> added;
    for (const Job &job : jobs) {
        const int at = m_rowOf.value(job.id, int(rows().size() + added.size()));
        if (at < int(changed.size())) {
            row(at) = job;
            changed[at] = true;
        } else if (at < int(rows().size() + added.size())) { // twice in one list
            added[at - rows().size()] = job;
        } else {
            m_rowOf.insert(job.id, at);
            added.append(job);
        }
    }
    tellChanged(changed, Columns - 1);
    insertAt(rows().size(), std::move(added));
    makeRoom();
}

void JobModel::makeRoom()
{
    if (rows().size() <= kMaxRows)
        return;
    qsizetype over = rows().size() - kMaxRows + kRoom;
    Marks going(rows().size(), false);
    for (qsizetype i = 0; i < rows().size() && over > 0; ++i) {
        going[i] = hasEnded(rows()[i].state);
        over -= going[i] ? 1 : 0;
    }
    for (qsizetype i = 0; i < rows().size() && over > 0; ++i) {
        over -= going[i] ? 0 : 1;
        going[i] = true;
    }
    removeMarked(going);
    findRows();
}

void JobModel::findRows()
{
    m_rowOf.clear();
    m_rowOf.reserve(rows().size());
    for (int i = 0; i < int(rows().size()); ++i)
        m_rowOf.insert(rows()[i].id, i);
}

void JobModel::setOwnerNames(std::function<QString(const QString &)> nameOf)
{
    m_ownerName = std::move(nameOf);
}

void JobModel::tick(const QDateTime &now)
{
    m_now = now;
    if (!rows().isEmpty())
        Q_EMIT dataChanged(index(0, AgeColumn), index(int(rows().size()) - 1, AgeColumn),
                           { Qt::DisplayRole });
}

int JobModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Columns;
}

} // namespace quiesce
