// SPDX-License-Identifier: GPL-3.0-only
// Choices: see the header.
#include "console/model/settings/choices.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

Choices bounded(Choices choices)
{
    choices.actor = choices.actor.simplified().left(Choices::kMaxActorLength);
    choices.chartWindow =
        std::clamp(choices.chartWindow, Choices::kShortestChart, Choices::kLongestChart);
    choices.extension =
        std::clamp(choices.extension, Choices::kShortestExtension, Choices::kLongestExtension);
    choices.retention =
        std::clamp(choices.retention, std::chrono::milliseconds(0), Choices::kLongestRetention);
    return choices;
}

QString toText(Theme theme)
{
    switch (theme) {
    case Theme::System:
        break;
    case Theme::Light:
        return u"light"_s;
    case Theme::Dark:
        return u"dark"_s;
    }
    return u"system"_s;
}

QString toText(Language language)
{
    switch (language) {
    case Language::System:
        break;
    case Language::English:
        return u"en"_s;
    case Language::Chinese:
        return u"zh_CN"_s;
    }
    return u"system"_s;
}

} // namespace quiesce
