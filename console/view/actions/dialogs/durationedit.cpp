// SPDX-License-Identifier: GPL-3.0-only
// DurationEdit: see the header.
#include "console/view/actions/dialogs/durationedit.h"

#include "common/units.h"

#include <QRegularExpression>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// Of parts that follow each other, "1m 30s"; none when one of them is none.
std::optional<std::chrono::milliseconds> sumOf(const QString &text)
{
    static const QRegularExpression part(uR"(\G\s*(\d{1,9}\s*[a-z]+)\s*)"_s);
    std::chrono::milliseconds sum{ 0 };
    qsizetype at = 0;
    while (at < text.size()) {
        const auto match = part.match(text, at);
        if (!match.hasMatch())
            return std::nullopt;
        const auto duration = parseDuration(match.captured(1).remove(u' '));
        if (!duration)
            return std::nullopt;
        sum += duration.value();
        at = match.capturedEnd();
    }
    return sum;
}

} // namespace

std::optional<std::chrono::milliseconds> DurationEdit::value() const
{
    static const QRegularExpression bare(uR"(^\d{1,9}$)"_s);
    const QString written = text().trimmed().toLower();
    if (written.isEmpty())
        return std::nullopt;
    if (bare.match(written).hasMatch())
        return std::chrono::seconds(written.toLongLong());
    return sumOf(written);
}

void DurationEdit::setValue(std::chrono::milliseconds value)
{
    setText(formatDuration(value));
}

bool DurationEdit::isWrong() const
{
    return !text().trimmed().isEmpty() && !value();
}

} // namespace quiesce
