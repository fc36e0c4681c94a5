// SPDX-License-Identifier: GPL-3.0-only
// Dimming: how what is old is shown, readable but not as if it were so now.
#pragma once

class QWidget;

namespace quiesce {

/// The text of the widget and of all in it takes the colour of placeholders. To be called
/// again when the application's palette has changed.
void dim(QWidget *widget);
void undim(QWidget *widget);

} // namespace quiesce
