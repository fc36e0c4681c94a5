// SPDX-License-Identifier: GPL-3.0-only
// RabbitConnection: see the header.
#include "service/jobs/broker/rabbitmq/rabbitconnection.h"

#include "service/jobs/broker/jobmessage.h"
#include "service/jobs/broker/rabbitmq/rabbittable.h"
#include "service/jobs/broker/rabbitmq/rabbittext.h"
#include "service/jobs/broker/rabbitmq/tcpconnect.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <openssl/ssl.h>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

using std::chrono::milliseconds;

constexpr amqp_channel_t kChannel = 1;
constexpr int kFrameMax = 131'072;

timeval toTimeval(milliseconds duration)
{
    return { duration.count() / 1'000, duration.count() % 1'000 * 1'000 };
}

amqp_rpc_reply_t logInTo(amqp_connection_state_t state, const RabbitOptions &options)
{
    const QByteArray name = options.prefix.toUtf8();
    std::array capabilities{ capability("authentication_failure_close"), capability("basic.nack"),
                             capability("connection.blocked"), capability("consumer_cancel_notify"),
                             capability("publisher_confirms") };
    std::array about{ entry("capabilities", toTable(capabilities)),
                      entry("connection_name", name) };
    const amqp_table_t properties = toTable(about);
    QByteArray password = options.password.view().toByteArray();
    const amqp_rpc_reply_t reply = amqp_login_with_properties(
        state, options.virtualHost.toUtf8().constData(), 0, kFrameMax,
        static_cast<int>(options.heartbeat.count()), &properties, AMQP_SASL_METHOD_PLAIN,
        options.user.toUtf8().constData(), password.constData());
    wipe(password);
    return reply;
}

} // namespace

RabbitConnection::RabbitConnection(const RabbitOptions &options)
    : m_options(options)
{
    static std::once_flag once;
    std::call_once(once, &leaveOpenSslAlone);
    m_state = amqp_new_connection();
    const timeval timeout = toTimeval(options.connectTimeout);
    amqp_set_handshake_timeout(m_state, &timeout);
    amqp_set_rpc_timeout(m_state, &timeout);
}

RabbitConnection::~RabbitConnection()
{
    amqp_destroy_connection(m_state);
}

int RabbitConnection::descriptor() const
{
    return amqp_get_sockfd(m_state);
}

bool RabbitConnection::hasRead() const
{
    return amqp_frames_enqueued(m_state) != 0 || amqp_data_in_buffer(m_state) != 0;
}

void RabbitConnection::lose(const QString &reason)
{
    if (m_fault.isEmpty())
        m_fault = u"RabbitMQ at %1: %2"_s.arg(addressOf(m_options), reason);
}

bool RabbitConnection::check(const amqp_rpc_reply_t &reply, const QString &about)
{
    const QString wrong = replyText(reply);
    if (!wrong.isEmpty())
        lose(about + u": "_s + wrong);
    return wrong.isEmpty();
}

bool RabbitConnection::check(int status, const QString &about)
{
    if (status < 0)
        lose(about + u": "_s + statusText(status));
    return status >= 0;
}

bool RabbitConnection::checkRpc(const QString &about)
{
    return check(amqp_get_rpc_reply(m_state), about);
}

QByteArray RabbitConnection::queueOf(const QString &kind) const
{
    return (m_options.prefix + u'.' + kind).toUtf8();
}

/// No kind's queue has a name without a dot after the prefix.
QByteArray RabbitConnection::deadName() const
{
    return (m_options.prefix + u"-dead"_s).toUtf8();
}

void RabbitConnection::open(const Caller &caller)
{
    if (!openSocket(caller))
        return;
    caller.reached(descriptor());
    logIn();
}

