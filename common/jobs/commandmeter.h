// SPDX-License-Identifier: GPL-3.0-only
// CommandMeter: reads progress and resume points from the lines that a command writes.
#pragma once

#include "common/jobs/commandfields.h"

#include <QByteArray>
#include <QRegularExpression>
#include <optional>

namespace quiesce {

/// Progress is the number that `pattern` captures, times `scale`, divided by the total: what
/// totalPattern has captured (the first time; not scaled), else the field totalField, else `total`.
/// Both streams are read. While a total is awaited there is no progress.
class CommandMeter final
{
public:
    CommandMeter(const CommandSettings &command, const FieldValues &values);

    struct Reading
    {
        std::optional<double> progress; ///< 0 to 1
        std::optional<QString> resume; ///< at most kMaxResumeChars, without control characters
    };
    static constexpr qsizetype kMaxResumeChars = 4'096;

    [[nodiscard]] Reading read(const QByteArray &line);

private:
    QRegularExpression m_progress;
    QRegularExpression m_totalPattern;
    QRegularExpression m_resume;
    double m_scale = 1;
    std::optional<double> m_total;
};

/// What is wrong with the progress and resume settings of a command whose fields are right; empty:
/// nothing.
[[nodiscard]] QString faultOfMeter(const CommandSettings &command);

} // namespace quiesce
