// SPDX-License-Identifier: GPL-3.0-only
// DeadlineBar: how much of a stop's time has gone, where it is likely to end, and its deadline.
#pragma once

#include "console/model/instance/condition.h"

#include <QWidget>
#include <chrono>

namespace quiesce {

/// From the left: gone, in full colour; what is still needed, hatched; then room until the
/// deadline's line. What goes beyond that line does not make it.
///
/// Thread: GUI.
class DeadlineBar final : public QWidget
{
    Q_OBJECT

public:
    struct Times
    {
        std::chrono::milliseconds elapsed{ 0 };
        std::chrono::milliseconds needed{ 0 };
        std::chrono::milliseconds total{ 0 }; ///< until the deadline, from the beginning
        Tone tone = Tone::Busy;

        friend bool operator==(const Times &, const Times &) = default;
    };

    explicit DeadlineBar(QWidget *parent = nullptr);

    void setTimes(const Times &times);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    /// Of the whole width, 0 to 1.
    [[nodiscard]] double shareOf(std::chrono::milliseconds time) const;

    Times m_times;
};

} // namespace quiesce
