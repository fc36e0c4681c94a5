// SPDX-License-Identifier: GPL-3.0-only
// OperationHistory: see the header.
#include "console/view/actions/operationhistory.h"

#include "console/model/acting/operationlog.h"
#include "console/view/actions/stateicons.h"

#include <QHeaderView>
#include <QLabel>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

namespace quiesce {

namespace {

constexpr int kWidthInChars = 110;
constexpr int kRows = 12;

/// The tone of an operation beside its outcome.
class OutcomeDelegate final : public QStyledItemDelegate
{
public:
    OutcomeDelegate(const OperationLog &log, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_log(log)
    { }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->icon = m_icons.of(m_log.at(index.row()).tone, option->palette);
        option->decorationSize = QSize(1, 1) * option->fontMetrics.height();
        option->features |= QStyleOptionViewItem::HasDecoration;
    }

private:
    const OperationLog &m_log;
    mutable StateIcons m_icons; ///< painting is const
};

QTreeView *makeView(OperationLog &log, QWidget *parent)
{
    auto *view = new QTreeView(parent);
    view->setModel(&log);
    view->setItemDelegateForColumn(OperationLog::Outcome, new OutcomeDelegate(log, view));
    view->setAccessibleName(OperationHistory::tr("Changes asked for"));
    view->setRootIsDecorated(false);
    view->setUniformRowHeights(true);
    view->setAlternatingRowColors(true);
    view->setFrameShape(QFrame::NoFrame);
    for (int column = 0; column < OperationLog::Outcome; ++column)
        view->resizeColumnToContents(column);
    return view;
}

} // namespace

OperationHistory::OperationHistory(OperationLog &log, QWidget *parent)
    : QFrame(parent, Qt::Popup)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(StyledPanel);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(new QLabel(tr("Changes asked for from this console, the last first"), this));
    QTreeView *view = makeView(log, this);
    layout->addWidget(view);
    setFocusProxy(view);
    const QFontMetrics metrics = fontMetrics();
    resize(metrics.averageCharWidth() * kWidthInChars, metrics.lineSpacing() * (kRows + 4));
}

void OperationHistory::popUp(const QWidget &anchor)
{
    const QRect space = anchor.screen()->availableGeometry();
    QPoint at = anchor.mapToGlobal(QPoint(anchor.width() - width(), -height()));
    if (at.y() < space.top())
        at = anchor.mapToGlobal(QPoint(anchor.width() - width(), anchor.height()));
    at.setX(std::clamp(at.x(), space.left(), std::max(space.left(), space.right() - width())));
    move(at);
    show();
    setFocus();
}

} // namespace quiesce
