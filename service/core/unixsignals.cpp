// SPDX-License-Identifier: GPL-3.0-only
// Takes Unix signals on a thread of its own and hands them to the event loop through socketpairs.
#include "service/core/unixsignals.h"

#include <QFile>
#include <QPointer>
#include <QSocketNotifier>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <optional>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace quiesce {

namespace {

using std::chrono::nanoseconds;

struct CaughtSignal
{
    int number = 0;
    QLatin1StringView name;
};
constexpr std::array kCaught{ CaughtSignal{ SIGTERM, QLatin1StringView("SIGTERM") },
                              CaughtSignal{ SIGINT, QLatin1StringView("SIGINT") },
                              CaughtSignal{ SIGHUP, QLatin1StringView("SIGHUP") },
                              CaughtSignal{ SIGUSR2, QLatin1StringView("SIGUSR2") } };
constexpr std::array kIgnored{ SIGPIPE, SIGXFSZ };
constexpr std::array<size_t, 2> kStopChannels{ 0, 1 };
constexpr size_t kReloadChannel = 2;
constexpr size_t kReplaceChannel = 3;
constexpr qint64 kMaxCommandBytes = 64; // the kernel keeps 15
/// Taken at one turn of the event loop, so that a flood cannot hold it; more than a socket holds.
constexpr int kMaxBatch = 2'048;

/// What the handler writes.
struct Arrival
{
    siginfo_t info;
    timespec at; ///< CLOCK_MONOTONIC
};

/// What the handler needs of one signal. Global, because a handler has no other way to find it.
struct Channel
{
    std::atomic<int> writeEnd{ -1 };
    std::atomic<qint64> lastDroppedAt{ 0 }; ///< CLOCK_MONOTONIC in ns; 0: none was dropped
};
std::array<Channel, kCaught.size()> s_channels;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<qint64>::is_always_lock_free);

nanoseconds toNanoseconds(const timespec &time)
{
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

timespec toTimespec(nanoseconds time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return { .tv_sec = seconds.count(), .tv_nsec = (time - seconds).count() };
}

size_t channelOf(int number)
{
    size_t channel = 0;
    while (kCaught[channel].number != number)
        ++channel;
    return channel;
}

extern "C" void takeUnixSignal(int number, siginfo_t *info, void * /*context*/)
{
    const int savedErrno = errno;
    Channel &channel = s_channels[channelOf(number)];
    Arrival arrival{};
    arrival.info = *info;
    ::clock_gettime(CLOCK_MONOTONIC, &arrival.at);
    const ssize_t sent = ::send(channel.writeEnd.load(std::memory_order_relaxed), &arrival,
                                sizeof arrival, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) // full: what came first is in there, and this much is kept of the last
        channel.lastDroppedAt.store(toNanoseconds(arrival.at).count(), std::memory_order_relaxed);
    errno = savedErrno;
}

sigset_t setOfCaught()
{
    sigset_t set;
    sigemptyset(&set);
    for (const CaughtSignal &caught : kCaught)
        sigaddset(&set, caught.number);
    return set;
}

/// All but those that report a fault of the thread itself.
sigset_t setOfAllButFaults()
{
    sigset_t set;
    sigfillset(&set);
    for (const int number : { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS })
        sigdelset(&set, number);
    return set;
}

/// At the very start of a process: without its signals it could not be stopped well.
void requireSuccess(bool isOk, const char *what)
{
    if (!isOk)
        qFatal("%s: %s", what, std::strerror(errno));
}

QString commandOf(pid_t pid)
{
    QFile file(QStringLiteral("/proc/%1/comm").arg(pid));
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return {}; // gone already
    QByteArray name = file.read(kMaxCommandBytes);
    if (name.endsWith('\n'))
        name.chop(1);
    return QString::fromLocal8Bit(name);
}

StopCause causeOf(const siginfo_t &info)
{
    StopCause cause;
    cause.kind = StopCause::Kind::Signal;
    cause.signal = kCaught[channelOf(info.si_signo)].name;
    cause.signalNumber = info.si_signo;
    const bool hasSender =
        info.si_code == SI_USER || info.si_code == SI_QUEUE || info.si_code == SI_TKILL;
    if (hasSender && info.si_pid > 0) {
        cause.senderPid = info.si_pid;
        cause.senderUid = info.si_uid;
        cause.senderCommand = commandOf(info.si_pid);
    }
    return cause;
}

} // namespace

