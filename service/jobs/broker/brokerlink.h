// SPDX-License-Identifier: GPL-3.0-only
// BrokerLink: the connection to a message broker. The seam behind which RabbitMQ and Kafka stand.
#pragma once

#include "service/jobs/broker/brokerfacts.h"

#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QString>
#include <chrono>
#include <functional>
#include <optional>

namespace quiesce {

/// Which job somebody may run. All else about it is the store's.
struct JobMessage
{
    QString jobId;
    QString kind;
};

/// A message that the broker has given to this process, and awaits an answer for.
struct Delivery
{
    quint64 tag = 0; ///< of this link and this connection of it; never 0, never again
    JobMessage message;
};

/// Sends and receives messages about jobs. It connects, and connects again, by itself.
///
/// Thread:  event loop; what an engine's library blocks in is on a thread of its own.
/// Order:   start(); then publish(), want() and answer() in any order, whether it is connected or
///          not; halt() to receive no more, after which want() begins anew; close(), last. A
///          delivery whose connection was lost is the broker's again: answer() for it does nothing.
/// Limits:  kMaxUnconfirmed messages wait for their confirmation, each for at most kConfirmWait;
///          beyond it publish() answers false at once.
/// Errors:  are facts().fault; nothing is thrown, nothing blocks.
class BrokerLink : public QObject
{
    Q_OBJECT

public:
    static constexpr int kMaxUnconfirmed = 4'096;
    static constexpr std::chrono::milliseconds kConfirmWait{ 2'000 };

    /// Comes once, on the event loop, never inside the call. True: the broker keeps the message on
    /// stable storage. False: it is not known to.
    using Confirmed = std::function<void(bool isKept)>;

    using QObject::QObject;

    virtual void start(const QStringList &kinds) = 0;
    virtual void publish(const JobMessage &message, Confirmed confirmed) = 0;
    /// So many deliveries of each kind, those held included, are welcome. Fewer than are held gives
    /// none back. Kinds not named: none.
    virtual void want(const QHash<QString, int> &places) = 0;

    enum class Answer : unsigned char {
        Done, ///< its job's state is on stable storage, and no other needs to see the message
        Back, ///< for another, at once
        Poison, ///< nobody can do anything with it: it is put aside where an operator finds it
    };
    virtual void answer(quint64 tag, Answer answer) = 0;

    /// Consumes no more, and gives back what is not answered but for `kept`. `halted` comes once,
    /// within kHaltWait also when the broker is silent.
    virtual void halt(const QList<quint64> &kept, std::function<void()> halted) = 0;
    static constexpr std::chrono::milliseconds kHaltWait{ 1'000 };
    /// Leaves in order, so that the broker gives what is left to others at once. `closed` comes
    /// once, within kCloseWait.
    virtual void close(std::function<void()> closed) = 0;
    static constexpr std::chrono::milliseconds kCloseWait{ 2'000 };

    [[nodiscard]] virtual BrokerFacts facts() const = 0;
    /// What the setting jobs.dispatch calls it.
    [[nodiscard]] virtual QLatin1StringView engine() const = 0;

Q_SIGNALS:
    void delivered(const quiesce::Delivery &delivery);
    /// A message of which not even a job's id can be read; it was put aside.
    void garbled(const QString &what);
    /// The connection to the broker was lost: deliveries that were not answered are gone.
    void dropped();
    void factsChanged();
};

} // namespace quiesce
