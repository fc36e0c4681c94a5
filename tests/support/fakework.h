// SPDX-License-Identifier: GPL-3.0-only
// FakeWork: work in flight whose behaviour a test chooses.
#pragma once

#include "service/core/inflight.h"

#include <functional>

namespace quiesce::test {

/// Counts what it was told. Without other orders it ignores a cancel and ends when cut.
class FakeWork final : public WorkItem
{
public:
    explicit FakeWork(InFlight &inFlight, WorkKind kind = WorkKind::Request,
                      const QString &label = QStringLiteral("GET /work"))
        : WorkItem(kind)
        , m_inFlight(inFlight)
        , m_label(label)
    { }
    ~FakeWork() override
    {
        if (isInFlight()) // the InFlight may be gone otherwise
            end(WorkOutcome::Aborted);
    }
    FakeWork(const FakeWork &) = delete;
    FakeWork &operator=(const FakeWork &) = delete;

    [[nodiscard]] WorkDescription describe() const override
    {
        WorkDescription what;
        what.id = QStringLiteral("id of ") + m_label;
        what.label = m_label;
        return what;
    }
    void requestCancel() override
    {
        ++cancels;
        if (onCancel)
            onCancel();
    }
    void cut() override
    {
        ++cuts;
        if (onCut)
            onCut();
        else
            end(WorkOutcome::Aborted);
    }

    void begin() { m_inFlight.begin(*this); }
    void end(WorkOutcome outcome = WorkOutcome::Drained) { m_inFlight.end(*this, outcome); }

    std::function<void()> onCancel;
    std::function<void()> onCut; ///< instead of ending
    int cancels = 0;
    int cuts = 0;

private:
    InFlight &m_inFlight;
    QString m_label;
};

} // namespace quiesce::test
