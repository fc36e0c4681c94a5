// SPDX-License-Identifier: GPL-3.0-only
// SharedInstance: one of several quiesced that share their work, and what all of them are asked.
#pragma once

#include "tests/kit/jobsclient.h"
#include "tests/kit/programundertest.h"

#include <QJsonObject>
#include <functional>

namespace quiesce::test {

/// Keeps its jobs in that PostgreSQL database, or in a file of its own where none is named; see
/// ProgramUnderTest for the rest.
class SharedInstance final : public ProgramUnderTest
{
public:
    /// How long its jobs stay its own when it is killed.
    static constexpr std::chrono::seconds kLease{ 3 };

    explicit SharedInstance(const QString &database);

    [[nodiscard]] JobsClient jobs() const { return JobsClient(*this); }
    [[nodiscard]] Answer readiness() const;
};

/// What several are asked at a time.
class SharedInstances final
{
public:
    static constexpr int kCount = 3;

    SharedInstance &add(const QString &database);
    [[nodiscard]] SharedInstance &operator[](size_t index) { return *m_all.at(index); }
    void clear() { m_all.clear(); }
    [[nodiscard]] bool startAll();
    [[nodiscard]] bool areAllReady() const;

    /// Handed in by turns to those that run; the ids of those that were accepted.
    [[nodiscard]] QByteArrayList handIn(int count, const QByteArray &payload) const;
    /// Of those that the ones that run know, 100 of each at most, each job once.
    [[nodiscard]] int count(const std::function<bool(const QJsonObject &job)> &condition) const;
    [[nodiscard]] int countIn(const QString &state) const;
    /// Tells, of a test that failed, what each knows of its jobs.
    void describeJobs() const;
    [[nodiscard]] bool cancelAll(const QByteArrayList &ids) const;
    /// Waits for each, with one that runs and knows it.
    [[nodiscard]] bool haveAllSucceeded(const QByteArrayList &ids) const;

private:
    /// One that runs and knows the job; null: there is none.
    [[nodiscard]] const SharedInstance *knowing(const QByteArray &id) const;

    std::vector<std::unique_ptr<SharedInstance>> m_all;
};

} // namespace quiesce::test
