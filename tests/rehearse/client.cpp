// SPDX-License-Identifier: GPL-3.0-only
// The client's state machine on a raw non-blocking socket.
#include "tests/rehearse/client.h"

#include <array>
#include <cerrno>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace quiesce::rehearse {

namespace {

std::array<char, 64 * 1024> readBuffer; // one thread, and nothing is kept in it between two reads

/// Whether a SYN is still waiting for its answer.
bool isSynPending(int socket)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    return ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0
        && info.tcpi_state == TCP_SYN_SENT;
}

} // namespace

Client::Client(EventLoop &loop, const ClientPlan &plan, Ledger &ledger, std::mt19937_64 &random)
    : m_loop(loop)
    , m_plan(plan)
    , m_ledger(ledger)
    , m_random(random)
    , m_thinkTimer(loop, [this] { proceed(); })
{ }

void Client::serverGone()
{
    m_isServerGone = true;
    if (m_state == State::Connecting && isSynPending(m_socket.number())) {
        m_ledger.unanswered();
        end();
    } else if (m_state != State::Connecting && m_state != State::Asking) {
        end();
    }
}

void Client::giveUp()
{
    if (m_state == State::Asking)
        lost(Loss::Reason::NoAnswer);
    else
        end();
}

void Client::connect()
{
    m_socket = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int yes = 1;
    ::setsockopt(m_socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    m_isReused = false;
    m_state = State::Connecting;
    if (m_socket.isOpen()) {
        m_watch.emplace(m_loop, m_socket.number(), EPOLLIN | EPOLLOUT | EPOLLRDHUP,
                        [this](std::uint32_t events) { socketChanged(events); });
    }
    finishConnect();
}

/// Both begins the connect and, called again, asks how it went: connect(2) tells a refused one
/// (ECONNREFUSED) from one that was established and reset since (ECONNRESET).
void Client::finishConnect()
{
    const auto *address = reinterpret_cast<const sockaddr *>(&m_plan.address);
    if (::connect(m_socket.number(), address, sizeof m_plan.address) == 0 || errno == EISCONN)
        ask();
    else if (errno != EINPROGRESS && errno != EALREADY)
        connectFailed(errno);
}

void Client::connectFailed(int error)
{
    if (error == ECONNREFUSED || error == ETIMEDOUT) {
        m_ledger.refused();
        end();
    } else if (error == ECONNRESET || error == EPIPE || error == ECONNABORTED) {
        // Established, and dropped before the request could be written: a client sees an error.
        if (m_ledger.tryBeginRequest())
            lost(Loss::Reason::Reset);
        else
            end();
    } else {
        m_ledger.localFault();
        end();
    }
}

void Client::socketChanged(std::uint32_t events)
{
    const bool isEnding = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    switch (m_state) {
    case State::Connecting:
        finishConnect();
        break;
    case State::Asking:
        writeMore();
        if (isEnding || (events & EPOLLIN) != 0)
            readMore(isEnding ? StreamEnd::InSight : StreamEnd::NotInSight);
        break;
    default:
        readWhileIdle();
        break;
    }
}

/// The next step after thinking, and the first of all.
void Client::proceed()
{
    if (m_socket.isOpen())
        readWhileIdle();
    if (m_isServerGone)
        end();
    else if (m_socket.isOpen())
        ask();
    else
        connect();
}

void Client::ask()
{
    if (!m_ledger.tryBeginRequest()) {
        end();
        return;
    }
    m_state = State::Asking;
    m_reader.reset();
    m_unwritten = m_plan.request.size();
    writeMore();
}

/// A failed write is not the end: the answer may be there already. Reading tells.
void Client::writeMore()
{
    while (m_unwritten > 0) {
        const char *next = m_plan.request.data() + m_plan.request.size() - m_unwritten;
        const ssize_t sent = ::send(m_socket.number(), next, m_unwritten, MSG_NOSIGNAL);
        if (sent < 0)
            return;
        m_unwritten -= static_cast<std::size_t>(sent);
    }
}

/// Reads until there is nothing more. A short read says so, too, unless the end has been announced:
/// what comes after it is a new event.
void Client::readMore(StreamEnd end)
{
    for (;;) {
        const ssize_t got = ::recv(m_socket.number(), readBuffer.data(), readBuffer.size(), 0);
        if (got == 0)
            return streamEnded(Loss::Reason::EndOfStream);
        if (got < 0 && errno != EAGAIN && errno != EINTR)
            return streamEnded(Loss::Reason::Reset);
        if (got < 0)
            break;
        const auto size = static_cast<std::size_t>(got);
        const bool isTooMuch = m_reader.feed({ readBuffer.data(), size }) < size;
        if (isTooMuch || m_reader.progress() == ResponseReader::Progress::Malformed)
            return lost(Loss::Reason::NotHttp);
        if (size < readBuffer.size() && end == StreamEnd::NotInSight)
            break;
    }
    if (m_reader.isComplete())
        answered();
}

/// Between requests nothing but the end of the connection can come; whatever comes closes it.
void Client::readWhileIdle()
{
    const ssize_t got = ::recv(m_socket.number(), readBuffer.data(), readBuffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    m_ledger.closedIdle();
    closeSocket();
    if (m_state == State::Finished)
        end();
}

void Client::streamEnded(Loss::Reason reason)
{
    if (reason == Loss::Reason::EndOfStream)
        m_reader.feedEnd();
    if (!m_reader.isComplete())
        return lost(reason);
    closeSocket();
    answered();
}

void Client::answered()
{
    m_ledger.answered(m_reader.status(), m_loop.wokenAt());
    m_hasHadAnAnswer = true;
    m_isReused = true;
    const bool isForOneRequest = m_plan.habit == ClientPlan::Habit::FreshConnection;
    if (m_reader.isLastOnConnection() || isForOneRequest || m_unwritten > 0)
        closeSocket();
    if (m_plan.habit != ClientPlan::Habit::AskOnce)
        think();
    else if (m_socket.isOpen() && !m_isServerGone)
        m_state = State::Finished;
    else
        end();
}

void Client::lost(Loss::Reason reason)
{
    auto kind = m_isReused ? Loss::Kind::Reused : Loss::Kind::Fresh;
    if (reason == Loss::Reason::NotHttp)
        kind = Loss::Kind::Malformed;
    else if (m_reader.progress() == ResponseReader::Progress::Begun && m_state == State::Asking)
        kind = Loss::Kind::Truncated;
    m_ledger.lost({ .kind = kind, .reason = reason, .at = m_loop.wokenAt() });
    closeSocket();
    if (m_plan.habit == ClientPlan::Habit::AskOnce || reason == Loss::Reason::NoAnswer)
        end();
    else
        think();
}

void Client::think()
{
    m_state = State::Thinking;
    std::uniform_int_distribution<Clock::rep> pause(0, m_plan.think.count());
    if (m_isServerGone)
        end();
    else if (m_plan.think.count() == 0)
        m_thinkTimer.startAt(m_loop.wokenAt());
    else
        m_thinkTimer.startIn(Clock::duration(pause(m_random)));
}

void Client::closeSocket()
{
    m_watch.reset();
    m_socket.close();
}

void Client::end()
{
    m_thinkTimer.cancel();
    closeSocket();
    m_state = State::Ended;
}

} // namespace quiesce::rehearse
