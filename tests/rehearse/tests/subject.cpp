// SPDX-License-Identifier: GPL-3.0-only
// rehearsal-subject PORT HABIT: a small HTTP server that stops in one exact way, right or wrong, so
// that the tests know what quiesce-rehearse must report.
#include "tests/rehearse/filedescriptor.h"

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <map>
#include <poll.h>
#include <string>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using quiesce::rehearse::FileDescriptor;

namespace {

using Clock = std::chrono::steady_clock;

enum class Habit {
    Gentle, ///< closes its listener, gives each connection one last answer, leaves with 0
    Drop, ///< drops requests it has read
    Truncate, ///< sends half of each answer it owes
    Garble, ///< sends something that is not HTTP
    Refuse, ///< gentle, but its last answers are 503
    DropQueue, ///< no longer accepts, and drops who has connected meanwhile
    CloseUnasked, ///< gentle, and ends every connection after one answer without announcing it
    CloseIdle, ///< gentle, but closes at once the connections that owe no answer
    Deaf, ///< does not hear the signal
    Crash, ///< leaves with 9 after some requests, before any signal
    LeaveChild, ///< gentle, with a child that stays
    FailToStart, ///< leaves with 3 at once
    Mute, ///< never answers
    NotReady, ///< answers 503 only
};

const std::map<std::string, Habit> kHabits{
    { "gentle", Habit::Gentle },
    { "drop", Habit::Drop },
    { "truncate", Habit::Truncate },
    { "garble", Habit::Garble },
    { "refuse", Habit::Refuse },
    { "drop-queue", Habit::DropQueue },
    { "close-unasked", Habit::CloseUnasked },
    { "close-idle", Habit::CloseIdle },
    { "deaf", Habit::Deaf },
    { "crash", Habit::Crash },
    { "leave-child", Habit::LeaveChild },
    { "fail-to-start", Habit::FailToStart },
    { "mute", Habit::Mute },
    { "not-ready", Habit::NotReady },
};

constexpr auto kHold = 5ms; ///< each request is held so long, so that a stop always finds some
constexpr auto kSlowHold = 500ms; ///< for /slow
constexpr int kRequestsBeforeCrash = 100;

struct Conversation
{
    explicit Conversation(int descriptor)
        : socket(descriptor)
    { }
    [[nodiscard]] bool isOwedAnswer() const { return answerAt != Clock::time_point::max(); }

    FileDescriptor socket;
    std::string received;
    Clock::time_point answerAt = Clock::time_point::max();
};

/// The size of the first request in the bytes; 0 while it is not complete.
std::size_t requestSize(const std::string &bytes)
{
    const auto headEnd = bytes.find("\r\n\r\n");
    if (headEnd == bytes.npos)
        return 0;
    static constexpr std::string_view kLength = "Content-Length: ";
    const auto length = bytes.find(kLength);
    const auto body =
        length < headEnd ? std::strtoul(bytes.data() + length + kLength.size(), nullptr, 10) : 0;
    return bytes.size() >= headEnd + 4 + body ? headEnd + 4 + body : 0;
}

class Subject final
{
public:
    Subject(Habit habit, FileDescriptor listener, FileDescriptor signals)
        : m_habit(habit)
        , m_listener(std::move(listener))
        , m_signals(std::move(signals))
    { }

    int run()
    {
        while (!m_isLeaving) {
            wait();
            if (!m_isLeaving)
                answerWhatIsDue();
        }
        return m_exitCode;
    }

private:
    void wait();
    void acceptAll();
    void read(Conversation &conversation);
    void answerWhatIsDue();
    void answer(Conversation &conversation);
    void stop();
    void sendToAllOwed(const char *bytes);

