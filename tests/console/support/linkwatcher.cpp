// SPDX-License-Identifier: GPL-3.0-only
// LinkWatcher: see the header.
#include "tests/console/support/linkwatcher.h"

#include <QTest>
#include <array>

namespace quiesce::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kLongest = 60'000; ///< ms; never a measure, only an end

QString roleText(Role role)
{
    constexpr std::array kNames{ "unknown", "reader", "operator" };
    return QString::fromLatin1(kNames.at(static_cast<size_t>(role)));
}

} // namespace

LinkTiming shortTiming()
{
    LinkTiming timing;
    timing.staleAfter = 30s; // where silence is not the matter a loaded machine must not make it so
    timing.cutAfter = 40s;
    timing.connectTimeout = 20s;
    timing.firstRetry = 20ms;
    timing.longestRetry = 100ms;
    timing.refresh = 50ms;
    timing.tokenPoll = 20ms;
    return timing;
}

QString toText(LinkState state)
{
    constexpr std::array kNames{ "Idle",        "Connecting",    "Live",       "Stale",
                                 "Unreachable", "NotAuthorised", "NeedsToken", "Incompatible",
                                 "Stopped",     "Crashed" };
    return QString::fromLatin1(kNames.at(static_cast<size_t>(state)));
}

LinkWatcher::LinkWatcher(const InstanceSpec &spec, const LinkTiming &timing)
    : client(spec, timing)
{
    watchLink();
    watchEvents();
}

LinkWatcher::~LinkWatcher()
{
    if (QTest::currentTestFailed())
        qWarning().noquote() << "it was told:\n"_L1 + m_log.join(u'\n') << client.link().reason;
}

void LinkWatcher::start(const QByteArray &token)
{
    client.setToken(Secret(token));
    client.start();
}

bool LinkWatcher::reaches(LinkState state)
{
    return QTest::qWaitFor([&] { return client.link().state == state; }, kLongest);
}

bool LinkWatcher::hears(const QString &line, qsizetype times)
{
    return QTest::qWaitFor([&] { return m_log.count(line) >= times; }, kLongest);
}

QString LinkWatcher::states() const
{
    QStringList states;
    for (const QString &line : m_log) {
        if (line.startsWith("link "_L1))
            states.append(line.mid(5));
    }
    return states.join(u' ');
}

void LinkWatcher::watchLink()
{
    connect(&client, &InstanceClient::linkChanged, this, [this](const LinkStatus &link) {
        if (std::exchange(m_state, link.state) != link.state)
            note(u"link "_s + toText(link.state));
    });
    connect(&client, &InstanceClient::roleChanged, this,
            [this](Role role) { note(u"role "_s + roleText(role)); });
}

void LinkWatcher::watchEvents()
{
    connect(&client, &InstanceClient::snapshotReceived, this,
            [this](const Snapshot &snapshot, bool isGap) {
                note(u"snapshot %1%2"_s.arg(toWire(snapshot.stats.state),
                                            isGap ? u" gap"_s : QString()));
            });
    connect(&client, &InstanceClient::statsReceived, this,
            [this](const Stats &stats) { note(u"stats %1"_s.arg(stats.inFlight)); });
    connect(&client, &InstanceClient::stateChanged, this, [this](const StateEvent &event) {
        note(u"state %1>%2"_s.arg(toWire(event.from), toWire(event.to)));
    });
    connect(&client, &InstanceClient::requestEnded, this,
            [this](const RequestEvent &event) { note(u"request "_s + event.id); });
    connect(&client, &InstanceClient::jobChanged, this,
            [this](const Job &job) { note(u"job "_s + job.id); });
    connect(&client, &InstanceClient::logged, this,
            [this](const LogEvent &event) { note(u"log "_s + event.message); });
    connect(&client, &InstanceClient::audited, this,
            [this](const AuditEvent &event) { note(u"audit "_s + event.action); });
    connect(&client, &InstanceClient::reported, this,
            [this](const StopReport &report) { note(u"report "_s + toWire(report.outcome)); });
}

} // namespace quiesce::test
