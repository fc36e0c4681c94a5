// SPDX-License-Identifier: GPL-3.0-only
// Step marks: the round signs of the lifecycle's steps, each of its own shape.
#pragma once

#include "console/model/instance/lifecyclesteps.h"

class QPainter;
class QPalette;
class QRectF;

namespace quiesce {

[[nodiscard]] Tone toneOf(LifecycleStep::Mark mark);
/// In a square, at any size.
void paintStepMark(QPainter &painter, const QRectF &square, LifecycleStep::Mark mark,
                   const QPalette &palette);

} // namespace quiesce
