// SPDX-License-Identifier: GPL-3.0-only
// OperationLog: see the header.
#include "console/model/acting/operationlog.h"

#include "console/model/acting/actionpolicy.h"
#include "console/model/words/wording.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// What a service says of itself may look like rich text, and is not.
QString toolTip(const QString &text)
{
    return u"<p>"_s + text.toHtmlEscaped() + u"</p>"_s;
}

} // namespace

void OperationLog::add(const Operation &operation)
{
    if (rowCount() == kKept) {
        beginRemoveRows({}, kKept - 1, kKept - 1);
        m_operations.pop_back();
        endRemoveRows();
    }
    beginInsertRows({}, 0, 0);
    m_operations.push_front(operation);
    endInsertRows();
}

int OperationLog::rowOf(qint64 id) const
{
    const auto found = std::find_if(m_operations.begin(), m_operations.end(),
                                    [id](const Operation &o) { return o.id == id; });
    return found == m_operations.end() ? -1 : static_cast<int>(found - m_operations.begin());
}

const Operation *OperationLog::find(qint64 id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &at(row);
}

int OperationLog::unfinished() const
{
    return static_cast<int>(
        std::count_if(m_operations.begin(), m_operations.end(),
                      [](const Operation &o) { return o.stage != Operation::Stage::Finished; }));
}

int OperationLog::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_operations.size());
}

int OperationLog::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant OperationLog::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Operation &operation = at(index.row());
    if (role == Qt::DisplayRole)
        return text(operation, index.column());
    if (role == Qt::ToolTipRole) {
        return index.column() == Time ? operation.askedAt.toString(Qt::ISODateWithMs)
                                      : toolTip(text(operation, index.column()));
    }
    return {};
}

QString OperationLog::text(const Operation &operation, int column)
{
    switch (column) {
    case Time:
        return timeOfDayText(operation.askedAt);
    case Target:
        return operation.instanceName;
    case Action:
        return ActionPolicy::verbText(operation.request.verb);
    case Actor:
        return operation.request.actor;
    case Outcome:
        return operation.status;
    default:
        return {};
    }
}

QVariant OperationLog::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Target:
        return tr("Instance");
    case Action:
        return tr("Action");
    case Actor:
        return tr("Actor");
    case Outcome:
        return tr("Outcome");
    default:
        return {};
    }
}

} // namespace quiesce
