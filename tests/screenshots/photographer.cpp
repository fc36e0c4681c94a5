// SPDX-License-Identifier: GPL-3.0-only
// Photographer: see the header.
#include "tests/screenshots/photographer.h"

#include "console/console.h"

#include <QEventLoop>
#include <QPixmap>
#include <QScreen>
#include <QTimer>
#include <QWindow>

namespace quiesce::shots {

using namespace Qt::StringLiterals;

namespace {

constexpr int kSettleMs = 1'200; ///< palettes, icons and a round of stats

void settle()
{
    QEventLoop loop;
    QTimer::singleShot(kSettleMs, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

bool Photographer::take(Console &console, const QString &name) const
{
    for (const Theme theme : { Theme::Light, Theme::Dark }) {
        Choices choices = console.settings().choices();
        choices.theme = theme;
        console.settings().setChoices(choices);
        settle();
        const QPixmap picture = console.window().screen()->grabWindow(console.window().winId());
        const QString file = u"%1/%2-%3.png"_s.arg(m_folder, name, toText(theme));
        if (picture.isNull() || !picture.save(file, "PNG", 0))
            return false;
    }
    return true;
}

} // namespace quiesce::shots