struct UnixSignals::Private
{
    explicit Private(UnixSignals &signalsOwner);
    ~Private();
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;

    void openChannel(size_t channel);
    void blockInThisThread();
    void installHandlers();
    void takeSignals() const; ///< the thread
    void take(size_t channel);
    void takeLast(size_t channel, SignalIntent intent);
    void takeStops();
    void readArrivals(size_t channel, std::vector<Arrival> &arrivals) const;

    UnixSignals &owner;
    std::optional<nanoseconds> firstStop; ///< when it arrived
    std::array<int, kCaught.size()> readEnds{};
    std::array<std::unique_ptr<QSocketNotifier>, kCaught.size()> notifiers;
    std::array<struct sigaction, kCaught.size()> previous{};
    std::array<struct sigaction, kIgnored.size()> previousIgnored{};
    sigset_t previousMask{};
    bool ignoresAfterwards = false;
    int wakeUp = -1; ///< an eventfd: ends the thread
    std::thread thread;
};

UnixSignals::Private::Private(UnixSignals &signalsOwner)
    : owner(signalsOwner)
    , wakeUp(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    requireSuccess(wakeUp >= 0, "eventfd");
    for (size_t channel = 0; channel < kCaught.size(); ++channel)
        openChannel(channel);
    blockInThisThread();
    installHandlers();
    thread = std::thread([this] { takeSignals(); });
}

UnixSignals::Private::~Private()
{
    ::eventfd_write(wakeUp, 1);
    thread.join();
    for (size_t channel = 0; channel < kCaught.size(); ++channel) {
        ::signal(kCaught[channel].number, SIG_IGN); // drops what is pending, see Order
        if (!ignoresAfterwards)
            ::sigaction(kCaught[channel].number, &previous[channel], nullptr);
        notifiers[channel].reset();
        ::close(s_channels[channel].writeEnd.exchange(-1));
        ::close(readEnds[channel]);
        s_channels[channel].lastDroppedAt = 0;
    }
    for (size_t i = 0; i < kIgnored.size(); ++i)
        ::sigaction(kIgnored[i], &previousIgnored[i], nullptr);
    ::pthread_sigmask(SIG_SETMASK, &previousMask, nullptr);
    ::close(wakeUp);
}

void UnixSignals::Private::openChannel(size_t channel)
{
    // SEQPACKET keeps the records apart, so that none is ever half written.
    int ends[2];
    requireSuccess(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends)
                       == 0,
                   "socketpair");
    readEnds[channel] = ends[0];
    [[maybe_unused]] const int other = s_channels[channel].writeEnd.exchange(ends[1]);
    Q_ASSERT_X(other == -1, "UnixSignals", "one instance a process");
    notifiers[channel] = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
    QObject::connect(notifiers[channel].get(), &QSocketNotifier::activated, &owner,
                     [this, channel] { take(channel); });
}

void UnixSignals::Private::blockInThisThread()
{
    const sigset_t caught = setOfCaught();
    ::pthread_sigmask(SIG_BLOCK, &caught, &previousMask);
}

void UnixSignals::Private::installHandlers()
{
    struct sigaction action
    { };
    action.sa_sigaction = &takeUnixSignal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    action.sa_mask = setOfCaught();
    for (size_t channel = 0; channel < kCaught.size(); ++channel)
        ::sigaction(kCaught[channel].number, &action, &previous[channel]);
    struct sigaction ignore
    { };
    ignore.sa_handler = SIG_IGN;
    for (size_t i = 0; i < kIgnored.size(); ++i)
        ::sigaction(kIgnored[i], &ignore, &previousIgnored[i]);
}

