// SPDX-License-Identifier: GPL-3.0-only
// Reads, hashes by OpenSSL, and keeps where it is.
#include "service/jobs/kinds/digestkind.h"

#include "common/jobs/commandfields.h"
#include "common/printable.h"
#include "service/core/runonpool.h"
#include "service/jobs/kinds/payload.h"
#include "service/jobs/kinds/resumablesha256.h"
#include "service/jobs/kinds/rootedfile.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QThreadPool>
#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <system_error>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::nanoseconds;

namespace {

constexpr qint64 kLeastChunk = 4'096;
constexpr qint64 kMostChunk = qint64{ 1'024 } * 1'024 * 1'024;
constexpr qint64 kUsualChunk = qint64{ 8 } * 1'024 * 1'024;

QString check(const QStringList &roots, const QJsonObject &payload)
{
    if (const QString fault = faultOfFields(payload, { u"path"_s, u"chunkBytes"_s });
        !fault.isEmpty())
        return fault;
    if (!payload["path"_L1].isString())
        return u"path: expected the path of a file"_s;
    if (const auto path = pathBelow(roots, payload["path"_L1].toString()); !path)
        return "path: "_L1 + path.error();
    return faultOfInteger(payload, u"chunkBytes"_s, kLeastChunk, kMostChunk);
}

/// What makes a file the same file with the same content, as far as the system tells. Kept as
/// text, because JSON numbers hold only 53 bits.
struct Identity
{
    QString device;
    QString inode;
    QString modified; ///< ns since the epoch
    qint64 size = 0;

    friend bool operator==(const Identity &, const Identity &) = default;
};

Result<Identity, QString> identify(const FileDescriptor &file)
{
    struct stat info = {};
    if (::fstat(file.get(), &info) != 0)
        return Failure{ QString::fromStdString(std::generic_category().message(errno)) };
    const qint64 modified = qint64{ info.st_mtim.tv_sec } * 1'000'000'000 + info.st_mtim.tv_nsec;
    return Identity{ QString::number(info.st_dev), QString::number(info.st_ino),
                     QString::number(modified), info.st_size };
}

class Sha256 final
{
public:
    Sha256() { EVP_DigestInit_ex(m_context, EVP_sha256(), nullptr); }
    ~Sha256() { EVP_MD_CTX_free(m_context); }
    Sha256(const Sha256 &) = delete;
    Sha256 &operator=(const Sha256 &) = delete;

    void add(const char *bytes, qsizetype size)
    {
        EVP_DigestUpdate(m_context, bytes, static_cast<size_t>(size));
    }
    /// Begins anew afterwards.
    [[nodiscard]] QByteArray takeResult()
    {
        QByteArray digest(32, '\0');
        EVP_DigestFinal_ex(m_context, reinterpret_cast<unsigned char *>(digest.data()), nullptr);
        EVP_DigestInit_ex(m_context, EVP_sha256(), nullptr);
        return digest;
    }

private:
    EVP_MD_CTX *m_context = EVP_MD_CTX_new();
};

/// One attempt, on a thread of the pool.
class Digest final
{
public:
    Digest(const QStringList &roots, const JobContext &context)
        : m_context(context)
        , m_path(context.payload()["path"_L1].toString())
        , m_chunkBytes(context.payload()["chunkBytes"_L1].toInteger(kUsualChunk))
        , m_roots(roots)
        , m_block(kDigestBlockBytes, Qt::Uninitialized)
    { }

    [[nodiscard]] JobOutcome run()
    {
        auto file = openBelow(m_roots, m_path);
        if (!file)
            return JobOutcome::finalFailure(file.error());
        m_file = file.takeValue();
        const auto identity = identify(m_file);
        if (!identity)
            return JobOutcome::failure(named(identity.error()));
        m_identity = identity.value();
        if (const QString fault = resume(); !fault.isEmpty())
            return JobOutcome::finalFailure(fault);
        m_begun.start();
        m_beganAt = m_at;
        while (m_at < m_identity.size) {
            if (const auto early = digestChunk())
                return *early;
        }
        return finish();
    }

private:
    [[nodiscard]] QString named(const QString &what) const
    {
        return quoted(m_path) + ": "_L1 + what;
    }

    [[nodiscard]] QString resume()
    {
        const std::optional<QJsonObject> &last = m_context.lastCheckpoint();
        if (!last)
            return {};
        const Identity former{ (*last)["device"_L1].toString(), (*last)["inode"_L1].toString(),
                               (*last)["modifiedNs"_L1].toString(),
                               (*last)["size"_L1].toInteger() };
        if (former != m_identity)
            return changed(former);
        const auto list = ResumableSha256::fromState(
            QByteArray::fromHex((*last)["list"_L1].toString().toLatin1()));
        const qint64 done = (*last)["chunksDone"_L1].toInteger(-1);
        if (!list || done < 0 || done > (m_identity.size + m_chunkBytes - 1) / m_chunkBytes)
            return {}; // not one of ours: begin at the beginning
        m_list = *list;
        m_chunks = done;
        m_listed = (*last)["chunkSha256"_L1].toArray();
        m_at = std::min(done * m_chunkBytes, m_identity.size);
        return {};
    }

    [[nodiscard]] QString changed(const Identity &former) const
    {
        return named(
            u"it has changed since the digest began (was inode %1 of %2 bytes, now inode "
            "%3 of %4 bytes%5)"_s.arg(former.inode)
                .arg(former.size)
                .arg(m_identity.inode)
                .arg(m_identity.size)
                .arg(former.modified == m_identity.modified ? QString() : u", modified"_s));
    }

    /// Something when the attempt ends here.
    [[nodiscard]] std::optional<JobOutcome> digestChunk()
    {
        const qint64 end = std::min(m_at + m_chunkBytes, m_identity.size);
        while (m_at < end) {
            if (m_context.stopToken().stop_requested() || isHopeless(end))
                return JobOutcome::interrupted();
            const ssize_t size =
                ::pread(m_file.get(), m_block.data(),
                        static_cast<size_t>(std::min<qint64>(m_block.size(), end - m_at)), m_at);
            if (size < 0 && errno == EINTR)
                continue;
            if (size < 0)
                return JobOutcome::failure(
                    named(QString::fromStdString(std::generic_category().message(errno))));
            if (size == 0)
                return JobOutcome::finalFailure(named(u"it became shorter meanwhile"_s));
            m_chunk.add(m_block.constData(), size);
            m_at += size;
            m_context.setProgress(static_cast<double>(m_at) / static_cast<double>(m_identity.size));
        }
        endChunk();
        if (m_at < m_identity.size && isLate(m_identity.size))
            return JobOutcome::interrupted();
        return {};
    }

    void endChunk()
    {
        const QByteArray digest = m_chunk.takeResult();
        m_list.add(digest);
        const QString hex = QString::fromLatin1(digest.toHex());
        if (m_chunks < kMaxListedChunks)
            m_listed.append(hex);
        m_context.appendOutput(QByteArray::number(m_chunks) + ' ' + digest.toHex() + '\n');
        ++m_chunks;
        // Not kept: a lost lease triggers the stop token, and a store that cannot be written makes
        // the next attempt begin further back; neither changes the digest.
        m_context.checkpoint({ { u"device"_s, m_identity.device },
                               { u"inode"_s, m_identity.inode },
                               { u"modifiedNs"_s, m_identity.modified },
                               { u"size"_s, m_identity.size },
                               { u"chunksDone"_s, m_chunks },
                               { u"list"_s, QString::fromLatin1(m_list.state().toHex()) },
                               { u"chunkSha256"_s, listed() } });
    }

    [[nodiscard]] QJsonArray listed() const
    {
        return m_chunks <= kMaxListedChunks ? m_listed : QJsonArray();
    }

    /// A stop is under way, and neither the file nor this chunk can be done before its deadline.
    [[nodiscard]] bool isHopeless(qint64 chunkEnd) const
    {
        return isLate(m_identity.size) && isLate(chunkEnd);
    }

    /// A stop is under way, and at the speed so far its deadline comes before that place.
    [[nodiscard]] bool isLate(qint64 place) const
    {
        if (!m_context.isStopping())
            return false;
        const auto done = static_cast<double>(m_at - m_beganAt);
        const auto left = static_cast<double>(place - m_at);
        const nanoseconds time = m_context.deadline().remainingTimeAsDuration();
        if (done <= 0) // no speed yet
            return time.count() <= 0;
        return left * static_cast<double>(m_begun.nsecsElapsed())
            > done * static_cast<double>(time.count());
    }

    [[nodiscard]] JobOutcome finish()
    {
        const auto last = identify(m_file);
        if (!last)
            return JobOutcome::failure(named(last.error()));
        if (const Identity former = std::exchange(m_identity, last.value()); former != m_identity)
            return JobOutcome::finalFailure(changed(former));
        const bool isListed = m_chunks <= kMaxListedChunks;
        return JobOutcome::success(
            QJsonObject{ { u"size"_s, m_identity.size },
                         { u"chunkBytes"_s, m_chunkBytes },
                         { u"chunks"_s, m_chunks },
                         { u"listSha256"_s, QString::fromLatin1(m_list.result().toHex()) },
                         { u"chunkSha256"_s, isListed ? QJsonValue(m_listed) : QJsonValue() } });
    }

    JobContext m_context;
    QString m_path;
    qint64 m_chunkBytes;
    QStringList m_roots;
    QByteArray m_block;
    FileDescriptor m_file;
    Identity m_identity;
    Sha256 m_chunk;
    ResumableSha256 m_list;
    QJsonArray m_listed;
    qint64 m_chunks = 0; ///< done
    qint64 m_at = 0; ///< in the file
    qint64 m_beganAt = 0; ///< of this attempt
    QElapsedTimer m_begun;
};

} // namespace

JobKind digestKind(const QStringList &roots, QThreadPool *pool)
{
    JobKind kind;
    kind.name = u"digest"_s;
    kind.check = [roots](const QJsonObject &payload) { return check(roots, payload); };
    kind.handler = [roots, pool](const JobContext &context) {
        return runOnPool(*pool, [roots, context] { return Digest(roots, context).run(); });
    };
    return kind;
}

} // namespace quiesce
