// SPDX-License-Identifier: GPL-3.0-only
// ServiceUnderTest: what is the same of every service.
#include "tests/kit/serviceundertest.h"

namespace quiesce::test {

using namespace Qt::StringLiterals;

LoopbackClient ServiceUnderTest::connectClient(int receiveBuffer) const
{
    return LoopbackClient(trafficPort(), { .receiveBuffer = receiveBuffer, .waiting = waiting() });
}

Answer ServiceUnderTest::askTraffic(const QByteArray &request) const
{
    return askAfresh(trafficPort(), request, waiting());
}

bool ServiceUnderTest::hasCaughtUp() const
{
    return askTraffic(get("/livez")).status == 200;
}

QStringList ServiceUnderTest::transitions()
{
    QStringList all;
    for (const StateSeen &change : states())
        all.append(change.from + u' ' + change.to);
    return all;
}

QString ServiceUnderTest::tally() const
{
    const QJsonObject requests = report()["requests"_L1].toObject();
    const auto count = [&](QLatin1StringView name) {
        return QString::number(requests[name].toInteger(-1));
    };
    return u"%1+%2 = %3+%4+%5"_s.arg(count("inFlightAtStop"_L1), count("acceptedDuringStop"_L1),
                                     count("drained"_L1), count("cancelled"_L1),
                                     count("aborted"_L1));
}

} // namespace quiesce::test