    Habit m_habit;
    FileDescriptor m_listener;
    FileDescriptor m_signals;
    std::list<Conversation> m_conversations;
    int m_answers = 0;
    int m_exitCode = 0;
    bool m_isStopping = false;
    bool m_isLeaving = false;
};

void Subject::wait()
{
    std::vector<pollfd> watched{ { m_signals.number(), POLLIN, 0 },
                                 { m_listener.number(), POLLIN, 0 } };
    bool isOwing = false;
    for (const Conversation &conversation : m_conversations) {
        watched.push_back({ conversation.socket.number(), POLLIN, 0 });
        isOwing = isOwing || conversation.isOwedAnswer();
    }
    ::poll(watched.data(), watched.size(), isOwing ? 1 : -1);
    std::size_t index = 2;
    for (Conversation &conversation : m_conversations) {
        if (watched[index++].revents != 0)
            read(conversation);
    }
    std::erase_if(m_conversations, [](const Conversation &c) { return !c.socket.isOpen(); });
    if (watched[1].revents != 0)
        acceptAll();
    signalfd_siginfo info{};
    if (watched[0].revents != 0 && ::read(m_signals.number(), &info, sizeof info) > 0)
        stop();
}

void Subject::acceptAll()
{
    for (;;) {
        const int socket =
            ::accept4(m_listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0)
            return;
        m_conversations.emplace_back(socket);
    }
}

void Subject::read(Conversation &conversation)
{
    char bytes[4096];
    const ssize_t got = ::recv(conversation.socket.number(), bytes, sizeof bytes, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        conversation.socket.close();
        return;
    }
    conversation.received.append(bytes, static_cast<std::size_t>(got));
    if (requestSize(conversation.received) > 0 && m_habit != Habit::Mute)
        conversation.answerAt =
            Clock::now() + (conversation.received.starts_with("GET /slow ") ? kSlowHold : kHold);
}

void Subject::answerWhatIsDue()
{
    for (Conversation &conversation : m_conversations) {
        if (conversation.answerAt <= Clock::now())
            answer(conversation);
    }
    std::erase_if(m_conversations, [](const Conversation &c) { return !c.socket.isOpen(); });
    if (m_habit == Habit::Crash && m_answers > kRequestsBeforeCrash) {
        m_exitCode = 9;
        m_isLeaving = true;
    }
    m_isLeaving = m_isLeaving || (m_isStopping && m_conversations.empty());
}

void Subject::answer(Conversation &conversation)
{
    const bool isBad = m_habit == Habit::NotReady || (m_isStopping && m_habit == Habit::Refuse);
    const bool asksToClose = conversation.received.find("Connection: close") != std::string::npos;
    std::string answer = isBad ? "HTTP/1.1 503 Service Unavailable\r\n" : "HTTP/1.1 200 OK\r\n";
    if (m_isStopping || asksToClose)
        answer += "Connection: close\r\n";
    answer += "Content-Length: 2\r\n\r\nok";
    conversation.received.erase(0, requestSize(conversation.received));
    conversation.answerAt = Clock::time_point::max();
    ++m_answers;
    // MSG_MORE lets the end of the stream travel in the segment of the answer.
    const bool endsUnasked = m_habit == Habit::CloseUnasked;
    ::send(conversation.socket.number(), answer.data(), answer.size(),
           MSG_NOSIGNAL | (endsUnasked ? MSG_MORE : 0));
    if (m_isStopping || asksToClose || endsUnasked)
        conversation.socket.close();
}

void Subject::stop()
{
    switch (m_habit) {
    case Habit::Deaf:
        return;
    case Habit::Drop:
        m_isLeaving = true;
        break;
    case Habit::Truncate:
        sendToAllOwed("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        m_isLeaving = true;
        break;
    case Habit::Garble:
        sendToAllOwed("this is no HTTP at all\r\n\r\n");
        m_isLeaving = true;
        break;
    case Habit::CloseIdle:
        std::erase_if(m_conversations, [](const Conversation &c) { return !c.isOwedAnswer(); });
        break;
    case Habit::DropQueue:
        for (Conversation &conversation : m_conversations) {
            if (conversation.isOwedAnswer())
                answer(conversation);
        }
        std::this_thread::sleep_for(100ms); // meanwhile clients connect and write
        m_isLeaving = true;
        break;
    default:
        break;
    }
    m_isStopping = true;
    m_listener.close();
}

void Subject::sendToAllOwed(const char *bytes)
{
    for (const Conversation &conversation : m_conversations) {
        if (conversation.isOwedAnswer())
            ::send(conversation.socket.number(), bytes, std::char_traits<char>::length(bytes),
                   MSG_NOSIGNAL);
    }
}

FileDescriptor listenOn(int port)
{
    FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int yes = 1;
    ::setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener.number(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0
        || ::listen(listener.number(), 512) != 0)
        std::exit(2);
    return listener;
}

FileDescriptor takeSigterm()
{
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    return FileDescriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc != 3 || !kHabits.contains(argv[2]))
        return 64;
    const Habit habit = kHabits.at(argv[2]);
    if (habit == Habit::FailToStart)
        return 3;
    if (habit == Habit::LeaveChild && ::fork() == 0)
        ::pause();
    FileDescriptor signals = takeSigterm();
    FileDescriptor listener = listenOn(std::atoi(argv[1]));
    std::printf("pid %d\n", ::getpid());
    std::fflush(stdout);
    return Subject(habit, std::move(listener), std::move(signals)).run();
}
