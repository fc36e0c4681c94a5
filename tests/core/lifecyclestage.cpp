// SPDX-License-Identifier: GPL-3.0-only
// LifecycleStage: sets a Lifecycle up, brings it somewhere, writes down what it says.
#include "tests/core/lifecyclestage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace quiesce::test {

LifecycleStage::LifecycleStage(const StopSettings &settings)
    : lifecycle(clock, inFlight, hooks, notice, settings,
                { .name = u"quiesced"_s, .instanceId = u"i-1"_s, .version = u"0.1.0"_s })
{
    hooks.setDefaultTimeout(settings.hookTimeout);
    listen();
}

LifecycleStage::~LifecycleStage()
{
    for (QPromise<void> &promise : m_hanging)
        promise.finish();
}

void LifecycleStage::listen()
{
    connect(&lifecycle, &Lifecycle::stateChanged, this, [this](const StateChange &change) {
        QString event = toWire(change.from) + u" > "_s + toWire(change.to);
        if (change.cause)
            event += u" by "_s + describe(*change.cause);
        note(event);
        QCOMPARE(lifecycle.state(), change.to);
        // What a stop takes out of serving leaves at the request, however late that is told.
        const bool isAtRequest = change.from == LifecycleState::Serving && lifecycle.stop();
        QCOMPARE(change.at, isAtRequest ? lifecycle.stop()->requestedAt : clock.utcNow());
    });
    connect(&lifecycle, &Lifecycle::lameDuckBegan, this, [this] { note(u"lame duck began"_s); });
    connect(&lifecycle, &Lifecycle::resumed, this, [this] { note(u"resumed"_s); });
    connect(&lifecycle, &Lifecycle::drainBegan, this, [this] { note(u"drain began"_s); });
    connect(&lifecycle, &Lifecycle::deadlineReached, this, [this] { note(u"deadline reached"_s); });
    connect(&lifecycle, &Lifecycle::cutBegan, this, [this] { note(u"cut began"_s); });
    connect(&lifecycle, &Lifecycle::deadlineExtended, this,
            [this](std::chrono::milliseconds by, const StopCause &cause) {
                note(u"extended by %1 by %2"_s.arg(by.count()).arg(describe(cause)));
            });
    connect(&lifecycle, &Lifecycle::stopped, this, [this](const StopReport &made) {
        report = made;
        note(u"stopped %1 %2"_s.arg(QString(toWire(made.outcome))).arg(made.exitCode));
    });
}

void LifecycleStage::note(const QString &event)
{
    m_events << u"+%1 %2"_s.arg((clock.now() - m_start) / 1ms).arg(event);
}

FakeWork &LifecycleStage::begin(WorkKind kind, const QString &label)
{
    FakeWork &item = m_items.emplace_back(inFlight, kind, label);
    item.begin();
    return item;
}

QPromise<void> &LifecycleStage::addHangingHook(const QString &name)
{
    QPromise<void> &promise = m_hanging.emplace_back();
    promise.start();
    hooks.addAsync(name, [&promise] { return promise.future(); });
    return promise;
}

void LifecycleStage::reach(const QString &situation)
{
    const auto stop = [&](std::chrono::milliseconds lameDuck) {
        QCOMPARE(told(lifecycle.tryStop({ bySignal(), lameDuck, 25s })), u"ok"_s);
    };
    if (situation == u"starting"_s)
        return;
    if (situation == u"told while starting"_s) {
        begin(WorkKind::Task);
        stop(0ms);
        return;
    }
    lifecycle.serve();
    if (situation == u"quiesced"_s) {
        QCOMPARE(told(lifecycle.tryQuiesce(byActor(u"bob"_s))), u"ok"_s);
    } else if (situation == u"lame duck"_s) {
        stop(10s);
    } else if (situation == u"draining"_s || situation == u"cancelling"_s) {
        begin();
        stop(0ms);
        if (situation == u"cancelling"_s)
            clock.advance(25s);
    } else if (situation == u"stopping"_s) {
        addHangingHook(u"hanging"_s);
        stop(0ms);
        settle();
    } else if (situation == u"stopped"_s) {
        stop(0ms);
        settle();
    }
}

StopCause bySignal(int number)
{
    StopCause cause;
    cause.kind = StopCause::Kind::Signal;
    cause.signal = number == 2 ? u"SIGINT"_s : u"SIGTERM"_s;
    cause.signalNumber = number;
    return cause;
}

StopCause byActor(const QString &actor)
{
    StopCause cause;
    cause.kind = StopCause::Kind::Api;
    cause.actor = actor;
    return cause;
}

QString told(const LifecycleResult &result)
{
    return result ? u"ok"_s : QString(toWire(result.error()));
}

} // namespace quiesce::test
