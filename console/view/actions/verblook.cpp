// SPDX-License-Identifier: GPL-3.0-only
// How verbs and tones are shown: see the header.
#include "console/view/actions/verblook.h"

#include "console/model/words/wording.h"
#include "console/view/look/look.h"

#include <QCoreApplication>
#include <QTextDocument>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::VerbLook)
};

QString shapeOf(Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
        return u"help"_s;
    case Tone::Good:
        return u"serving"_s;
    case Tone::Busy:
        return u"draining"_s;
    case Tone::Warning:
        return u"incomplete"_s;
    case Tone::Bad:
        return u"crashed"_s;
    }
    return {};
}

} // namespace

QIcon toneIcon(Tone tone, const QPalette &palette)
{
    return tintedIcon(shapeOf(tone), toneColor(tone, palette));
}

QString iconNameOf(Verb verb)
{
    switch (verb) {
    case Verb::Quiesce:
        return u"quiesce"_s;
    case Verb::Resume:
        return u"resume"_s;
    case Verb::Stop:
        return u"stop"_s;
    case Verb::Extend:
        return u"extend"_s;
    case Verb::Force:
        return u"force"_s;
    case Verb::CancelRequest:
    case Verb::CancelJob:
        return u"cancel"_s;
    }
    return {};
}

QString buttonText(Verb verb)
{
    switch (verb) {
    case Verb::Quiesce:
        return Text::tr("&Quiesce");
    case Verb::Resume:
        return Text::tr("&Resume");
    case Verb::Stop:
        return Text::tr("&Drain and stop");
    case Verb::Extend:
        return Text::tr("&Extend");
    case Verb::Force:
        return Text::tr("&Force");
    case Verb::CancelRequest:
        return Text::tr("&Cancel the request");
    case Verb::CancelJob:
        return Text::tr("&Cancel the job");
    }
    return {};
}

QString menuText(Verb verb)
{
    switch (verb) {
    case Verb::Quiesce:
        return Text::tr("&Quiesce…");
    case Verb::Resume:
        return Text::tr("&Resume…");
    case Verb::Stop:
        return Text::tr("&Drain and stop…");
    case Verb::Extend:
        return Text::tr("&Extend…");
    case Verb::Force:
        return Text::tr("&Force…");
    case Verb::CancelRequest:
        return Text::tr("&Cancel the request…");
    case Verb::CancelJob:
        return Text::tr("&Cancel the job…");
    }
    return {};
}

QString questionOf(Verb verb, const QString &name)
{
    switch (verb) {
    case Verb::Quiesce:
        return Text::tr("Quiesce %1?").arg(name);
    case Verb::Resume:
        return Text::tr("Resume %1?").arg(name);
    case Verb::Stop:
        return Text::tr("Drain and stop %1?").arg(name);
    case Verb::Extend:
        return Text::tr("Extend the deadline of %1?").arg(name);
    case Verb::Force:
        return Text::tr("Force %1 to stop now?").arg(name);
    case Verb::CancelRequest:
        return Text::tr("Cancel a request of %1?").arg(name);
    case Verb::CancelJob:
        return Text::tr("Cancel a job of %1?").arg(name);
    }
    return {};
}

QString questionOf(Verb verb, int count)
{
    switch (verb) {
    case Verb::Quiesce:
        return Text::tr("Quiesce %n instances?", nullptr, count);
    case Verb::Resume:
        return Text::tr("Resume %n instances?", nullptr, count);
    case Verb::Stop:
        return Text::tr("Drain and stop %n instances?", nullptr, count);
    case Verb::Extend:
        return Text::tr("Extend the deadlines of %n instances?", nullptr, count);
    case Verb::Force:
        return Text::tr("Force %n instances to stop now?", nullptr, count);
    case Verb::CancelRequest:
        return Text::tr("Cancel a request in each of %n instances?", nullptr, count);
    case Verb::CancelJob:
        return Text::tr("Cancel a job in each of %n instances?", nullptr, count);
    }
    return {};
}

QString phraseOf(Verb verb, int count)
{
    switch (verb) {
    case Verb::Quiesce:
        return Text::tr("quiesce %1").arg(count);
    case Verb::Resume:
        return Text::tr("resume %1").arg(count);
    case Verb::Stop:
        return Text::tr("stop %1").arg(count);
    case Verb::Extend:
        return Text::tr("extend %1").arg(count);
    case Verb::Force:
        return Text::tr("force %1").arg(count);
    case Verb::CancelRequest:
    case Verb::CancelJob:
        return Text::tr("cancel %1").arg(count);
    }
    return {};
}

QString plainToolTip(const QString &text)
{
    return text.isEmpty() ? QString() : Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal);
}

QString environmentText(Environment environment)
{
    return environment == Environment::None ? Text::tr("Not set") : environmentName(environment);
}

Tone toneOf(Environment environment)
{
    switch (environment) {
    case Environment::None:
    case Environment::Development:
        return Tone::Neutral;
    case Environment::Staging:
        return Tone::Warning;
    case Environment::Production:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

} // namespace quiesce
