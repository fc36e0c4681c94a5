// SPDX-License-Identifier: GPL-3.0-only
// Makes, checks and locks the data directory.
#include "service/host/datadir.h"

#include "common/printable.h"

#include <QFile>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// Who holds the lock, as the holder wrote it; it may not have come to that yet.
QString holder(const FileDescriptor &lock)
{
    constexpr size_t kLongestPid = 20;
    QByteArray text(kLongestPid, '\0');
    const ssize_t count = ::pread(lock.get(), text.data(), kLongestPid, 0);
    bool isPid = false;
    const qint64 pid = text.left(count > 0 ? count : 0).trimmed().toLongLong(&isPid);
    return isPid && pid > 0 ? u"another instance, pid %1"_s.arg(pid) : u"another instance"_s;
}

/// At its beginning: two processes that share the lock share where they write, too.
bool writePid(const FileDescriptor &lock)
{
    const QByteArray pid = QByteArray::number(qint64(::getpid())) + '\n';
    return ::ftruncate(lock.get(), 0) == 0
        && ::pwrite(lock.get(), pid.constData(), static_cast<size_t>(pid.size()), 0) == pid.size();
}

Result<Done, QString> takeLock(const FileDescriptor &lock, const QString &path)
{
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return Failure{ path + ": is in use by "_L1 + holder(lock) };
        return Failure{ systemError(path, "cannot be locked"_L1, errno) };
    }
    if (!writePid(lock))
        return Failure{ systemError(path, "cannot be written"_L1, errno) };
    return Done{};
}

bool isSameFile(const FileDescriptor &open, const QString &path)
{
    struct stat ours
    { };
    struct stat theirs
    { };
    return ::fstat(open.get(), &ours) == 0
        && ::lstat(QFile::encodeName(path).constData(), &theirs) == 0
        && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

} // namespace

DataDir::DataDir(QString path, FileDescriptor lock)
    : m_path(std::move(path))
    , m_lock(std::move(lock))
{ }

Result<DataDir, QString> DataDir::open(const QString &path)
{
    if (const auto made = makePrivateDirectory(path); !made)
        return Failure{ made.error() };
    const QString lockPath = path + "/lock"_L1;
    FileDescriptor lock = openFile(lockPath, O_RDWR | O_CREAT | O_NOFOLLOW);
    if (!lock.isOpen())
        return Failure{ systemError(lockPath, "cannot be opened"_L1, errno) };
    if (const auto taken = takeLock(lock, path); !taken)
        return Failure{ taken.error() };
    DataDir dataDir(path, std::move(lock));
    if (const auto made = makePrivateDirectory(dataDir.reportsPath()); !made)
        return Failure{ made.error() };
    if (::access(QFile::encodeName(dataDir.reportsPath()).constData(), W_OK | X_OK) != 0)
        return Failure{ systemError(dataDir.reportsPath(), "cannot be written"_L1, errno) };
    return dataDir;
}

Result<DataDir, QString> DataDir::adopt(const QString &path, FileDescriptor lock)
{
    if (!isSameFile(lock, path + "/lock"_L1))
        return open(path);
    DataDir dataDir(path, std::move(lock));
    dataDir.m_isShared = true;
    return dataDir;
}

void DataDir::sign() const
{
    [[maybe_unused]] const bool isWritten = writePid(m_lock); // else an older pid stands there
}

} // namespace quiesce
