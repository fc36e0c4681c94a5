// SPDX-License-Identifier: GPL-3.0-only
// JobModel: what its cells say.
#include "common/jobs/jobtext.h"
#include "common/printable.h"
#include "console/model/lists/jobmodel.h"
#include "console/model/words/wording.h"

#include <QCoreApplication>

namespace quiesce {

using std::chrono::milliseconds;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::JobCells)
};

constexpr qsizetype kMaxCellText = 200;

QString shortened(const QString &text)
{
    return text.size() <= kMaxCellText ? text : text.left(kMaxCellText - 1) + QChar(0x2026);
}

QString checkpointText(const Job &job)
{
    if (!job.checkpoint)
        return {};
    return shortened(printable(QString::fromUtf8(toJsonText(QJsonValue(*job.checkpoint)))));
}

QString progressText(const Job &job)
{
    return job.progress ? Text::tr("%1 %", "progress in percent").arg(int(*job.progress * 100))
                        : QString();
}

} // namespace

QString jobStateText(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return Text::tr("Queued");
    case JobState::Scheduled:
        return Text::tr("Scheduled");
    case JobState::Running:
        return Text::tr("Running");
    case JobState::Succeeded:
        return Text::tr("Succeeded");
    case JobState::Failed:
        return Text::tr("Failed");
    case JobState::Cancelled:
        return Text::tr("Cancelled");
    }
    return {};
}

QString requeueReasonText(RequeueReason reason)
{
    switch (reason) {
    case RequeueReason::Stop:
        return Text::tr("the service stopped");
    case RequeueReason::Crash:
        return Text::tr("the service crashed");
    case RequeueReason::LeaseLost:
        return Text::tr("its lease was lost");
    }
    return {};
}

/// One whose name nobody knows by how its id begins, which tells a few apart.
QString JobModel::ownerText(const Job &job) const
{
    constexpr qsizetype kTelling = 8;
    if (job.owner.isEmpty())
        return {};
    const QString name = m_ownerName ? m_ownerName(job.owner) : QString();
    return printable(name.isEmpty() ? job.owner.left(kTelling) : name);
}

QString JobModel::tip(const Job &job) const
{
    QStringList lines{ printable(job.kind) + u' ' + printable(job.id) };
    if (job.createdAt.isValid())
        lines << Text::tr("Accepted: %1").arg(momentTip(job.createdAt));
    if (!job.owner.isEmpty())
        lines << Text::tr("Held by %1, instance %2").arg(ownerText(job), printable(job.owner));
    if (!job.error.isEmpty())
        lines << shortened(printable(job.error));
    return lines.join(u'\n');
}

QString JobModel::text(const Job &job, int column) const
{
    switch (column) {
    case StateColumn:
        return jobStateText(job.state);
    case KindColumn:
        return printable(job.kind);
    case ProgressColumn:
        return progressText(job);
    case AttemptColumn:
        return Text::tr("%1 of %2", "attempt").arg(job.attempt).arg(job.maxAttempts);
    case RequeuesColumn:
        return job.requeues.isEmpty() ? QString() : QString::number(job.requeues.size());
    case AgeColumn:
        return job.createdAt.isValid() ? lengthText(milliseconds(job.createdAt.msecsTo(m_now)))
                                       : QString();
    case OwnerColumn:
        return ownerText(job);
    case CheckpointColumn:
        return checkpointText(job);
    case ErrorColumn:
        return shortened(printable(job.error));
    default:
        return printable(job.id);
    }
}

/// The age as what it is counted from: it does not change, so a sorted view need not sort again.
QVariant JobModel::sortKey(const Job &job, int column) const
{
    switch (column) {
    case StateColumn:
        return int(job.state);
    case ProgressColumn:
        return job.progress.value_or(-1);
    case AttemptColumn:
        return job.attempt;
    case RequeuesColumn:
        return job.requeues.size();
    case OwnerColumn:
        return job.owner;
    case AgeColumn:
        return -job.createdAt.toMSecsSinceEpoch();
    default:
        return text(job, column);
    }
}

QVariant JobModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Job &job = rows()[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(job, index.column());
    case Qt::ToolTipRole:
        return tip(job);
    case SortRole:
        return sortKey(job, index.column());
    case StateRole:
        return int(job.state);
    case ProgressRole:
        return job.progress ? QVariant(*job.progress) : QVariant();
    default:
        return {};
    }
}

QVariant JobModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0
        || section >= Columns)
        return {};
    static const auto kNames = std::to_array<const char *>({
        QT_TR_NOOP("State"),
        QT_TR_NOOP("Kind"),
        QT_TR_NOOP("Progress"),
        QT_TR_NOOP("Attempt"),
        QT_TR_NOOP("Requeues"),
        QT_TR_NOOP("Age"),
        QT_TR_NOOP("Held by"),
        QT_TR_NOOP("Checkpoint"),
        QT_TR_NOOP("Error"),
        QT_TR_NOOP("ID"),
    });
    static_assert(std::tuple_size_v<decltype(kNames)> == Columns);
    return tr(kNames[section]);
}

} // namespace quiesce
