// SPDX-License-Identifier: GPL-3.0-only
// By way of posix_spawn(3), a socket pair and a pidfd.
#include "service/host/handover/successor.h"

#include "common/logline.h"

#include <QFile>
#include <QLoggingCategory>
#include <QProcessEnvironment>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace quiesce {

using namespace Qt::StringLiterals;
using handover::Message;

namespace {

Q_LOGGING_CATEGORY(lcSuccessor, "quiesce.replacement")

constexpr int kFirstGift = 3; ///< where the new process finds the first descriptor

QString systemReason(int error)
{
    return QString::fromLocal8Bit(std::strerror(error));
}

/// Null-terminated, as exec(3) wants it; the texts must outlive it.
std::vector<char *> pointersTo(QByteArrayList &texts)
{
    std::vector<char *> pointers;
    for (QByteArray &text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

QByteArrayList environmentWith(const QByteArray &handover)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(u"WATCHDOG_PID"_s); // of this process; the period is for whoever is main
    environment.insert(QString::fromLatin1(handover::kVariable), QString::fromLatin1(handover));
    QByteArrayList texts;
    for (const QString &entry : environment.toStringList())
        texts.append(entry.toLocal8Bit());
    return texts;
}

/// What posix_spawn() is to do between fork and exec.
class Spawning final
{
public:
    Spawning()
    {
        ::posix_spawn_file_actions_init(&m_actions);
        ::posix_spawnattr_init(&m_attributes);
        sigset_t all;
        sigfillset(&all);
        ::posix_spawnattr_setsigdefault(&m_attributes, &all);
        sigset_t none;
        sigemptyset(&none);
        ::posix_spawnattr_setsigmask(&m_attributes, &none);
        ::posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~Spawning()
    {
        ::posix_spawn_file_actions_destroy(&m_actions);
        ::posix_spawnattr_destroy(&m_attributes);
    }
    Spawning(const Spawning &) = delete;
    Spawning &operator=(const Spawning &) = delete;

    /// The child has a copy of it as `target`, its only one that survives exec().
    void give(int descriptor, int target)
    {
        // Out of the way of every target first, so that none overwrites another's source.
        m_copies.emplace_back(::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstFree));
        ::posix_spawn_file_actions_adddup2(&m_actions, m_copies.back().get(), target);
    }

    [[nodiscard]] int run(pid_t &pid, const QString &program, QByteArrayList arguments,
                          QByteArrayList environment)
    {
        for (const FileDescriptor &copy : m_copies) {
            if (!copy.isOpen())
                return EMFILE;
        }
        const std::vector<char *> argv = pointersTo(arguments);
        const std::vector<char *> envp = pointersTo(environment);
        return ::posix_spawn(&pid, QFile::encodeName(program).constData(), &m_actions,
                             &m_attributes, argv.data(), envp.data());
    }

private:
    static constexpr int kFirstFree = 16;

    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
    std::vector<FileDescriptor> m_copies;
};

QString endOf(const siginfo_t &info)
{
    if (info.si_code == CLD_EXITED)
        return u"it ended with exit code %1"_s.arg(info.si_status);
    return u"it was ended by signal %1"_s.arg(info.si_status);
}

} // namespace

Successor::Successor(QObject *parent)
    : QObject(parent)
{ }

Successor::~Successor()
{
    if (!m_wasToldToGo)
        kill();
}

Result<Done, QString> Successor::tryStart(const Start &start)
{
    Q_ASSERT(m_pid == 0);
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return Failure{ systemReason(errno) };
    m_control = FileDescriptor(ends[0]);
    const FileDescriptor theirs(ends[1]);

    Spawning spawning;
    QByteArray handover;
    int target = kFirstGift;
    for (const auto &[name, descriptor] :
         { std::pair("control", theirs.get()), std::pair("traffic", start.traffic),
           std::pair("admin", start.admin), std::pair("lock", start.lock) }) {
        spawning.give(descriptor, target);
        handover += QByteArray(name) + '=' + QByteArray::number(target++) + ' ';
    }
    handover += "instance=" + start.instanceId.toLatin1();

    QByteArrayList arguments;
    for (const QString &argument : start.arguments)
        arguments.append(argument.toLocal8Bit());
    pid_t pid = 0;
    if (const int error = spawning.run(pid, start.program, arguments, environmentWith(handover));
        error != 0)
        return Failure{ u"%1 cannot be started: %2"_s.arg(start.program, systemReason(error)) };
    m_pid = pid;
    // By its number: the header of glibc 2.36 declares it for C alone.
    m_process = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    m_controlNotifier = std::make_unique<QSocketNotifier>(m_control.get(), QSocketNotifier::Read);
    connect(m_controlNotifier.get(), &QSocketNotifier::activated, this, &Successor::takeMessage);
    if (m_process.isOpen()) {
        m_processNotifier =
            std::make_unique<QSocketNotifier>(m_process.get(), QSocketNotifier::Read);
        connect(m_processNotifier.get(), &QSocketNotifier::activated, this, &Successor::takeEnd);
    }
    return Done{};
}

void Successor::send(Message message) const
{
    const char byte = static_cast<char>(message);
    ::send(m_control.get(), &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Successor::go()
{
    m_wasToldToGo = true;
    send(Message::Go);
}

void Successor::tellOfJobs()
{
    if (m_wasToldToGo)
        send(Message::Jobs);
}

void Successor::takeMessage()
{
    char byte = 0;
    const ssize_t count = ::recv(m_control.get(), &byte, 1, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count == 1 && byte == static_cast<char>(Message::Ready)) {
        Q_EMIT ready();
        return;
    }
    m_controlNotifier->setEnabled(false);
    if (!m_processNotifier) // else the end of the process says more
        fail(u"it has let go of the line"_s);
}

/// Also of one that went on: it would stay a zombie.
void Successor::takeEnd()
{
    m_processNotifier->setEnabled(false);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOHANG);
    const QString end = endOf(info);
    if (m_wasToldToGo)
        qCWarning(lcSuccessor).noquote() << LogLine("the process that took over has ended")
                                                .with("pid", m_pid)
                                                .with("reason", end)
                                                .toString();
    m_pid = 0;
    fail(end);
}

void Successor::fail(const QString &reason)
{
    if (!std::exchange(m_wasToldToGo, true))
        Q_EMIT failed(reason);
}

/// It serves nobody yet and holds nothing of its own, so there is nothing to wait for.
void Successor::kill()
{
    if (m_pid == 0)
        return;
    ::kill(static_cast<pid_t>(m_pid), SIGKILL);
    ::waitpid(static_cast<pid_t>(m_pid), nullptr, 0); // at once after SIGKILL
    m_pid = 0;
}

} // namespace quiesce
