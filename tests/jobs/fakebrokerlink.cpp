// SPDX-License-Identifier: GPL-3.0-only
// FakeBrokerLink: see the header.
#include "tests/jobs/fakebrokerlink.h"

#include <algorithm>

namespace quiesce::test {

using namespace Qt::StringLiterals;

quint64 FakeBrokerLink::deliver(const QString &jobId, const QString &kind)
{
    const Delivery delivery{ .tag = ++m_lastTag, .message = { .jobId = jobId, .kind = kind } };
    Q_EMIT delivered(delivery);
    return m_lastTag;
}

void FakeBrokerLink::confirm(bool isKept)
{
    const Confirmed confirmed = std::move(m_unconfirmed.front());
    m_unconfirmed.pop_front();
    confirmed(isKept);
}

void FakeBrokerLink::setFault(const QString &fault)
{
    m_facts.fault = fault;
    Q_EMIT factsChanged();
}

void FakeBrokerLink::drop()
{
    Q_EMIT dropped();
    setFault(u"lost"_s);
}

void FakeBrokerLink::finishHalt()
{
    std::exchange(m_halted, {})();
}

void FakeBrokerLink::publish(const JobMessage &message, Confirmed confirmed)
{
    m_calls << u"publish "_s + message.jobId;
    m_unconfirmed.push_back(std::move(confirmed));
}

void FakeBrokerLink::want(const QHash<QString, int> &places)
{
    QStringList rows;
    for (auto row = places.cbegin(); row != places.cend(); ++row)
        rows << u"%1=%2"_s.arg(row.key()).arg(row.value());
    rows.sort();
    m_calls << u"want "_s + rows.join(u' ');
}

void FakeBrokerLink::answer(quint64 tag, Answer answer)
{
    static constexpr const char *kNames[] = { "done", "back", "poison" };
    m_calls << u"%1 %2"_s.arg(QLatin1StringView(kNames[static_cast<int>(answer)])).arg(tag);
}

void FakeBrokerLink::halt(const QList<quint64> &kept, std::function<void()> halted)
{
    QStringList tags;
    for (const quint64 tag : kept)
        tags << QString::number(tag);
    tags.sort();
    m_calls << (u"halt "_s + tags.join(u',')).trimmed();
    m_halted = std::move(halted);
}

void FakeBrokerLink::close(std::function<void()> closed)
{
    m_calls << u"close"_s;
    QMetaObject::invokeMethod(this, std::move(closed), Qt::QueuedConnection);
}

} // namespace quiesce::test
