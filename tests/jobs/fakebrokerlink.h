// SPDX-License-Identifier: GPL-3.0-only
// FakeBrokerLink: a broker that does what a test says, and tells what it was asked.
#pragma once

#include "service/jobs/broker/brokerlink.h"

#include <QStringList>
#include <deque>
#include <utility>

namespace quiesce::test {

/// Answers nothing by itself but what it was told to.
///
/// Thread: event loop.
class FakeBrokerLink final : public BrokerLink
{
    Q_OBJECT

public:
    /// What was asked since the last take: `publish 1`, `want a=8`, `done 3`, `back 3`, `poison 3`,
    /// `halt 3,4` (what is kept).
    QStringList takeCalls() { return std::exchange(m_calls, {}); }
    /// Gives it; the tag.
    quint64 deliver(const QString &jobId, const QString &kind = QStringLiteral("a"));
    /// The oldest message that waits for its confirmation has it.
    void confirm(bool isKept = true);
    [[nodiscard]] int unconfirmed() const { return static_cast<int>(m_unconfirmed.size()); }
    void setFault(const QString &fault);
    /// As when the connection is lost.
    void drop();
    void finishHalt();

    void start(const QStringList &) override { }
    void publish(const JobMessage &message, Confirmed confirmed) override;
    void want(const QHash<QString, int> &places) override;
    void answer(quint64 tag, Answer answer) override;
    void halt(const QList<quint64> &kept, std::function<void()> halted) override;
    void close(std::function<void()> closed) override;
    [[nodiscard]] BrokerFacts facts() const override { return m_facts; }
    [[nodiscard]] QLatin1StringView engine() const override { return QLatin1StringView("fake"); }

private:
    QStringList m_calls;
    std::deque<Confirmed> m_unconfirmed;
    std::function<void()> m_halted;
    BrokerFacts m_facts;
    quint64 m_lastTag = 0;
};

} // namespace quiesce::test
