// SPDX-License-Identifier: GPL-3.0-only
// Runs the stop hooks one by one, each under its own alarm.
#include "service/core/stophooks.h"

#include "common/logline.h"
#include "service/core/exceptiontext.h"
#include "service/core/runonpool.h"

#include <QFutureWatcher>
#include <QLoggingCategory>
#include <QThreadPool>
#include <algorithm>
#include <exception>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcHooks, "quiesce.hooks")

constexpr QLatin1StringView kOk{ "ok" };
constexpr QLatin1StringView kFailed{ "failed" };
constexpr QLatin1StringView kTimedOut{ "timed-out" };
constexpr QLatin1StringView kSkipped{ "skipped" };

/// Why a future that is finished did not succeed; none when it did.
std::optional<QString> failureOf(QFuture<void> future)
{
    try {
        future.waitForFinished(); // it is finished: this only throws what was thrown
    } catch (...) {
        return textOf(std::current_exception());
    }
    if (future.isCanceled())
        return u"cancelled"_s;
    return std::nullopt;
}

void warn(const QString &hook, const QString &why)
{
    qCWarning(lcHooks).noquote()
        << LogLine("stop hook failed").with("hook", hook).with("reason", why).toString();
}

} // namespace

StopHooks::StopHooks(Clock &clock, QThreadPool &pool, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_pool(pool)
    , m_alarm(clock.makeAlarm([this] { timeOutCurrent(); }))
{ }

StopHooks::~StopHooks() = default;

void StopHooks::addAsync(const QString &name, AsyncHook hook, std::chrono::milliseconds timeout)
{
    Q_ASSERT(m_left == m_hooks.size() && m_results.isEmpty() && !m_isRunning);
    m_hooks.push_back({ name, std::move(hook), timeout });
    m_left = m_hooks.size();
}

void StopHooks::addLast(const QString &name, AsyncHook hook, std::chrono::milliseconds timeout)
{
    Q_ASSERT(m_left == m_hooks.size() && m_results.isEmpty() && !m_isRunning);
    m_hooks.insert(m_hooks.begin(), { name, std::move(hook), timeout });
    m_left = m_hooks.size();
}

void StopHooks::addBlocking(const QString &name, BlockingHook hook,
                            std::chrono::milliseconds timeout)
{
    addAsync(
        name, [this, work = std::move(hook)] { return runOnPool(m_pool, work); }, timeout);
}

void StopHooks::setDefaultTimeout(std::chrono::milliseconds timeout)
{
    m_defaultTimeout = timeout;
}

std::chrono::milliseconds StopHooks::timeoutOf(const Hook &hook) const
{
    return hook.timeout > std::chrono::milliseconds(0) ? hook.timeout : m_defaultTimeout;
}

std::chrono::milliseconds StopHooks::longestRun() const
{
    std::chrono::milliseconds sum{ 0 };
    for (const Hook &hook : m_hooks)
        sum += timeoutOf(hook);
    return sum;
}

QString StopHooks::current() const
{
    return m_current.value_or(QString());
}

std::chrono::milliseconds StopHooks::currentAge() const
{
    if (!m_current)
        return std::chrono::milliseconds(0);
    return std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.now() - m_currentSince);
}

bool StopHooks::allSucceeded() const
{
    return m_left == 0 && !m_current
        && std::all_of(m_results.cbegin(), m_results.cend(),
                       [](const StopReport::Hook &hook) { return hook.result == kOk; });
}

void StopHooks::run()
{
    Q_ASSERT(!m_isRunning);
    m_isRunning = true;
    runNext();
}

void StopHooks::runNext()
{
    while (m_isRunning && !m_current) {
        if (m_left == 0) {
            finish();
            return;
        }
        start(m_hooks[--m_left]);
    }
}

void StopHooks::start(const Hook &hook)
{
    m_current = hook.name;
    m_currentSince = m_clock.now();
    m_alarm->setAt(m_currentSince + timeoutOf(hook));
    QFuture<void> future;
    try {
        future = hook.start();
    } catch (...) {
        warn(hook.name, textOf(std::current_exception()));
        if (m_current)
            endCurrent(kFailed);
        return;
    }
    if (!m_current) { // it has forced the stop, and with that skipped itself
        future.cancel();
        return;
    }
    m_watcher = new QFutureWatcher<void>(this);
    connect(m_watcher, &QFutureWatcher<void>::finished, this, &StopHooks::takeResult);
    m_watcher->setFuture(future);
}

void StopHooks::takeResult()
{
    const std::optional<QString> failure = failureOf(m_watcher->future());
    if (failure)
        warn(*m_current, *failure);
    letGoOfCurrent();
    endCurrent(failure ? kFailed : kOk);
    runNext();
}

void StopHooks::timeOutCurrent()
{
    warn(*m_current, u"timed out"_s);
    letGoOfCurrent();
    endCurrent(kTimedOut);
    runNext();
}

void StopHooks::letGoOfCurrent()
{
    if (!m_watcher)
        return;
    disconnect(m_watcher, nullptr, this, nullptr);
    m_watcher->cancel(); // does nothing to one that is finished
    std::exchange(m_watcher, nullptr)->deleteLater();
}

void StopHooks::endCurrent(QLatin1StringView result)
{
    m_alarm->clear();
    m_results.append({ *m_current, currentAge(), result });
    m_current.reset();
}

void StopHooks::skipRest()
{
    if (m_current) {
        letGoOfCurrent();
        endCurrent(kSkipped);
    }
    while (m_left > 0)
        m_results.append({ m_hooks[--m_left].name, std::chrono::milliseconds(0), kSkipped });
    runNext();
}

void StopHooks::finish()
{
    m_isRunning = false;
    QMetaObject::invokeMethod(this, &StopHooks::finished, Qt::QueuedConnection);
}

} // namespace quiesce
