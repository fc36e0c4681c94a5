// SPDX-License-Identifier: GPL-3.0-only
// Confirmations: see the header.
#include "service/jobs/broker/kafka/confirmations.h"

#include <QPointer>
#include <algorithm>
#include <utility>

namespace quiesce {

Confirmations::Confirmations(QObject *parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Confirmations::refuseLate);
}

quint64 Confirmations::add(const BrokerLink::Confirmed &confirmed)
{
    m_waiting.insert(++m_last, confirmed);
    m_due.push_back({ std::chrono::steady_clock::now() + BrokerLink::kConfirmWait, m_last });
    if (!m_timer.isActive())
        setTimer();
    return m_last;
}

void Confirmations::finish(quint64 id, bool isKept)
{
    const BrokerLink::Confirmed confirmed = m_waiting.take(id);
    if (!confirmed)
        return;
    const QPointer<Confirmations> self(this); // which may go by what it answers
    confirmed(isKept);
    if (self && m_waiting.isEmpty()) {
        m_due.clear();
        m_timer.stop();
        Q_EMIT idle();
    }
}

void Confirmations::refuse(quint64 id)
{
    QMetaObject::invokeMethod(
        this, [this, id] { finish(id, false); }, Qt::QueuedConnection);
}

void Confirmations::refuseAll()
{
    QList<quint64> ids = m_waiting.keys();
    std::sort(ids.begin(), ids.end()); // in the order they came
    const QPointer<Confirmations> self(this);
    for (const quint64 id : std::as_const(ids)) {
        if (self)
            finish(id, false);
    }
}

void Confirmations::refuseLate()
{
    const auto now = std::chrono::steady_clock::now();
    const QPointer<Confirmations> self(this);
    while (self && !m_due.empty() && m_due.front().deadline <= now) {
        const quint64 id = m_due.front().id;
        m_due.pop_front();
        finish(id, false);
    }
    if (self)
        setTimer();
}

void Confirmations::setTimer()
{
    while (!m_due.empty() && !m_waiting.contains(m_due.front().id))
        m_due.pop_front();
    if (m_due.empty())
        return;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
        m_due.front().deadline - std::chrono::steady_clock::now());
    m_timer.start(std::max(wait, std::chrono::milliseconds(0)));
}

} // namespace quiesce
