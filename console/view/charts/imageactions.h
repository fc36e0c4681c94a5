// SPDX-License-Identifier: GPL-3.0-only
// The actions to take a picture of a widget along: copied, or saved as PNG.
#pragma once

class QString;
class QWidget;

namespace quiesce {

/// Gives `widget` a context menu with "Copy image" and "Save image…"; a file is called after `name`
/// unless another name is chosen. The picture is what the widget paints at that moment.
void addImageActions(QWidget &widget, const QString &name);

} // namespace quiesce
