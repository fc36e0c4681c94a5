// SPDX-License-Identifier: GPL-3.0-only
// Besieged: see the header.
#include "tests/endtoend/besieged.h"

#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <csignal>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

/// What an honest client needs for a moment while it is counted: its connection, twice over since
/// the one before may not be closed yet.
constexpr qsizetype kHonest = 4;

} // namespace

Besieged::Besieged(const QStringList &limits)
{
    for (const QString &limit : limits)
        service.setEnvironment(u"QUIESCE_LIMITS_"_s + limit.section(u'=', 0, 0),
                               limit.section(u'=', 1));
    service.setEnvironment(u"QUIESCE_STOP_CANCEL_GRACE"_s, u"1s"_s);
    service.setEnvironment(u"ASAN_OPTIONS"_s, u"quarantine_size_mb=8"_s);
}

bool Besieged::start(const QString &grace)
{
    const QString budget = u"%1ms"_s.arg(kBudget.count());
    if (!service.start({ u"--grace"_s, grace, u"--budget"_s, budget }))
        return false;
    m_operator.emplace(service);
    m_before = vitalsOf(service.pid());
    const bool isServing = askAfresh(service.trafficPort(), get("/hello")).status == 200
        && m_operator->get("/state").status == 200 && isRelieved();
    // Memory that is taken once, at the first use, is not to be counted as an attack's.
    m_before.residentKiB = vitalsOf(service.pid()).residentKiB;
    return isServing;
}

Crowd Besieged::crowd(int count, QByteArrayView bytes, LoopbackClient::Options options) const
{
    Crowd crowd;
    for (int i = 0; i < count; ++i) {
        crowd.emplace_back(service.trafficPort(), options);
        if (crowd.back().isConnected() && !bytes.isEmpty())
            crowd.back().sendSome(bytes);
    }
    return crowd;
}

QString Besieged::wrong(Growth atMost) const
{
    QElapsedTimer elapsed;
    elapsed.start();
    const int hello = askAfresh(service.trafficPort(), get("/hello")).status;
    if (hello != 200 || elapsed.elapsed() > kServedWithin.count())
        return u"/hello was answered with %1 after %2 ms"_s.arg(hello).arg(elapsed.elapsed());
    const QString refused = wrongForOperators();
    return refused.isEmpty() ? wrongGrowth(atMost) : refused;
}

QString Besieged::wrongForOperators() const
{
    QElapsedTimer elapsed;
    elapsed.start();
    const int state = m_operator->get("/state").status;
    if (state == 200 && elapsed.elapsed() <= kServedWithin.count())
        return {};
    return u"/admin/v1/state was answered with %1 after %2 ms"_s.arg(state).arg(elapsed.elapsed());
}

Besieged::Growth Besieged::growth() const
{
    const Vitals now = vitalsOf(service.pid());
    return { now.residentKiB - m_before.residentKiB, now.descriptors - m_before.descriptors };
}

QString Besieged::wrongGrowth(Growth atMost) const
{
    const Vitals now = vitalsOf(service.pid());
    const Growth grown = growth();
    if (now.residentKiB < 0 || now.descriptors < 0)
        return u"it is gone"_s;
    if (grown.kib > boundKiB(atMost.kib))
        return u"%1 KiB more, of %2"_s.arg(grown.kib).arg(atMost.kib);
    if (grown.descriptors > atMost.descriptors + kHonest)
        return u"%1 descriptors more, of %2"_s.arg(grown.descriptors).arg(atMost.descriptors);
    return {};
}

bool Besieged::isRelieved() const
{
    return QTest::qWaitFor([this] { return growth().descriptors <= 0; }, int(kLongestWait.count()));
}

QString Besieged::wrongStop(int exitCode, const std::function<void()> &attack)
{
    QElapsedTimer elapsed;
    elapsed.start();
    service.signal(SIGTERM);
    const auto isGone = [&] {
        if (attack)
            attack();
        return !service.isRunning();
    };
    if (!QTest::qWaitFor(isGone, int(kLongestWait.count())))
        return u"it does not stop"_s;
    const qint64 took = elapsed.elapsed();
    const int code = service.waitForExit();
    if (code != exitCode)
        return u"exit code %1"_s.arg(code);
    return took < (kBudget + kSlack).count() ? QString() : u"it took %1 ms to stop"_s.arg(took);
}

void trickle(const Crowd &crowd, QByteArrayView bytes)
{
    for (const LoopbackClient &client : crowd)
        client.sendSome(bytes);
}

bool allHaveNews(const Crowd &crowd)
{
    return std::none_of(crowd.begin(), crowd.end(),
                        [](const LoopbackClient &client) { return client.isSilent(); });
}

} // namespace quiesce::test
