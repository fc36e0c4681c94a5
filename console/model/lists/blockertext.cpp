// SPDX-License-Identifier: GPL-3.0-only
// BlockerModel: what its cells say.
#include "common/printable.h"
#include "console/model/lists/blockermodel.h"
#include "console/model/words/wording.h"

#include <QCoreApplication>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::BlockerText)
};

QString tip(const Blocker &blocker)
{
    QStringList lines{ printable(blocker.label) };
    if (!blocker.traceId.isEmpty())
        lines << Text::tr("Trace %1").arg(printable(blocker.traceId));
    return lines.join(u'\n');
}

} // namespace

QString blockerKindText(const QString &kind)
{
    if (kind == "request"_L1)
        return Text::tr("Request");
    if (kind == "job"_L1)
        return Text::tr("Job");
    if (kind == "task"_L1)
        return Text::tr("Task");
    return kind == "hook"_L1 ? Text::tr("Hook") : printable(kind);
}

QString blockerWhatText(const Blocker &blocker)
{
    if (blocker.method.isEmpty() || blocker.route.isEmpty())
        return printable(blocker.label);
    return printable(blocker.method) + u' ' + printable(blocker.route);
}

QString BlockerModel::text(const BlockerRow &row, int column) const
{
    switch (column) {
    case AgeColumn:
        return lengthText(milliseconds(m_now - row.since));
    case KindColumn:
        return blockerKindText(row.blocker.kind);
    case WhatColumn:
        return blockerWhatText(row.blocker);
    case PeerColumn:
        return printable(row.blocker.peer);
    default:
        return printable(row.blocker.id);
    }
}

QVariant BlockerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const BlockerRow &row = rows()[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return tip(row.blocker);
    default:
        return {};
    }
}

QVariant BlockerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case AgeColumn:
        return tr("Age");
    case KindColumn:
        return tr("Kind");
    case WhatColumn:
        return tr("What");
    case PeerColumn:
        return tr("From");
    case IdColumn:
        return tr("ID");
    default:
        return {};
    }
}

} // namespace quiesce
