// SPDX-License-Identifier: GPL-3.0-only
// Reads what was handed over, and then the line.
#include "service/host/handover/predecessor.h"

#include "service/core/listeningendpoint.h"

#include <QMap>
#include <QPointer>
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>

namespace quiesce {

using namespace Qt::StringLiterals;
using handover::Message;

namespace {

QMap<QByteArray, QByteArray> valuesOf(const QByteArray &variable)
{
    QMap<QByteArray, QByteArray> values;
    for (const QByteArray &entry : variable.split(' ')) {
        const qsizetype sign = entry.indexOf('=');
        if (sign > 0)
            values.insert(entry.left(sign), entry.mid(sign + 1));
    }
    return values;
}

/// Not open when there is none of that number.
FileDescriptor descriptorOf(const QByteArray &number)
{
    bool isNumber = false;
    const int descriptor = number.toInt(&isNumber);
    if (!isNumber || descriptor < 3 || ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0)
        return {};
    return FileDescriptor(descriptor);
}

} // namespace

Result<std::unique_ptr<Predecessor>, QString> Predecessor::take()
{
    if (!qEnvironmentVariableIsSet(handover::kVariable))
        return std::unique_ptr<Predecessor>();
    const QByteArray variable = qgetenv(handover::kVariable);
    qunsetenv(handover::kVariable);
    std::unique_ptr<Predecessor> predecessor(new Predecessor);
    if (const auto read = predecessor->read(variable); !read)
        return Failure{ u"%1: %2"_s.arg(QString::fromLatin1(handover::kVariable), read.error()) };
    return predecessor;
}

Result<Done, QString> Predecessor::read(const QByteArray &variable)
{
    const QMap<QByteArray, QByteArray> values = valuesOf(variable);
    m_instanceId = QString::fromLatin1(values.value("instance"));
    m_control = descriptorOf(values.value("control"));
    m_lock = descriptorOf(values.value("lock"));
    if (m_instanceId.isEmpty() || !m_control.isOpen() || !m_lock.isOpen())
        return Failure{ u"incomplete; it is for this program alone to set"_s };
    for (const auto &[name, place] :
         { std::pair("traffic", &m_sockets.traffic), std::pair("admin", &m_sockets.admin) }) {
        FileDescriptor descriptor = descriptorOf(values.value(name));
        auto endpoint = listeningEndpoint(descriptor.get());
        if (!endpoint)
            return Failure{ u"%1: %2"_s.arg(QLatin1StringView(name), endpoint.error()) };
        *place = InheritedSockets::Socket{ std::move(descriptor), endpoint.value() };
    }
    return Done{};
}

void Predecessor::follow()
{
    m_notifier = std::make_unique<QSocketNotifier>(m_control.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Predecessor::takeMessages);
}

void Predecessor::sayReady()
{
    const char byte = static_cast<char>(Message::Ready);
    ::send(m_control.get(), &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Predecessor::serveOnce()
{
    if (!std::exchange(m_wasTold, true))
        Q_EMIT told();
}

void Predecessor::takeMessages()
{
    constexpr int kAtATime = 64; // the next turn takes the rest
    bool haveJobsChanged = false;
    bool isGone = false;
    bool isTold = false;
    for (int i = 0; i < kAtATime; ++i) {
        char byte = 0;
        const ssize_t count = ::recv(m_control.get(), &byte, 1, MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            break;
        if (count <= 0) {
            isGone = true;
            break;
        }
        isTold = isTold || byte == static_cast<char>(Message::Go);
        haveJobsChanged = haveJobsChanged || byte == static_cast<char>(Message::Jobs);
    }
    if (isGone)
        m_notifier->setEnabled(false);
    const QPointer<Predecessor> guard(this);
    if (isTold || isGone) // one that died has nobody else to serve in its place
        serveOnce();
    if (haveJobsChanged && guard)
        Q_EMIT jobsChanged();
    if (isGone && guard)
        Q_EMIT gone();
}

} // namespace quiesce