bool RabbitConnection::openSocket(const Caller &caller)
{
    Result<FileDescriptor, QString> reached = connectTcp({ .host = m_options.host,
                                                           .port = m_options.port,
                                                           .timeout = m_options.connectTimeout,
                                                           .wakeDescriptor = caller.wakeDescriptor,
                                                           .goesOn = caller.goesOn });
    if (!reached) {
        lose(u"it cannot be reached: "_s + reached.error());
        return false;
    }
    if (m_options.tls.isEnabled)
        return openTls(m_options.tls);
    amqp_tcp_socket_set_sockfd(amqp_tcp_socket_new(m_state), reached.takeValue().take());
    return true;
}

/// librabbitmq makes such a connection itself and cannot be called off, so that this is only asked
/// when another one has just been made, and is done in no time or when the broker is stuck.
bool RabbitConnection::openTls(const RabbitOptions::Tls &tls)
{
    amqp_socket_t *socket = amqp_ssl_socket_new(m_state);
    if (!socket) {
        lose(u"there is no TLS"_s);
        return false;
    }
    amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    amqp_ssl_socket_set_verify_peer(socket, 1);
    amqp_ssl_socket_set_verify_hostname(socket, 1);
    const int trusted = tls.caFile.isEmpty()
        ? SSL_CTX_set_default_verify_paths(
              static_cast<SSL_CTX *>(amqp_ssl_socket_get_context(socket)))
            - 1
        : amqp_ssl_socket_set_cacert(socket, tls.caFile.toLocal8Bit().constData());
    if (trusted < 0) {
        lose(u"the certificates in \"%1\" cannot be read"_s.arg(tls.caFile));
        return false;
    }
    if (!tls.certFile.isEmpty()
        && amqp_ssl_socket_set_key(socket, tls.certFile.toLocal8Bit().constData(),
                                   tls.keyFile.toLocal8Bit().constData())
            < 0) {
        lose(u"the certificate in \"%1\" and its key in \"%2\" cannot be used"_s.arg(tls.certFile,
                                                                                     tls.keyFile));
        return false;
    }
    const timeval timeout = toTimeval(m_options.connectTimeout);
    return check(amqp_socket_open_noblock(socket, m_options.host.toUtf8().constData(),
                                          m_options.port, &timeout),
                 u"no TLS connection could be made"_s);
}

void RabbitConnection::logIn()
{
    const amqp_rpc_reply_t reply = logInTo(m_state, m_options);
    QString about = u"no login"_s;
    if (closeCode(reply) == AMQP_ACCESS_REFUSED)
        about = u"it refused the login of user \"%1\""_s.arg(m_options.user);
    else if (closeCode(reply) == AMQP_NOT_ALLOWED)
        about = u"user \"%1\" cannot use virtual host \"%2\""_s.arg(m_options.user,
                                                                    m_options.virtualHost);
    if (!check(reply, about))
        return;
    amqp_channel_open(m_state, kChannel);
    if (!checkRpc(u"no channel"_s))
        return;
    amqp_confirm_select(m_state, kChannel);
    checkRpc(u"no publisher confirms"_s);
}

void RabbitConnection::declareQueue(const QByteArray &name, amqp_table_t arguments)
{
    if (isLost())
        return;
    amqp_queue_declare(m_state, kChannel, toAmqp(name), 0, 1, 0, 0, arguments);
    const amqp_rpc_reply_t reply = amqp_get_rpc_reply(m_state);
    check(reply,
          (closeCode(reply) == AMQP_PRECONDITION_FAILED
               ? u"queue \"%1\" exists with other arguments"_s
               : u"queue \"%1\" cannot be declared"_s)
              .arg(QString::fromUtf8(name)));
}

void RabbitConnection::declare(const QStringList &kinds)
{
    if (isLost())
        return;
    const QByteArray dead = deadName();
    const QByteArray quorum = "quorum"_ba;
    amqp_exchange_declare(m_state, kChannel, toAmqp(dead), amqp_cstring_bytes("fanout"), 0, 1, 0, 0,
                          amqp_empty_table);
    if (!checkRpc(u"exchange \"%1\" cannot be declared"_s.arg(QString::fromUtf8(dead))))
        return;
    std::array forDead{ entry("x-queue-type", quorum), entry("x-max-length", kMaxDeadLetters) };
    declareQueue(dead, toTable(forDead));
    if (isLost())
        return;
    amqp_queue_bind(m_state, kChannel, toAmqp(dead), toAmqp(dead), amqp_empty_bytes,
                    amqp_empty_table);
    checkRpc(u"queue \"%1\" cannot be bound"_s.arg(QString::fromUtf8(dead)));
    std::array forKind{ entry("x-queue-type", quorum), entry("x-dead-letter-exchange", dead),
                        entry("x-delivery-limit", kDeliveryLimit) };
    for (const QString &kind : kinds)
        declareQueue(queueOf(kind), toTable(forKind));
    amqp_maybe_release_buffers(m_state);
}

