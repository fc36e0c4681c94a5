// SPDX-License-Identifier: GPL-3.0-only
// ReportList: see the header.
#include "console/model/reports/reportlist.h"

#include "common/printable.h"
#include "console/model/reports/reporttext.h"

#include <QLocale>
#include <algorithm>

namespace quiesce {

namespace {

/// When it was asked for; of one that does not say, when it was over.
QDateTime whenOf(const StopReport &report)
{
    return report.requestedAt.isValid() ? report.requestedAt : report.stoppedAt;
}

bool isSame(const StopReport &a, const StopReport &b)
{
    return a.instanceId == b.instanceId && (!a.instanceId.isEmpty() || whenOf(a) == whenOf(b));
}

bool isNewer(const StopReport &a, const StopReport &b)
{
    return whenOf(a) > whenOf(b);
}

QString text(const StopReport &report, int column)
{
    const auto number = [](qint64 count) { return QLocale().toString(count); };
    switch (column) {
    case ReportList::When:
        return whenOf(report).isValid()
            ? QLocale().toString(whenOf(report).toLocalTime(), QLocale::ShortFormat)
            : ReportList::tr("Unknown");
    case ReportList::Outcome:
        return conditionText(conditionOf(report));
    case ReportList::Who:
        return whoAsked(report.cause);
    case ReportList::Duration:
        return spanText(durationOf(report));
    case ReportList::InFlight:
        return number(report.requests.inFlightAtStop);
    case ReportList::Drained:
        return number(report.requests.drained);
    case ReportList::Cancelled:
        return number(report.requests.cancelled);
    case ReportList::Aborted:
        return number(report.requests.aborted);
    case ReportList::Requeued:
        return number(report.jobs.requeued);
    case ReportList::ExitCode:
        return QString::number(report.exitCode);
    case ReportList::Version:
        return isKnownVersion(report) ? printable(report.version)
                                      : ReportList::tr("%1 (unknown report version %2)")
                                            .arg(printable(report.version))
                                            .arg(report.reportVersion);
    default:
        return {};
    }
}

QString toolTip(const StopReport &report, int column)
{
    switch (column) {
    case ReportList::When:
        return report.requestedAt.toUTC().toString(Qt::ISODateWithMs);
    case ReportList::Outcome:
        return whatWasCut(report);
    case ReportList::Who:
        return report.cause.reason.isEmpty()
            ? whoAsked(report.cause)
            : ReportList::tr("%1: %2").arg(whoAsked(report.cause), printable(report.cause.reason));
    case ReportList::Version:
        return versionNote(report);
    default:
        return {};
    }
}

bool isNumber(int column)
{
    return column >= ReportList::Duration && column <= ReportList::ExitCode;
}

QString headerText(int column)
{
    switch (column) {
    case ReportList::When:
        return ReportList::tr("When");
    case ReportList::Outcome:
        return ReportList::tr("Outcome");
    case ReportList::Who:
        return ReportList::tr("Asked for by");
    case ReportList::Duration:
        return ReportList::tr("Took");
    case ReportList::InFlight:
        return ReportList::tr("In flight");
    case ReportList::Drained:
        return ReportList::tr("Answered");
    case ReportList::Cancelled:
        return ReportList::tr("Cancelled");
    case ReportList::Aborted:
        return ReportList::tr("Broken off");
    case ReportList::Requeued:
        return ReportList::tr("Jobs requeued");
    case ReportList::ExitCode:
        return ReportList::tr("Exit code");
    case ReportList::Version:
        return ReportList::tr("Version");
    default:
        return {};
    }
}

} // namespace

void ReportList::setReports(const QList<StopReport> &reports)
{
    for (const StopReport &report : reports)
        insert(report);
    trim();
}

void ReportList::add(const StopReport &report)
{
    insert(report);
    trim();
}

void ReportList::clear()
{
    beginResetModel();
    m_reports.clear();
    endResetModel();
}

void ReportList::insert(const StopReport &report)
{
    const auto same =
        std::find_if(m_reports.begin(), m_reports.end(),
                     [&report](const StopReport &other) { return isSame(report, other); });
    if (same != m_reports.end() && whenOf(*same) == whenOf(report)) {
        *same = report;
        const int row = static_cast<int>(same - m_reports.begin());
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        return;
    }
    if (same != m_reports.end()) { // of another time: its place is another too
        const int row = static_cast<int>(same - m_reports.begin());
        beginRemoveRows({}, row, row);
        m_reports.erase(same);
        endRemoveRows();
    }
    const auto place = std::upper_bound(m_reports.begin(), m_reports.end(), report, isNewer);
    const int row = static_cast<int>(place - m_reports.begin());
    beginInsertRows({}, row, row);
    m_reports.insert(place, report);
    endInsertRows();
}

void ReportList::trim()
{
    if (m_reports.size() <= kMaxReports)
        return;
    beginRemoveRows({}, kMaxReports, static_cast<int>(m_reports.size()) - 1);
    m_reports.resize(kMaxReports);
    endRemoveRows();
}

int ReportList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_reports.size());
}

int ReportList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ReportList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const StopReport &report = m_reports[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(report, index.column());
    case Qt::ToolTipRole:
        return toolTip(report, index.column());
    case Qt::TextAlignmentRole:
        return isNumber(index.column()) ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                                        : QVariant();
    case ConditionRole:
        return QVariant::fromValue(conditionOf(report));
    case ToneRole:
        return QVariant::fromValue(toneOf(conditionOf(report)));
    default:
        return {};
    }
}

QVariant ReportList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && isNumber(section))
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    return role == Qt::DisplayRole ? QVariant(headerText(section)) : QVariant();
}

} // namespace quiesce
