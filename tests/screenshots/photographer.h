// SPDX-License-Identifier: GPL-3.0-only
// Photographer: pictures of a window as the screen shows it, light and dark.
#pragma once

#include <QString>

namespace quiesce {
class Console;
}

namespace quiesce::shots {

/// Takes what the X server has, so also what a window manager or another window did to it.
class Photographer final
{
public:
    explicit Photographer(QString folder)
        : m_folder(std::move(folder))
    { }

    /// `<name>-light.png` and `<name>-dark.png`; false when one cannot be taken or written.
    [[nodiscard]] bool take(Console &console, const QString &name) const;

private:
    QString m_folder;
};

} // namespace quiesce::shots
