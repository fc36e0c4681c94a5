// SPDX-License-Identifier: GPL-3.0-only
// PaceForm: when a rolling stop goes on to the next instance.
#pragma once

#include "console/model/acting/rollingstop.h"

#include <QWidget>

class QGridLayout;
class QRadioButton;

namespace quiesce {

class DurationEdit;

/// Emits: edited() when what it says may have changed.
class PaceForm final : public QWidget
{
    Q_OBJECT

public:
    explicit PaceForm(QWidget *parent = nullptr);

    [[nodiscard]] RollingStop::Pace pace() const;
    /// Only to be relied on when there is no fault().
    [[nodiscard]] std::chrono::milliseconds wait() const;
    [[nodiscard]] QString fault() const;

Q_SIGNALS:
    void edited();

private:
    DurationEdit *addChoice(QGridLayout *layout, QRadioButton *button,
                            std::chrono::milliseconds wait);
    [[nodiscard]] const DurationEdit *chosen() const;

    QRadioButton *m_forSuccessor;
    QRadioButton *m_forTime;
    DurationEdit *m_successorWait;
    DurationEdit *m_pause;
};

} // namespace quiesce
