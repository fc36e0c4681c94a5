// SPDX-License-Identifier: GPL-3.0-only
// Besieged: a service under attack, and what must hold of it whatever the attack.
#pragma once

#include "tests/endtoend/serviceprocess.h"
#include "tests/endtoend/vitals.h"
#include "tests/kit/adminclient.h"

#include <optional>
#include <vector>

namespace quiesce::test {

using Crowd = std::vector<LoopbackClient>;

/// Runs quiesced with short time-outs and measures it from its first answers on.
///
/// Blocks:  as ServiceProcess does.
class Besieged final
{
public:
    /// Of a stop, in which grace and cancel_grace are most of it.
    static constexpr std::chrono::milliseconds kBudget{ 8'000 };
    /// A process of a loaded machine needs time to begin a stop and to leave after it.
    static constexpr std::chrono::milliseconds kSlack{ 4'000 };
    /// Who waits longer was not served.
    static constexpr std::chrono::milliseconds kServedWithin{ 5'000 };
    static constexpr const char *kGrace = "4s";

    struct Growth
    {
        qint64 kib = 0;
        qsizetype descriptors = 0;
    };

    /// `limits` are lines such as "HEADER_TIMEOUT=1s".
    explicit Besieged(const QStringList &limits = {});

    [[nodiscard]] bool start(const QString &grace = QLatin1StringView(kGrace));
    /// So many connections that have sent these bytes, as far as the kernel took them at once.
    [[nodiscard]] Crowd crowd(int count, QByteArrayView bytes = {},
                              LoopbackClient::Options options = {}) const;

    /// Empty, or what is wrong: an honest client of either listener was not served, or the process
    /// has more than this on top of what it had when it was ready.
    [[nodiscard]] QString wrong(Growth atMost) const;
    [[nodiscard]] QString wrongGrowth(Growth atMost) const;
    [[nodiscard]] QString wrongForOperators() const;
    /// Until no connection is left of all that were there.
    [[nodiscard]] bool isRelieved() const;
    [[nodiscard]] Growth growth() const;

    /// Sends a SIGTERM and attacks on until the process is gone. Empty, or what is wrong: the exit
    /// code, or the time.
    [[nodiscard]] QString wrongStop(int exitCode, const std::function<void()> &attack = {});

    ServiceProcess service;

private:
    std::optional<AdminClient> m_operator;
    Vitals m_before;
};

/// Sends these bytes to everyone who still takes them.
void trickle(const Crowd &crowd, QByteArrayView bytes);
/// Each has received something, or its end.
[[nodiscard]] bool allHaveNews(const Crowd &crowd);

} // namespace quiesce::test
