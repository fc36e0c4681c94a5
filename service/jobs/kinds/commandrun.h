// SPDX-License-Identifier: GPL-3.0-only
// CommandRun: one attempt of a configured command.
#pragma once

#include "common/jobs/commandmeter.h"
#include "service/jobs/kinds/commandprocess.h"
#include "service/jobs/kinds/kindtask.h"
#include "service/jobs/kinds/outputlines.h"

#include <QFutureWatcher>

namespace quiesce {

/// From payload to outcome; see commandKind().
class CommandRun final : public KindTask
{
    Q_OBJECT

public:
    CommandRun(const CommandSettings &command, const QStringList &environment,
               const JobContext &context, QObject *parent);

protected:
    void work() override;
    void onNotice() override;
    void onStop() override;

private:
    [[nodiscard]] Result<QStringList, QString> arguments();
    void takeOutput(CommandProcess::Stream stream, const QByteArray &bytes);
    void takeLine(const QByteArray &line);
    void keepResume();
    void endOnceKept();
    void takeEnd(const CommandEnd &how);
    [[nodiscard]] JobOutcome outcomeOf(const CommandEnd &how) const;
    [[nodiscard]] JobOutcome failureOf(const QString &what, bool isFinal) const;
    [[nodiscard]] QString signalReason(int number) const;

    CommandSettings m_command;
    QStringList m_environment;
    FieldValues m_values;
    std::optional<CommandMeter> m_meter;
    CommandProcess m_process;
    std::array<OutputLines, 2> m_lines; ///< by stream
    QByteArray m_lastErrorLine;
    qint64 m_outputBytes = 0;
    bool m_isTooLoud = false;
    bool m_isStopped = false; ///< we told it to end
    QString m_resume; ///< what is to be kept next
    bool m_isKeeping = false;
    QFutureWatcher<bool> m_keeping;
    std::optional<JobOutcome> m_outcome; ///< waits for the last checkpoint
};

} // namespace quiesce
