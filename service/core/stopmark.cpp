// SPDX-License-Identifier: GPL-3.0-only
// StopMark: see the header.
#include "service/core/stopmark.h"

#include "common/logline.h"
#include "service/core/inflight.h"
#include "service/core/lifecycle.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcStopMark, "quiesce.lifecycle")

using std::chrono::milliseconds;

constexpr qint64 kLongestMark = qint64{ 64 } * 1'024;

FileDescriptor openMark(const QString &path, int flags)
{
    return FileDescriptor(::open(QFile::encodeName(path).constData(),
                                 flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR));
}

/// None when it belongs to a process that is still there, or is no mark at all.
std::optional<QJsonObject> readLeftBehind(const QString &path)
{
    const FileDescriptor file = openMark(path, O_RDONLY);
    struct stat info = {};
    if (!file.isOpen() || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)
        || info.st_size > kLongestMark || ::flock(file.get(), LOCK_SH | LOCK_NB) != 0)
        return std::nullopt;
    QByteArray content(info.st_size, '\0');
    if (::pread(file.get(), content.data(), static_cast<size_t>(content.size()), 0)
        != content.size())
        return std::nullopt;
    return QJsonDocument::fromJson(content).object();
}

void warnOf(const QJsonObject &mark)
{
    const milliseconds after(mark["afterMs"_L1].toInteger());
    const milliseconds atMost(mark["atMostMs"_L1].toInteger());
    LogLine line("a stop was cut off before its report");
    line.with("after", after)
        .with("atMost", atMost)
        .with("state", mark["state"_L1].toString())
        .with("requests", mark["requests"_L1].toInteger())
        .with("jobs", mark["jobs"_L1].toInteger())
        .with("requestedAt", mark["requestedAt"_L1].toString())
        .with("cause", mark["cause"_L1].toString());
    if (after < atMost) {
        line.with("advice",
                  "killed, it seems: whoever starts the service must grant a stop as long as "
                  "atMost; with what is granted as stop.budget, settings beyond it are refused");
    }
    qCWarning(lcStopMark).noquote() << line.toString();
}

} // namespace

StopMark::StopMark(const Parts &parts, QString folder, const QString &instanceId, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_folder(std::move(folder))
    , m_path(m_folder + "/stopping-"_L1 + instanceId + ".json"_L1)
    , m_beat(parts.clock.makeAlarm([this] { write(); }))
{
    if (m_folder.isEmpty())
        return;
    connect(&parts.lifecycle, &Lifecycle::stopBegan, this, &StopMark::begin);
    connect(&parts.lifecycle, &Lifecycle::resumed, this, &StopMark::remove);
    connect(&parts.lifecycle, &Lifecycle::stateChanged, this, &StopMark::write);
    connect(&parts.lifecycle, &Lifecycle::deadlineExtended, this, &StopMark::write);
}

StopMark::~StopMark() = default;

void StopMark::begin()
{
    m_began = m_parts.clock.now();
    m_size = 0;
    m_file = openMark(m_path, O_RDWR | O_CREAT);
    if (m_file.isOpen() && ::flock(m_file.get(), LOCK_EX | LOCK_NB) == 0)
        write();
    else
        m_file.close();
}

void StopMark::write()
{
    const std::optional<StopProgress> stop = m_parts.lifecycle.stop();
    if (!m_file.isOpen() || !stop)
        return;
    const auto after =
        std::chrono::duration_cast<milliseconds>(m_parts.clock.now() - m_began).count();
    const QJsonObject mark{
        { u"state"_s, toWire(m_parts.lifecycle.state()) },
        { u"requestedAt"_s, stop->requestedAt.toString(Qt::ISODateWithMs) },
        { u"cause"_s, describe(stop->cause) },
        { u"afterMs"_s, qint64(after) },
        { u"atMostMs"_s, qint64(stop->longest.count()) },
        { u"requests"_s, m_parts.inFlight.count(WorkKind::Request) },
        { u"jobs"_s, m_parts.inFlight.count(WorkKind::Job) },
    };
    // In one call over what was there, so that no kill finds half of it.
    QByteArray content = QJsonDocument(mark).toJson(QJsonDocument::Compact);
    m_size = std::max(m_size, content.size() + 1);
    content = content.leftJustified(m_size - 1, ' ') + '\n';
    [[maybe_unused]] const ssize_t written =
        ::pwrite(m_file.get(), content.constData(), static_cast<size_t>(content.size()), 0);
    m_beat->setAt(m_parts.clock.now() + kBeat);
}

void StopMark::remove()
{
    m_beat->clear();
    if (!m_file.isOpen())
        return;
    ::unlink(QFile::encodeName(m_path).constData());
    m_file.close();
}

void StopMark::warnOfEarlier(const QString &reportedInstance) const
{
    if (m_folder.isEmpty())
        return;
    const QDir folder(m_folder);
    for (const QString &name : folder.entryList({ u"stopping-*.json"_s }, QDir::Files)) {
        const std::optional<QJsonObject> mark = readLeftBehind(folder.filePath(name));
        if (!mark)
            continue;
        const bool hasReport = name == "stopping-"_L1 + reportedInstance + ".json"_L1;
        if (!hasReport)
            warnOf(*mark);
        ::unlink(QFile::encodeName(folder.filePath(name)).constData());
    }
}

} // namespace quiesce
