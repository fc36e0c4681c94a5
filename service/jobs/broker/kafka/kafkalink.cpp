// SPDX-License-Identifier: GPL-3.0-only
// KafkaLink: see the header.
#include "service/jobs/broker/kafka/kafkalink.h"

#include "common/logline.h"
#include "service/jobs/broker/jobmessage.h"
#include "service/jobs/broker/kafka/kafkaconsumer.h"
#include "service/jobs/broker/kafka/kafkaproducer.h"
#include "service/jobs/broker/kafka/kafkareaper.h"

#include <QLoggingCategory>
#include <QPointer>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Q_LOGGING_CATEGORY(lcBroker, "quiesce.broker")

/// What of a wait is left to the event loop, so that the callback comes within it.
constexpr std::chrono::milliseconds kMargin = 200ms;

constexpr auto kDead = "dead"_L1;

} // namespace

KafkaLink::KafkaLink(KafkaOptions options, QObject *parent)
    : BrokerLink(parent)
    , m_options(std::move(options))
    , m_reaper(std::make_unique<KafkaReaper>())
    , m_producer(std::make_unique<KafkaProducer>(m_options, *m_reaper))
{
    m_joinTimer.setSingleShot(true);
    m_closeLimit.setSingleShot(true);
    connect(&m_joinTimer, &QTimer::timeout, this, &KafkaLink::join);
    connect(&m_closeLimit, &QTimer::timeout, this, &KafkaLink::giveUpClosing);
    connect(m_reaper.get(), &KafkaReaper::idle, this, &KafkaLink::goOnClosing);
    connect(m_producer.get(), &KafkaProducer::idle, this, &KafkaLink::goOnClosing,
            Qt::QueuedConnection); // it ends the producer
    connect(m_producer.get(), &KafkaProducer::faultChanged, this, &KafkaLink::takeFault);
    connect(m_producer.get(), &KafkaProducer::topicsMade, this, [this] {
        if (m_consumer)
            m_consumer->lookAgain();
    });
}

KafkaLink::~KafkaLink() = default;

void KafkaLink::start(const QStringList &kinds)
{
    QStringList topics{ kafkaDeadTopic(m_options) };
    for (const QString &kind : kinds) {
        if (kind == kDead) {
            qCWarning(lcBroker).noquote()
                << LogLine("kind has no topic, its name is that of the dead letters")
                       .with("kind", kind)
                       .toString();
            continue;
        }
        m_kinds.append(kind);
        topics.append(kafkaTopic(m_options, kind));
    }
    m_producer->open(topics);
    join();
}

void KafkaLink::publish(const JobMessage &message, Confirmed confirmed)
{
    if (message.kind == kDead) {
        QMetaObject::invokeMethod(
            this, [confirmed = std::move(confirmed)] { confirmed(false); }, Qt::QueuedConnection);
        return;
    }
    m_producer->send({ .topic = kafkaTopic(m_options, message.kind),
                       .key = message.jobId.toUtf8(),
                       .value = toBytes(message) },
                     confirmed);
}

void KafkaLink::want(const QHash<QString, int> &places)
{
    if (m_isClosed)
        return;
    m_desk.setPlaces(places);
    m_isWanting = true;
    if (!m_consumer)
        join();
    review();
}

void KafkaLink::join()
{
    if (m_consumer || !m_isWanting || m_kinds.isEmpty() || m_joinTimer.isActive())
        return;
    QStringList topics;
    for (const QString &kind : std::as_const(m_kinds))
        topics.append(kafkaTopic(m_options, kind));
    m_consumer = std::make_unique<KafkaConsumer>(m_options, *m_reaper, m_lastTerm);
    watchConsumer();
    if (const auto opened = m_consumer->open(topics); !opened) {
        m_joinFault = u"the consumer failed: "_s + opened.error();
        m_consumer.reset();
        m_joinTimer.start(kRetryWait);
    } else {
        m_joinFault.clear();
    }
    takeFault();
}

