// SPDX-License-Identifier: GPL-3.0-only
// One timer a job.
#include "service/jobs/kinds/sleepkind.h"

#include "common/readyfuture.h"
#include "service/jobs/kinds/kindtask.h"
#include "service/jobs/kinds/payload.h"

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QTimer>
#include <algorithm>
#include <chrono>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr qint64 kLongestMs = 86'400'000;
constexpr qint64 kShortestStepMs = 10;
constexpr qint64 kLongestStepMs = 3'600'000;
constexpr qint64 kUsualStepMs = 1'000;

QString check(const QJsonObject &payload)
{
    if (const QString fault = faultOfFields(payload, { u"ms"_s, u"stepMs"_s }); !fault.isEmpty())
        return fault;
    if (!payload.contains("ms"_L1))
        return u"ms: it is missing"_s;
    const QString fault = faultOfInteger(payload, u"ms"_s, 0, kLongestMs);
    return fault.isEmpty() ? faultOfInteger(payload, u"stepMs"_s, kShortestStepMs, kLongestStepMs)
                           : fault;
}

class Sleep final : public KindTask
{
public:
    Sleep(const JobContext &context, QObject *parent)
        : KindTask(context, parent)
        , m_wanted(context.payload()["ms"_L1].toInteger())
        , m_step(context.payload()["stepMs"_L1].toInteger(kUsualStepMs))
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, &Sleep::takeStep);
        connect(&m_lastKept, &QFutureWatcherBase::finished, this,
                [this] { end(JobOutcome::interrupted()); });
        if (const auto &last = context.lastCheckpoint())
            m_before = std::clamp(milliseconds((*last)["sleptMs"_L1].toInteger()), milliseconds(0),
                                  m_wanted);
    }

protected:
    void work() override
    {
        m_clock.start();
        waitOn();
    }

    void onNotice() override
    {
        const milliseconds left = m_wanted - slept();
        if (context().deadline().remainingTimeAsDuration() >= left)
            return;
        m_timer.stop();
        keep();
        // Not then(this, …): the store's thread would look for `this` while it may be going.
        m_lastKept.setFuture(m_kept);
    }

    void onStop() override { end(JobOutcome::interrupted()); }

private:
    [[nodiscard]] milliseconds slept() const
    {
        return std::min(m_before + milliseconds(m_clock.elapsed()), m_wanted);
    }

    void waitOn() { m_timer.start(std::min<milliseconds>(m_step, m_wanted - slept())); }

    void takeStep()
    {
        context().setProgress(m_wanted.count() == 0 ? 1.0
                                                    : static_cast<double>(slept().count())
                                      / static_cast<double>(m_wanted.count()));
        if (slept() >= m_wanted) {
            end(JobOutcome::success(QJsonObject{ { u"sleptMs"_s, qint64{ m_wanted.count() } } }));
            return;
        }
        if (m_kept.isFinished())
            keep();
        waitOn();
        if (context().isStopping()) // a stop after one that was taken back has another token
            onNotice();
    }

    void keep()
    {
        m_kept = context().beginCheckpoint({ { u"sleptMs"_s, qint64{ slept().count() } } });
    }

    milliseconds m_wanted;
    milliseconds m_step;
    milliseconds m_before{ 0 }; ///< slept in earlier attempts
    QElapsedTimer m_clock;
    QTimer m_timer;
    QFuture<bool> m_kept = readyFuture(true); ///< the last checkpoint's
    QFutureWatcher<bool> m_lastKept; ///< the same, once it is all that is waited for
};

} // namespace

JobKind sleepKind()
{
    JobKind kind;
    kind.name = u"sleep"_s;
    kind.check = check;
    kind.handler = [tasks = std::make_shared<QObject>()](const JobContext &context) {
        return (new Sleep(context, tasks.get()))->begin();
    };
    return kind;
}

} // namespace quiesce
