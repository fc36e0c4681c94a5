// SPDX-License-Identifier: GPL-3.0-only
// Doing a batch of calls on a ledger: see the header.
#include "service/jobs/jobledger.h"

#include "service/jobs/storedjob.h"

#include <algorithm>
#include <span>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

using Access = StoreCall::Access;
using Calls = std::span<const std::unique_ptr<StoreCall>>;

void failAll(Calls calls, const StoreError &error)
{
    for (const auto &call : calls)
        call->fail(error);
}

void runAll(JobLedger &ledger, Calls calls)
{
    const QString fault = ledger.fault();
    ledger.begin();
    for (const auto &call : calls) {
        if (ledger.hasFailed())
            return;
        if (call->access() == Access::NewJob && !fault.isEmpty())
            call->fail(unavailable(fault));
        else
            call->run(ledger);
    }
    if (!ledger.hasFailed())
        ledger.commit();
}

/// Done by itself, a call waits for no other while it holds what that one waits for.
void runAlone(JobLedger &ledger, const std::unique_ptr<StoreCall> &call)
{
    const Calls alone(&call, 1);
    runAll(ledger, alone);
    for (int repeats = 1; ledger.hasFailed() && ledger.tryRepair(repeats); ++repeats)
        runAll(ledger, alone);
    if (ledger.hasFailed())
        call->fail(ledger.rollback());
}

void executeGroup(JobLedger &ledger, Calls calls)
{
    if (!ledger.isOpen()) {
        failAll(calls, unavailable(u"the job store is not open"_s));
        return;
    }
    runAll(ledger, calls);
    if (!ledger.hasFailed())
        return;
    if (ledger.tryRepair(1)) {
        for (const auto &call : calls)
            runAlone(ledger, call);
        return;
    }
    const StoreError error = ledger.rollback();
    for (const auto &call : calls) {
        if (call->access() == Access::Read)
            runAlone(ledger, call);
        else
            call->fail(error);
    }
}

} // namespace

JobLedger::Answer<int> JobLedger::openBeside(const QString &, const QString &)
{
    return Failure{ unavailable(u"these jobs cannot be shared with another process"_s) };
}

JobLedger::Answer<int> JobLedger::share(JobStore::Sharing)
{
    return Failure{ unavailable(u"these jobs cannot be shared with another process"_s) };
}

bool JobLedger::tryRepair(int)
{
    return false;
}

void execute(JobLedger &ledger, const StoreBatch &batch)
{
    const Calls calls(batch);
    for (size_t begin = 0; begin < calls.size();) {
        if (!calls[begin]->isInBatch()) {
            calls[begin]->run(ledger);
            ++begin;
            continue;
        }
        const auto control =
            std::find_if(calls.begin() + static_cast<ptrdiff_t>(begin), calls.end(),
                         [](const auto &call) { return !call->isInBatch(); });
        const auto end = static_cast<size_t>(control - calls.begin());
        executeGroup(ledger, calls.subspan(begin, end - begin));
        begin = end;
    }
}

} // namespace quiesce