void KafkaLink::watchConsumer()
{
    KafkaConsumer *consumer = m_consumer.get();
    consumer->setWelcome([this, skipped = m_options.prefix.size() + 1](const QString &topic) {
        return m_desk.isWelcome(topic.sliced(skipped));
    });
    connect(consumer, &KafkaConsumer::fetched, this, &KafkaLink::take);
    connect(consumer, &KafkaConsumer::revoked, this, [this](const QList<quint64> &terms) {
        for (const quint64 term : terms)
            m_desk.forget(term);
        review();
    });
    connect(consumer, &KafkaConsumer::lost, this, &KafkaLink::loseAll);
    connect(consumer, &KafkaConsumer::faultChanged, this, &KafkaLink::takeFault);
    connect(consumer, &KafkaConsumer::lagChanged, this, &KafkaLink::factsChanged,
            Qt::QueuedConnection);
    const auto replace = [this, consumer] {
        if (m_consumer.get() == consumer)
            rejoin();
    };
    connect(consumer, &KafkaConsumer::failed, this, replace, Qt::QueuedConnection); // it ends it
}

/// In a while: a cause that stays would have it done in a circle.
void KafkaLink::rejoin()
{
    m_joinFault = m_consumer->fault();
    loseAll();
    m_lastTerm = m_consumer->assignment().lastTerm();
    m_consumer.reset();
    m_joinTimer.start(kRetryWait);
}

void KafkaLink::take(const KafkaFetched &message)
{
    const QString kind = message.topic.sliced(m_options.prefix.size() + 1);
    Result<JobMessage, QString> parsed = parseJobMessage(message.value, kind);
    if (parsed) {
        m_desk.take({ .spot = message.spot, .message = parsed.takeValue() });
        review();
        return;
    }
    const QString what =
        u"%1, offset %2: %3"_s.arg(message.topic).arg(message.spot.offset).arg(parsed.error());
    sendInstead({ .topic = kafkaDeadTopic(m_options),
                  .key = message.key,
                  .value = message.value,
                  .note = what },
                message.spot);
    QMetaObject::invokeMethod(
        this, [this, what] { Q_EMIT garbled(what); }, Qt::QueuedConnection);
}

void KafkaLink::loseAll()
{
    m_desk.keepOnly({});
    QMetaObject::invokeMethod(this, &KafkaLink::dropped, Qt::QueuedConnection);
}

/// Whoever is to be asked what is welcome, and served, when places or messages have changed.
void KafkaLink::review()
{
    if (m_consumer)
        m_consumer->review();
    if (std::exchange(m_isServing, true))
        return;
    QMetaObject::invokeMethod(this, &KafkaLink::serve, Qt::QueuedConnection);
}

void KafkaLink::serve()
{
    m_isServing = false;
    bool hasServed = false;
    const QPointer<KafkaLink> self(this); // which may go by what it delivers
    while (self) {
        const std::optional<Delivery> delivery = m_desk.next();
        if (!delivery)
            break;
        hasServed = true;
        Q_EMIT delivered(*delivery);
    }
    if (self && hasServed && m_consumer)
        m_consumer->review();
}

void KafkaLink::answer(quint64 tag, Answer answer)
{
    const std::optional<DeliveryDesk::Item> item = m_desk.answer(tag);
    if (!item)
        return;
    const JobMessage &message = item->message;
    KafkaRecord record{ .topic = kafkaTopic(m_options, message.kind),
                        .key = message.jobId.toUtf8(),
                        .value = toBytes(message) };
    switch (answer) {
    case Answer::Done:
        settle(item->spot);
        break;
    case Answer::Back:
        if (m_consumer)
            record.avoid = m_consumer->assignment().numbersOf(record.topic);
        sendInstead(record, item->spot);
        break;
    case Answer::Poison:
        record.note = u"from %1: nobody can do anything with it"_s.arg(record.topic);
        record.topic = kafkaDeadTopic(m_options);
        sendInstead(record, item->spot);
        break;
    }
    review();
}

