// SPDX-License-Identifier: GPL-3.0-only
// What to tell an operator whom the service has refused.
#include "console/model/acting/operation.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::RefusalText)
};

QString pastNoReturn(Verb verb)
{
    return verb == Verb::Extend
        ? Text::tr("the deadline has passed, or nothing is waited for any more")
        : Text::tr("it is past the point of no return, and the stop goes on");
}

QString byCode(Verb verb, const QString &code)
{
    if (code == "past-no-return"_L1)
        return pastNoReturn(verb);
    if (code == "already-stopping"_L1)
        return Text::tr("a stop is under way already");
    if (code == "not-stopping"_L1)
        return Text::tr("no stop is under way");
    if (code == "not-serving"_L1)
        return Text::tr("it is still starting; ask again when it serves");
    if (code == "past-budget"_L1)
        return Text::tr("the whole stop must fit the budget that the orchestrator grants "
                        "(stop.budget). Ask for less; a Kubernetes pod cannot be granted more "
                        "while it runs");
    if (code == "bad-duration"_L1)
        return Text::tr("a stop cannot take that time; ask for more than zero and at most 24 h");
    if (code == "read-only"_L1)
        return Text::tr("this token may only read. Use an operator's token");
    if (code == "no-such-request"_L1)
        return Text::tr("that request has ended already");
    return {};
}

QString byStatus(int status)
{
    switch (status) {
    case 401:
        return Text::tr("the token is missing or wrong. Give this connection another one");
    case 403:
        return Text::tr("this is not permitted from here. Look at the token and the address");
    case 404:
        return Text::tr("it knows nothing of that (any more)");
    default:
        return {};
    }
}

} // namespace

QString refusalText(const CommandRequest &request, const CommandOutcome &outcome)
{
    QString why = byCode(request.verb, outcome.code);
    if (why.isEmpty())
        why = byStatus(outcome.status);
    if (why.isEmpty())
        why = outcome.detail;
    if (why.isEmpty())
        return Text::tr("Refused (%1 %2).").arg(outcome.status).arg(outcome.code);
    while (why.endsWith(u'.'))
        why.chop(1);
    if (outcome.code.isEmpty())
        return Text::tr("Refused (%1): %2.").arg(QString::number(outcome.status), why);
    return Text::tr("Refused (%1 %2): %3.").arg(QString::number(outcome.status), outcome.code, why);
}

} // namespace quiesce