void RabbitConnection::consume(const QString &kind, int prefetch)
{
    if (isLost())
        return;
    // It is that of the consumers that come after it on the channel, each for itself.
    amqp_basic_qos(m_state, kChannel, 0, static_cast<uint16_t>(std::min(prefetch, 65'535)), 0);
    if (!checkRpc(u"no prefetch"_s))
        return;
    amqp_basic_consume(m_state, kChannel, toAmqp(queueOf(kind)), toAmqp(kind.toUtf8()), 0, 0, 0,
                       amqp_empty_table);
    checkRpc(u"no consumer of \"%1\""_s.arg(kind));
}

void RabbitConnection::cancel(const QString &kind)
{
    if (isLost())
        return;
    amqp_basic_cancel(m_state, kChannel, toAmqp(kind.toUtf8()));
    checkRpc(u"the consumer of \"%1\" could not be cancelled"_s.arg(kind));
}

quint64 RabbitConnection::publish(const JobMessage &message)
{
    const quint64 tag = ++m_published;
    if (isLost())
        return tag;
    const QByteArray queue = queueOf(message.kind);
    const QByteArray id = message.jobId.toUtf8();
    const QByteArray number = QByteArray::number(tag);
    const QByteArray body = toBytes(message);
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG
        | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_CORRELATION_ID_FLAG;
    properties.content_type = amqp_cstring_bytes("application/json");
    properties.delivery_mode = AMQP_DELIVERY_PERSISTENT;
    properties.message_id = toAmqp(id);
    properties.correlation_id = toAmqp(number); // it is how a returned one is known
    const int status = amqp_basic_publish(m_state, kChannel, amqp_empty_bytes, toAmqp(queue), 1, 0,
                                          &properties, toAmqp(body));
    check(status, u"the connection was lost"_s);
    return tag;
}

void RabbitConnection::answer(quint64 tag, BrokerLink::Answer how)
{
    if (isLost())
        return;
    int status = 0;
    switch (how) {
    case BrokerLink::Answer::Done:
        status = amqp_basic_ack(m_state, kChannel, tag, 0);
        break;
    case BrokerLink::Answer::Back:
        status = amqp_basic_nack(m_state, kChannel, tag, 0, 1);
        break;
    case BrokerLink::Answer::Poison:
        status = amqp_basic_reject(m_state, kChannel, tag, 0);
        break;
    }
    check(status, u"the connection was lost"_s);
}

std::optional<RabbitConnection::Event> RabbitConnection::next()
{
    const timeval now{};
    while (!isLost()) {
        amqp_maybe_release_buffers(m_state);
        amqp_frame_t frame{};
        const int status = amqp_simple_wait_frame_noblock(m_state, &frame, &now);
        if (status == AMQP_STATUS_TIMEOUT)
            break;
        if (!check(status, u"the connection was lost"_s))
            break;
        if (std::optional<Event> event = takeFrame(frame))
            return event;
    }
    return std::nullopt;
}

std::optional<RabbitConnection::Event> RabbitConnection::takeFrame(const amqp_frame_t &frame)
{
    switch (frame.frame_type) {
    case AMQP_FRAME_METHOD:
        return takeMethod(frame.payload.method);
    case AMQP_FRAME_HEADER:
        takeHeader(frame);
        return takeContentIfWhole();
    case AMQP_FRAME_BODY: {
        if (!m_content)
            break;
        const amqp_bytes_t &part = frame.payload.body_fragment;
        m_content->left -= std::min<quint64>(part.len, m_content->left);
        if (auto *delivered = std::get_if<Delivered>(&m_content->event)) {
            const qsizetype room = kMaxMessageBytes + 1 - delivered->body.size();
            delivered->body.append(static_cast<const char *>(part.bytes),
                                   std::min<qsizetype>(static_cast<qsizetype>(part.len), room));
        }
        return takeContentIfWhole();
    }
    default:
        break;
    }
    return std::nullopt;
}

void RabbitConnection::takeHeader(const amqp_frame_t &frame)
{
    if (!m_content)
        return;
    m_content->left = frame.payload.properties.body_size;
    const auto *properties =
        static_cast<const amqp_basic_properties_t *>(frame.payload.properties.decoded);
    auto *returned = std::get_if<Returned>(&m_content->event);
    if (returned && (properties->_flags & AMQP_BASIC_CORRELATION_ID_FLAG) != 0)
        returned->tag = fromAmqp(properties->correlation_id).toULongLong();
}

std::optional<RabbitConnection::Event> RabbitConnection::takeContentIfWhole()
{
    if (!m_content || m_content->left > 0)
        return std::nullopt;
    return std::exchange(m_content, std::nullopt)->event;
}

std::optional<RabbitConnection::Event> RabbitConnection::takeMethod(const amqp_method_t &method)
{
    switch (method.id) {
    case AMQP_BASIC_DELIVER_METHOD: {
        const auto *deliver = static_cast<const amqp_basic_deliver_t *>(method.decoded);
        m_content = Content{ Delivered{
            .tag = deliver->delivery_tag, .kind = fromAmqp(deliver->consumer_tag), .body = {} } };
        return std::nullopt;
    }
    case AMQP_BASIC_RETURN_METHOD:
        m_content = Content{ Returned{} };
        return std::nullopt;
    case AMQP_BASIC_ACK_METHOD: {
        const auto *ack = static_cast<const amqp_basic_ack_t *>(method.decoded);
        return Confirmed{ ack->delivery_tag, ack->multiple != 0, true };
    }
    case AMQP_BASIC_NACK_METHOD: {
        const auto *nack = static_cast<const amqp_basic_nack_t *>(method.decoded);
        return Confirmed{ nack->delivery_tag, nack->multiple != 0, false };
    }
    case AMQP_QUEUE_DECLARE_OK_METHOD:
        return Depth{ static_cast<const amqp_queue_declare_ok_t *>(method.decoded)->message_count };
    case AMQP_CONNECTION_BLOCKED_METHOD:
        return Blocked{ u"RabbitMQ at %1 takes no messages: %2"_s.arg(
            addressOf(m_options),
            fromAmqp(static_cast<const amqp_connection_blocked_t *>(method.decoded)->reason)) };
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
        return Blocked{};
    case AMQP_BASIC_CANCEL_METHOD:
        lose(u"a queue was deleted"_s);
        return std::nullopt;
    default:
        if (const QString text = closeText(method); !text.isEmpty())
            lose(u"it has closed the connection: "_s + text);
        return std::nullopt;
    }
}

void RabbitConnection::askDepth(const QString &kind)
{
    if (isLost())
        return;
    const QByteArray queue = queueOf(kind);
    amqp_queue_declare_t request{};
    request.queue = toAmqp(queue);
    request.passive = 1;
    request.durable = 1;
    check(amqp_send_method(m_state, kChannel, AMQP_QUEUE_DECLARE_METHOD, &request),
          u"the connection was lost"_s);
}

void RabbitConnection::close(milliseconds timeout)
{
    if (isLost())
        return;
    const timeval each = toTimeval(timeout / 2);
    amqp_set_rpc_timeout(m_state, &each);
    if (check(amqp_channel_close(m_state, kChannel, AMQP_REPLY_SUCCESS), u"channel"_s))
        check(amqp_connection_close(m_state, AMQP_REPLY_SUCCESS), u"connection"_s);
}

} // namespace quiesce
