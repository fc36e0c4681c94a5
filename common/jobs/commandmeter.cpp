// SPDX-License-Identifier: GPL-3.0-only
// Patterns over one line at a time.
#include "common/jobs/commandmeter.h"

#include "common/printable.h"

#include <algorithm>
#include <cmath>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr int kNumberGroups = 1;
constexpr int kClockGroups = 3;

/// The number a match has captured: itself, or hours, minutes and seconds.
std::optional<double> numberOf(const QRegularExpressionMatch &match)
{
    double number = 0;
    for (int group = 1; group <= match.regularExpression().captureCount(); ++group) {
        bool isNumber = false;
        const double part = match.captured(group).toDouble(&isNumber);
        if (!isNumber || !std::isfinite(part))
            return {};
        number = number * 60 + part;
    }
    return number;
}

QString faultOfPattern(const QString &pattern, std::initializer_list<int> groups)
{
    const QRegularExpression expression = boundedPattern(pattern);
    if (!expression.isValid())
        return u"%1 is no regular expression: %2"_s.arg(quoted(pattern), expression.errorString());
    if (std::find(groups.begin(), groups.end(), expression.captureCount()) != groups.end())
        return {};
    return groups.size() == 1
        ? u"%1 must have one group"_s.arg(quoted(pattern))
        : u"%1 must have one group, or three for hours, minutes and seconds"_s.arg(quoted(pattern));
}

QString faultOfTotalField(const CommandSettings &command)
{
    const QString &name = command.progress.totalField;
    const auto field = std::find_if(command.fields.begin(), command.fields.end(),
                                    [&](const CommandField &f) { return f.name == name; });
    if (field != command.fields.end() && field->type == CommandField::Type::Integer)
        return {};
    return u"total_field names no integer field of this command: %1"_s.arg(quoted(name));
}

} // namespace

CommandMeter::CommandMeter(const CommandSettings &command, const FieldValues &values)
    : m_progress(boundedPattern(command.progress.pattern))
    , m_totalPattern(boundedPattern(command.progress.totalPattern))
    , m_resume(boundedPattern(command.resumePattern))
    , m_scale(command.progress.pattern.isEmpty() ? 0 : command.progress.scale)
{
    if (command.resumePattern.isEmpty())
        m_resume = {};
    if (!command.progress.totalPattern.isEmpty())
        return; // awaited
    m_totalPattern = {};
    const auto field = values.find(command.progress.totalField);
    m_total = field == values.end() ? command.progress.total : field->toDouble();
}

CommandMeter::Reading CommandMeter::read(const QByteArray &line)
{
    const QString text = QString::fromUtf8(line);
    Reading reading;
    if (!m_total) {
        const auto match = m_totalPattern.match(text);
        if (match.hasMatch())
            m_total = numberOf(match);
    }
    if (m_scale != 0 && m_total && *m_total > 0) {
        const auto match = m_progress.match(text);
        if (const auto number = match.hasMatch() ? numberOf(match) : std::nullopt)
            reading.progress = std::clamp(*number * m_scale / *m_total, 0.0, 1.0);
    }
    if (!m_resume.pattern().isEmpty()) {
        CommandField plain;
        plain.maxLength = kMaxResumeChars;
        const auto match = m_resume.match(text);
        if (const auto kept = readField(plain, match.captured(1)); match.hasMatch() && kept)
            reading.resume = kept.value();
    }
    return reading;
}

QString faultOfMeter(const CommandSettings &command)
{
    const CommandProgress &progress = command.progress;
    if (!command.resumePattern.isEmpty()) {
        const QString fault = faultOfPattern(command.resumePattern, { kNumberGroups });
        if (!fault.isEmpty())
            return "resume_pattern: "_L1 + fault;
    }
    if (progress.pattern.isEmpty())
        return progress == CommandProgress() ? QString() : u"progress: its pattern is missing"_s;
    for (const QString &pattern : { progress.pattern, progress.totalPattern }) {
        const QString fault = pattern.isEmpty()
            ? QString()
            : faultOfPattern(pattern, { kNumberGroups, kClockGroups });
        if (!fault.isEmpty())
            return "progress: "_L1 + fault;
    }
    return progress.totalField.isEmpty() ? QString() : faultOfTotalField(command);
}

} // namespace quiesce