void KafkaLink::settle(const KafkaSpot &spot)
{
    if (m_consumer)
        m_consumer->settle(spot);
}

void KafkaLink::sendInstead(const KafkaRecord &record, const KafkaSpot &spot)
{
    m_producer->send(record, [this, record, spot](bool isKept) {
        if (isKept) {
            settle(spot);
            review();
        } else if (m_consumer && m_consumer->assignment().has(spot.term)) { // else it comes again
            QTimer::singleShot(kRetryWait, this,
                               [this, record, spot] { sendInstead(record, spot); });
        }
    });
}

void KafkaLink::halt(const QList<quint64> &kept, std::function<void()> halted)
{
    m_isWanting = false;
    m_joinTimer.stop();
    m_desk.setPlaces({});
    m_desk.keepOnly(kept);
    leave(kHaltWait - kMargin, std::move(halted));
}

void KafkaLink::leave(std::chrono::milliseconds longest, std::function<void()> gone)
{
    if (!m_consumer) {
        QMetaObject::invokeMethod(
            this, [gone = std::move(gone)] { gone(); }, Qt::QueuedConnection);
        return;
    }
    m_lastTerm = m_consumer->assignment().lastTerm();
    KafkaConsumer *leaving = m_leaving.emplace_back(std::move(m_consumer)).get();
    leaving->disconnect(this);
    leaving->setWelcome([](const QString &) { return false; });
    const auto end = [this, leaving, gone = std::move(gone)] {
        std::erase_if(m_leaving, [leaving](const auto &one) { return one.get() == leaving; });
        const QPointer<KafkaLink> self(this);
        gone();
        if (self)
            goOnClosing();
    };
    connect(leaving, &KafkaConsumer::left, this, end, Qt::QueuedConnection); // it ends the consumer
    leaving->leave(longest);
    takeFault();
}

void KafkaLink::close(std::function<void()> closed)
{
    m_isClosed = true;
    m_isWanting = false;
    m_joinTimer.stop();
    m_desk.setPlaces({});
    m_desk.keepOnly({});
    m_closed = std::move(closed);
    m_closeLimit.start(kCloseWait - kMargin);
    leave(kCloseWait - 2 * kMargin, [] {});
}

/// Each step when the one before is done: left the group, sent what waits, ended the clients.
void KafkaLink::goOnClosing()
{
    if (!m_closed || !m_leaving.empty() || !m_producer->isIdle())
        return;
    m_producer->shut();
    if (!m_reaper->isIdle())
        return;
    m_closeLimit.stop();
    std::exchange(m_closed, {})();
}

void KafkaLink::giveUpClosing()
{
    qCWarning(lcBroker).noquote() << LogLine("broker left without a word").toString();
    m_leaving.clear();
    m_producer->shut();
    if (m_closed)
        std::exchange(m_closed, {})();
}

void KafkaLink::takeFault()
{
    QString fault = m_producer->fault();
    if (fault.isEmpty())
        fault = m_joinFault;
    if (fault.isEmpty() && m_consumer)
        fault = m_consumer->fault();
    if (std::exchange(m_fault, fault) == fault)
        return;
    m_changedAt = QDateTime::currentDateTimeUtc();
    if (fault.isEmpty()) {
        qCInfo(lcBroker).noquote() << LogLine("broker reached again").toString();
    } else {
        qCWarning(lcBroker).noquote()
            << LogLine("broker not reached").with("reason", fault).toString();
    }
    QMetaObject::invokeMethod(this, &KafkaLink::factsChanged, Qt::QueuedConnection);
}

BrokerFacts KafkaLink::facts() const
{
    return { .fault = m_fault,
             .depth = {},
             .lag = m_consumer ? m_consumer->lag() : std::nullopt,
             .held = m_desk.held(),
             .changedAt = m_changedAt };
}

QLatin1StringView KafkaLink::engine() const
{
    return "kafka"_L1;
}

} // namespace quiesce
