// SPDX-License-Identifier: GPL-3.0-only
// How verbs and tones are shown: icon names, captions, titles, what is to be typed.
#pragma once

#include "console/client/command.h"
#include "console/client/instancespec.h"
#include "console/model/instance/condition.h"

#include <QString>

class QIcon;
class QPalette;

namespace quiesce {

/// Of `:/icons/`.
[[nodiscard]] QString iconNameOf(Verb verb);
[[nodiscard]] QIcon toneIcon(Tone tone, const QPalette &palette);
/// With a mnemonic, for the button that does it: "&Drain and stop".
[[nodiscard]] QString buttonText(Verb verb);
/// With a mnemonic, for the menu entry that asks first: "&Drain and stop…".
[[nodiscard]] QString menuText(Verb verb);
/// "Drain and stop orders-1?"
[[nodiscard]] QString questionOf(Verb verb, const QString &name);
/// "Drain and stop 3 instances?"
[[nodiscard]] QString questionOf(Verb verb, int count);
/// What is to be typed to confirm it for many: "stop 3".
[[nodiscard]] QString phraseOf(Verb verb, int count);
/// Where it should say so when there is none: "Not set".
[[nodiscard]] QString environmentText(Environment environment);
/// A tool tip that shows the text as it is, and wraps: what a service says of itself may look rich.
[[nodiscard]] QString plainToolTip(const QString &text);
/// How much an environment should stand out.
[[nodiscard]] Tone toneOf(Environment environment);

} // namespace quiesce
