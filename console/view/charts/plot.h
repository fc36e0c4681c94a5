// SPDX-License-Identifier: GPL-3.0-only
// QCustomPlot's header, which needs Qt's short keywords, for sources that do without them.
#pragma once

#include <QObject>

#define signals Q_SIGNALS
#define slots Q_SLOTS
// NOLINTNEXTLINE(bugprone-macro-parentheses): a declaration cannot have them
#define foreach(declaration, container) for (declaration : container)
#include <qcustomplot.h>
#undef foreach
#undef slots
#undef signals