void UnixSignals::Private::takeSignals() const
{
    ::pthread_setname_np(::pthread_self(), "signals");
    const sigset_t blocked = setOfAllButFaults();
    ::pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
    sigset_t whileWaiting = blocked;
    for (const CaughtSignal &caught : kCaught)
        sigdelset(&whileWaiting, caught.number);
    pollfd wake{ .fd = wakeUp, .events = POLLIN, .revents = 0 };
    while (::ppoll(&wake, 1, nullptr, &whileWaiting) < 0 && errno == EINTR) { } // a handler has run
}

void UnixSignals::Private::readArrivals(size_t channel, std::vector<Arrival> &arrivals) const
{
    Arrival arrival{};
    for (int i = 0; i < kMaxBatch; ++i) {
        if (::recv(readEnds[channel], &arrival, sizeof arrival, MSG_DONTWAIT) != sizeof arrival)
            break;
        arrivals.push_back(arrival);
    }
    const nanoseconds droppedAt(s_channels[channel].lastDroppedAt.exchange(0));
    if (droppedAt > nanoseconds(0)) { // its sender is not known any more
        Arrival dropped{ .info = {}, .at = toTimespec(droppedAt) };
        dropped.info.si_signo = kCaught[channel].number;
        dropped.info.si_code = SI_KERNEL;
        arrivals.push_back(dropped);
    }
}

void UnixSignals::Private::take(size_t channel)
{
    switch (channel) {
    case kReloadChannel:
        return takeLast(channel, SignalIntent::Reload);
    case kReplaceChannel:
        return takeLast(channel, SignalIntent::Replace);
    default:
        return takeStops();
    }
}

void UnixSignals::Private::takeLast(size_t channel, SignalIntent intent)
{
    std::vector<Arrival> arrivals;
    readArrivals(channel, arrivals);
    if (!arrivals.empty())
        Q_EMIT owner.received(intent, causeOf(arrivals.back().info));
}

void UnixSignals::Private::takeStops()
{
    std::vector<Arrival> arrivals;
    for (const size_t channel : kStopChannels)
        readArrivals(channel, arrivals);
    const auto at = [](const Arrival &arrival) { return toNanoseconds(arrival.at); };
    std::stable_sort(arrivals.begin(), arrivals.end(),
                     [at](const Arrival &a, const Arrival &b) { return at(a) < at(b); });

    std::optional<StopCause> stop;
    std::optional<StopCause> force;
    for (const Arrival &arrival : arrivals) {
        if (!firstStop) {
            firstStop = at(arrival);
            stop = causeOf(arrival.info);
        } else if (!force && at(arrival) - *firstStop >= kForceAfter) {
            force = causeOf(arrival.info);
        }
    }
    const QPointer<UnixSignals> guard(&owner);
    if (stop)
        Q_EMIT owner.received(SignalIntent::Stop, *stop);
    if (force && guard)
        Q_EMIT guard->received(SignalIntent::Force, *force);
}

UnixSignals::UnixSignals(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this))
{ }

UnixSignals::~UnixSignals() = default;

void UnixSignals::forgetStop()
{
    d->firstStop.reset();
}

void UnixSignals::ignoreAfterwards()
{
    d->ignoresAfterwards = true;
}

void UnixSignals::resetInChild()
{
    struct sigaction byDefault
    { };
    byDefault.sa_handler = SIG_DFL;
    for (const CaughtSignal &caught : kCaught)
        ::sigaction(caught.number, &byDefault, nullptr);
    for (const int number : kIgnored)
        ::sigaction(number, &byDefault, nullptr);
    const sigset_t caught = setOfCaught(); // only now: until here a handler would be the parent's
    ::pthread_sigmask(SIG_UNBLOCK, &caught, nullptr);
}

} // namespace quiesce
