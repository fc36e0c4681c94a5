// SPDX-License-Identifier: GPL-3.0-only
// JobDetail: see the header.
#include "console/view/detail/lists/jobdetail.h"

#include "common/printable.h"
#include "console/model/lists/jobmodel.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace quiesce {

namespace {

QPlainTextEdit *textPane(const QString &name, QWidget *parent)
{
    auto *pane = new QPlainTextEdit(parent);
    pane->setReadOnly(true);
    pane->setAccessibleName(name);
    pane->setLineWrapMode(QPlainTextEdit::NoWrap);
    pane->setTabChangesFocus(true);
    return pane;
}

/// What may be long stays where one has scrolled to.
void replaceText(QPlainTextEdit *pane, const QString &text)
{
    if (pane->toPlainText() == text)
        return;
    const int at = pane->verticalScrollBar()->value();
    pane->setPlainText(text);
    pane->verticalScrollBar()->setValue(at);
}

QString jsonOf(const Job &job)
{
    QString text = QString::fromUtf8(QJsonDocument(toJson(job)).toJson(QJsonDocument::Indented));
    text.truncate(JobDetail::kMaxText);
    return text;
}

} // namespace

JobDetail::JobDetail(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_tabs(new QTabWidget(this))
    , m_json(textPane(tr("The job as JSON"), this))
    , m_output(textPane(tr("Output of the job"), this))
    , m_fetch(new QPushButton(tr("&Fetch output"), this))
    , m_cancel(new QPushButton(tr("&Cancel this job…"), this))
{
    m_output->setMaximumBlockCount(kMaxLines);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layOut();
    followFont();
    connect(m_fetch, &QPushButton::clicked, this, [this] { Q_EMIT outputWanted(m_jobId); });
    connect(m_cancel, &QPushButton::clicked, this, [this] { Q_EMIT cancelWanted(m_jobId); });
    clear();
}

void JobDetail::layOut()
{
    m_tabs->addTab(m_json, tr("Details"));
    m_tabs->addTab(m_output, tr("Output"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_title, 1);
    buttons->addWidget(m_fetch);
    buttons->addWidget(m_cancel);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins({});
    rows->addLayout(buttons);
    rows->addWidget(m_tabs, 1);
}

void JobDetail::setJob(const Job &job)
{
    if (job.id != m_jobId) {
        m_output->clear();
        m_output->setPlaceholderText(tr("Not fetched yet."));
    }
    m_jobId = job.id;
    m_title->setText(
        tr("%1: %2", "kind of job: state").arg(printable(job.kind), jobStateText(job.state)));
    replaceText(m_json, jsonOf(job));
    m_fetch->setEnabled(true);
    m_tabs->setEnabled(true);
}

void JobDetail::clear()
{
    m_jobId.clear();
    m_title->setText(tr("Select a job to see all of it."));
    m_json->clear();
    m_output->clear();
    m_output->setPlaceholderText({});
    m_fetch->setEnabled(false);
    m_cancel->setEnabled(false);
    m_tabs->setEnabled(false);
}

void JobDetail::setCancelEnabled(bool isEnabled)
{
    m_cancel->setEnabled(isEnabled);
}

void JobDetail::setOutput(const QString &jobId, const QByteArray &output)
{
    if (jobId != m_jobId)
        return;
    m_output->setPlaceholderText(tr("It has written nothing."));
    m_output->setPlainText(QString::fromUtf8(output));
    m_tabs->setCurrentWidget(m_output);
}

void JobDetail::setOutputError(const QString &jobId, const QString &why)
{
    if (jobId != m_jobId)
        return;
    m_output->clear();
    m_output->setPlaceholderText(tr("There is no output to show: %1").arg(why));
    m_tabs->setCurrentWidget(m_output);
}

void JobDetail::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        followFont();
}

void JobDetail::followFont()
{
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    if (font().pointSizeF() > 0)
        fixed.setPointSizeF(font().pointSizeF());
    m_json->setFont(fixed);
    m_output->setFont(fixed);
}

} // namespace quiesce
