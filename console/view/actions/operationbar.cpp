// SPDX-License-Identifier: GPL-3.0-only
// OperationBar: see the header.
#include "console/view/actions/operationbar.h"

#include "console/view/actions/operationhistory.h"
#include "console/view/actions/tonebanner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace quiesce {

OperationBar::OperationBar(Operations &operations, QWidget *parent)
    : QWidget(parent)
    , m_operations(operations)
    , m_banner(new ToneBanner(ToneBanner::Lines::Elided, this))
    , m_others(new QLabel(this))
    , m_history(makeButton(tr("&History"), tr("The changes asked for before")))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_banner);
    QToolButton *dismiss = makeButton(tr("Dis&miss"), tr("Hides this line until the next change"));
    m_banner->addWidget(m_others);
    m_banner->addWidget(m_history);
    m_banner->addWidget(dismiss);
    hide();

    connect(dismiss, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_history, &QToolButton::clicked, this, &OperationBar::showHistory);
    connect(&m_operations, &Operations::started, this, &OperationBar::take);
    connect(&m_operations, &Operations::changed, this, &OperationBar::refresh);
}

QToolButton *OperationBar::makeButton(const QString &text, const QString &toolTip)
{
    auto *button = new QToolButton(this);
    button->setText(text);
    button->setToolTip(toolTip);
    button->setAutoRaise(true);
    return button;
}

void OperationBar::take(qint64 id)
{
    m_shown = id;
    refresh();
    show();
}

void OperationBar::refresh()
{
    const Operation *operation = m_operations.log().find(m_shown);
    if (!operation)
        return;
    m_banner->setMessage(operation->tone, OperationCourse::line(*operation));
    const bool isItself = operation->stage != Operation::Stage::Finished;
    const int others = m_operations.log().unfinished() - (isItself ? 1 : 0);
    m_others->setVisible(others > 0);
    m_others->setText(others == 1 ? tr("1 other under way")
                                  : tr("%n others under way", nullptr, others));
}

void OperationBar::showHistory()
{
    auto *history = new OperationHistory(m_operations.log(), this);
    history->popUp(*m_history);
}

} // namespace quiesce
