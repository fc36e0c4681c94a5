// SPDX-License-Identifier: GPL-3.0-only
// LifecycleStepper: the way from starting to stopped as a row of signs, with what each step took.
#pragma once

#include "console/model/instance/lifecyclesteps.h"

#include <QWidget>

namespace quiesce {

/// Six steps in a line, or in as many lines as the width and the font want.
///
/// Thread: GUI. Its accessible description says all that it shows.
class LifecycleStepper final : public QWidget
{
    Q_OBJECT

public:
    explicit LifecycleStepper(QWidget *parent = nullptr);

    void setSteps(const QList<LifecycleStep> &steps);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QFont nameFont() const;
    void measure();
    [[nodiscard]] int stepsALine(int width) const;
    [[nodiscard]] QRect cellOf(int step) const;
    [[nodiscard]] QRectF markOf(int step) const;
    void paintStep(QPainter &painter, int step) const;
    void paintWay(QPainter &painter, int from) const;
    void paintTexts(QPainter &painter, int step) const;

    QList<LifecycleStep> m_steps;
    QSize m_cell; ///< the least that any step needs; all painting asks for it
};

} // namespace quiesce
