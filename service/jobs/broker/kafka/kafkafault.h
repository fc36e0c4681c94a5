// SPDX-License-Identifier: GPL-3.0-only
// KafkaFault: why a client of librdkafka cannot do its work now, from the errors it tells.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <librdkafka/rdkafka.h>

namespace quiesce {

/// librdkafka tells an error for each connection it loses, and tries each again by itself. A fault
/// is what keeps all from working: no broker left, or what this client is not allowed. The latter
/// is over when it works, or was not told again for kLongestSilence: nobody may send anything until
/// then, so that nothing else would show it.
///
/// Thread: event loop. Emits: changed() when text() is another.
class KafkaFault final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::seconds kLongestSilence{ 30 };

    explicit KafkaFault(QObject *parent = nullptr);

    [[nodiscard]] const QString &text() const { return m_text; }
    void set(const QString &text) { set(text, Cause::Other); }
    void clear() { set({}); }
    void takeError(rd_kafka_resp_err_t code, const QString &text);
    /// What the statistics tell, each second. Connected: what connections had is over. Twice not,
    /// after an error: no broker can be reached. librdkafka tells so only when all are down at one
    /// moment, which may not come while it tries them in turn.
    void takeConnection(bool isConnected);
    /// A message went, or came: nothing is wrong.
    void takeWorking();

Q_SIGNALS:
    void changed();

private:
    enum class Cause : unsigned char { Connection, Permission, Other };
    void set(const QString &text, Cause cause);
    void setUnreachable();

    QString m_text;
    QString m_lastError; ///< of one broker, since there was a connection
    Cause m_cause = Cause::Other;
    int m_timesApart = 0; ///< that it was told to be connected with none
    QTimer m_silence; ///< since a permission was refused
};

} // namespace quiesce
