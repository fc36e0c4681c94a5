// SPDX-License-Identifier: GPL-3.0-only
// JobDetail: all of one job, as JSON, with its requeues and what its command wrote.
#pragma once

#include "common/jobs/job.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTabWidget;

namespace quiesce {

/// Thread: GUI. Emits: outputWanted() when its output is asked for, cancelWanted() likewise.
/// Limits: kMaxText characters of JSON, kMaxLines of output are shown.
class JobDetail final : public QWidget
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxText = 256 * 1024;
    static constexpr int kMaxLines = 10'000;

    explicit JobDetail(QWidget *parent = nullptr);

    void setJob(const Job &job);
    void clear();
    void setCancelEnabled(bool isEnabled);
    [[nodiscard]] QString jobId() const { return m_jobId; }
    /// Of that job; another's is passed over.
    void setOutput(const QString &jobId, const QByteArray &output);
    void setOutputError(const QString &jobId, const QString &why);

Q_SIGNALS:
    void outputWanted(const QString &jobId);
    void cancelWanted(const QString &jobId);

private:
    void layOut();
    void changeEvent(QEvent *event) override;
    void followFont();

    QString m_jobId;
    QLabel *m_title;
    QTabWidget *m_tabs;
    QPlainTextEdit *m_json;
    QPlainTextEdit *m_output;
    QPushButton *m_fetch;
    QPushButton *m_cancel;
};

} // namespace quiesce
