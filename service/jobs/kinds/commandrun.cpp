// SPDX-License-Identifier: GPL-3.0-only
// CommandRun: see the header.
#include "service/jobs/kinds/commandrun.h"

#include "common/jobs/commandarguments.h"
#include "common/logline.h"
#include "common/printable.h"
#include "common/units.h"
#include "service/jobs/kinds/rootedfile.h"

#include <QLoggingCategory>
#include <csignal>
#include <cstring>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcCommands, "quiesce.commands")

namespace {

constexpr qsizetype kLongestShown = 300;

QString signalName(int number)
{
    const char *name = ::sigabbrev_np(number);
    return name ? "SIG"_L1 + QString::fromLatin1(name) : u"signal %1"_s.arg(number);
}

} // namespace

CommandRun::CommandRun(const CommandSettings &command, const QStringList &environment,
                       const JobContext &context, QObject *parent)
    : KindTask(context, parent)
    , m_command(command)
    , m_environment(environment)
{
    connect(&m_process, &CommandProcess::output, this, &CommandRun::takeOutput);
    connect(&m_process, &CommandProcess::ended, this, &CommandRun::takeEnd);
    connect(&m_keeping, &QFutureWatcherBase::finished, this, [this] {
        m_isKeeping = false;
        endOnceKept();
    });
}

void CommandRun::work()
{
    const auto made = arguments();
    if (!made) {
        end(JobOutcome::finalFailure(made.error()));
        return;
    }
    m_meter.emplace(m_command, m_values);
    m_process.start({ .program = m_command.program,
                      .arguments = made.value(),
                      .environment = m_environment,
                      .workingDir = m_command.workingDir,
                      .killAfter = m_command.killAfter,
                      .cpu = m_command.cpu,
                      .memory = m_command.memory,
                      .maxFileBytes = m_command.maxFileBytes });
}

void CommandRun::onNotice()
{
    if (m_command.onStop == CommandSettings::OnStop::Terminate)
        onStop();
}

void CommandRun::onStop()
{
    m_isStopped = true;
    m_process.requestStop();
}

Result<QStringList, QString> CommandRun::arguments()
{
    auto values = readFields(m_command.fields, context().payload());
    if (!values)
        return Failure{ values.error() };
    m_values = values.takeValue();
    for (const CommandField &field : m_command.fields) {
        const auto value = m_values.find(field.name);
        if (field.type != CommandField::Type::Path || value == m_values.end())
            continue;
        const auto path = resolveBelow(field.roots, *value,
                                       field.mustExist ? Presence::Required : Presence::Optional);
        if (!path)
            return Failure{ field.name + ": "_L1 + path.error() };
        *value = path.value();
    }
    const auto &last = context().lastCheckpoint();
    if (last && !m_command.resumePattern.isEmpty() && (*last)[kResumeField].isString())
        m_values.insert(kResumeField, (*last)[kResumeField].toString());
    return expandArguments(m_command, m_values);
}

void CommandRun::takeOutput(CommandProcess::Stream stream, const QByteArray &bytes)
{
    m_outputBytes += bytes.size();
    if (m_isTooLoud)
        return;
    context().appendOutput(bytes);
    m_lines[static_cast<size_t>(stream)].add(bytes, [&](const QByteArray &line) {
        if (stream == CommandProcess::Stream::Error)
            m_lastErrorLine = line;
        takeLine(line);
    });
    if (m_command.maxOutputBytes > 0 && m_outputBytes > m_command.maxOutputBytes) {
        m_isTooLoud = true;
        m_process.requestStop();
    }
}

void CommandRun::takeLine(const QByteArray &line)
{
    const CommandMeter::Reading reading = m_meter->read(line);
    if (reading.progress)
        context().setProgress(*reading.progress);
    if (!reading.resume)
        return;
    m_resume = *reading.resume;
    keepResume();
}

/// One at a time; whatever was captured meanwhile follows, the last of it.
void CommandRun::keepResume()
{
    if (m_resume.isNull() || m_isKeeping)
        return;
    m_isKeeping = true;
    m_keeping.setFuture(
        context().beginCheckpoint({ { kResumeField, std::exchange(m_resume, QString()) } }));
}

void CommandRun::takeEnd(const CommandEnd &how)
{
    if (const QByteArray &rest = m_lines[1].rest(); !rest.isEmpty())
        m_lastErrorLine = rest;
    m_outcome = outcomeOf(how);
    if (how.hasSurvivors)
        qCWarning(lcCommands).noquote() << LogLine("a process of a command cannot be killed")
                                               .with("job", context().id())
                                               .with("kind", context().kind())
                                               .toString();
    endOnceKept();
}

/// A checkpoint that the command has spoken of must be kept before the attempt is over.
void CommandRun::endOnceKept()
{
    keepResume();
    if (m_outcome && !m_isKeeping)
        end(*m_outcome);
}

JobOutcome CommandRun::outcomeOf(const CommandEnd &how) const
{
    if (m_isTooLoud)
        return failureOf(u"it wrote more than the %1 of output that it may"_s.arg(
                             formatSize(m_command.maxOutputBytes)),
                         true);
    if (m_isStopped)
        return JobOutcome::interrupted();
    switch (how.how) {
    case CommandEnd::How::NotStarted:
        return failureOf(u"%1: %2"_s.arg(m_command.program, how.reason), !how.isTransient);
    case CommandEnd::How::Lost:
        return failureOf(u"its supervisor was killed"_s, false);
    case CommandEnd::How::Killed:
        return failureOf(signalReason(how.code), false);
    case CommandEnd::How::Exited:
        break;
    }
    if (how.code != 0)
        return failureOf(u"it exited with %1"_s.arg(how.code),
                         m_command.finalExitCodes.contains(how.code));
    return JobOutcome::success(QJsonObject{ { u"exitCode"_s, 0 },
                                            { u"cpuMs"_s, qint64{ how.cpu.count() } },
                                            { u"peakMemoryBytes"_s, how.peakBytes },
                                            { u"outputBytes"_s, m_outputBytes } });
}

JobOutcome CommandRun::failureOf(const QString &what, bool isFinal) const
{
    const QString said = printable(QString::fromUtf8(m_lastErrorLine.left(kLongestShown)));
    const QString text = said.isEmpty() ? what : what + ": "_L1 + said;
    return isFinal ? JobOutcome::finalFailure(text) : JobOutcome::failure(text);
}

QString CommandRun::signalReason(int number) const
{
    const QString name = signalName(number);
    if (number == SIGXCPU && m_command.cpu.count() > 0)
        return u"it used more than %1 of CPU time (%2)"_s.arg(formatDuration(m_command.cpu), name);
    if (number == SIGXFSZ && m_command.maxFileBytes > 0)
        return u"it wrote a file of more than %1 (%2)"_s.arg(formatSize(m_command.maxFileBytes),
                                                             name);
    return u"it was killed by %1"_s.arg(name);
}

} // namespace quiesce
