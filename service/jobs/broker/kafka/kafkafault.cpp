// SPDX-License-Identifier: GPL-3.0-only
// KafkaFault: see the header.
#include "service/jobs/broker/kafka/kafkafault.h"

#include "common/printable.h"

namespace quiesce {

using namespace Qt::StringLiterals;

KafkaFault::KafkaFault(QObject *parent)
    : QObject(parent)
{
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &KafkaFault::takeWorking);
}

void KafkaFault::set(const QString &text, Cause cause)
{
    m_cause = cause;
    if (cause == Cause::Permission)
        m_silence.start(kLongestSilence);
    else
        m_silence.stop();
    if (text == m_text)
        return;
    m_text = text;
    Q_EMIT changed();
}

void KafkaFault::takeError(rd_kafka_resp_err_t code, const QString &text)
{
    const QString shown = printable(text);
    switch (code) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        setUnreachable();
        break;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
        set(u"refused: "_s + shown, Cause::Connection);
        break;
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        set(u"not allowed: "_s + shown, Cause::Permission);
        break;
    default:
        m_lastError = shown;
    }
}

void KafkaFault::setUnreachable()
{
    if (!m_text.isEmpty())
        return;
    const QString text = u"no broker can be reached"_s;
    set(m_lastError.isEmpty() ? text : text + u": "_s + m_lastError, Cause::Connection);
}

void KafkaFault::takeConnection(bool isConnected)
{
    if (!isConnected) {
        if (++m_timesApart > 1 && !m_lastError.isEmpty())
            setUnreachable();
        return;
    }
    m_timesApart = 0;
    m_lastError.clear();
    if (m_cause == Cause::Connection)
        clear();
}

void KafkaFault::takeWorking()
{
    if (m_cause != Cause::Other)
        clear();
}

} // namespace quiesce
