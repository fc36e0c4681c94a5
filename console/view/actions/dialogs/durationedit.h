// SPDX-License-Identifier: GPL-3.0-only
// DurationEdit: a time typed as people write it, "30", "30s", "1m 30s", "250 ms".
#pragma once

#include <QLineEdit>
#include <chrono>
#include <optional>

namespace quiesce {

/// A number without a unit is seconds.
class DurationEdit final : public QLineEdit
{
    Q_OBJECT

public:
    using QLineEdit::QLineEdit;

    /// None when it is empty or no duration.
    [[nodiscard]] std::optional<std::chrono::milliseconds> value() const;
    void setValue(std::chrono::milliseconds value);
    /// Something is typed that is no duration.
    [[nodiscard]] bool isWrong() const;
};

} // namespace quiesce
