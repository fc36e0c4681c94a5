// SPDX-License-Identifier: GPL-3.0-only
// Choices: what an operator may choose, with the defaults and bounds of each.
#pragma once

#include <QString>
#include <chrono>

namespace quiesce {

enum class Theme : unsigned char { System, Light, Dark };
enum class Language : unsigned char { System, English, Chinese };

struct Choices
{
    static constexpr qsizetype kMaxActorLength = 64;
    static constexpr std::chrono::milliseconds kShortestChart = std::chrono::minutes(1);
    static constexpr std::chrono::milliseconds kLongestChart = std::chrono::hours(1);
    static constexpr std::chrono::milliseconds kShortestExtension = std::chrono::seconds(1);
    static constexpr std::chrono::milliseconds kLongestExtension = std::chrono::hours(1);
    static constexpr std::chrono::milliseconds kLongestRetention = std::chrono::hours(24 * 7);

    Theme theme = Theme::System;
    Language language = Language::System;
    QString actor; ///< who acts, as services record it; default: $USER
    bool isReasonRequired = true; ///< a stop, a quiesce and a force ask why
    bool isNameTypedInProduction = true; ///< a change in production asks for the name to be typed
    bool hasNotifications = true;
    bool closesToTray = false; ///< where there is a tray; else closing ends the console
    /// What charts show; from kShortestChart to kLongestChart.
    std::chrono::milliseconds chartWindow = std::chrono::minutes(5);
    /// Offered by Extend; from kShortestExtension to kLongestExtension.
    std::chrono::milliseconds extension = std::chrono::seconds(30);
    /// How long a stopped local instance stays in the list; 0: until it is dismissed; at most
    /// kLongestRetention.
    std::chrono::milliseconds retention = std::chrono::hours(1);

    friend bool operator==(const Choices &, const Choices &) = default;
};

/// The same with each choice within its bounds; a duration out of them becomes the nearest.
[[nodiscard]] Choices bounded(Choices choices);

/// `system`, `light`, `dark`, and `system`, `en`, `zh_CN`.
[[nodiscard]] QString toText(Theme theme);
[[nodiscard]] QString toText(Language language);

} // namespace quiesce
