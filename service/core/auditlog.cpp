// SPDX-License-Identifier: GPL-3.0-only
// AuditLog: see the header.
#include "service/core/auditlog.h"

#include "common/logline.h"
#include "service/core/atomicfile.h"
#include "service/core/clock.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcAudit, "quiesce.audit")

constexpr qint64 kMaxFileBytes = 2 * AuditLog::kKept * AuditLog::kMaxEntryBytes;

QString shortened(const QString &text)
{
    return text.left(AuditLog::kMaxTextLength);
}

StopCause shortened(StopCause cause)
{
    cause.actor = shortened(cause.actor);
    cause.reason = shortened(cause.reason);
    return cause;
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QByteArray lineOf(const QJsonObject &entry)
{
    return QJsonDocument(entry).toJson(QJsonDocument::Compact) + '\n';
}

qint64 idOf(const QJsonObject &entry)
{
    return entry.value("id"_L1).toString().toLongLong();
}

bool isEntry(const QJsonObject &entry)
{
    return idOf(entry) > 0 && entry.value("action"_L1).isString();
}

/// One line a change, with everything that is known.
void log(const QJsonObject &entry)
{
    LogLine line("change asked for");
    for (const QLatin1StringView key :
         { "action"_L1, "target"_L1, "result"_L1, "code"_L1, "kind"_L1, "signal"_L1, "senderPid"_L1,
           "senderUid"_L1, "senderCommand"_L1, "remoteAddress"_L1, "actor"_L1, "role"_L1,
           "reason"_L1 }) {
        const QJsonValue value = entry.value(key);
        if (value.isDouble())
            line.with(key, value.toInteger());
        else if (value.isString())
            line.with(key, value.toString());
    }
    qCInfo(lcAudit).noquote() << line.toString();
}

} // namespace

AuditLog::AuditLog(const Clock &clock, QString file, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_file(std::move(file))
{
    load();
}

void AuditLog::refresh()
{
    const QFileInfo file(m_file);
    // What could not be written is in memory alone.
    if (m_file.isEmpty() || m_mustRewrite || !file.exists() || file.size() == m_size)
        return;
    m_entries.clear();
    m_lines = 0;
    load();
}

void AuditLog::record(const AuditEntry &entry)
{
    refresh();
    const StopCause cause = shortened(entry.cause);
    QJsonObject json = toJson(cause);
    json.insert("id"_L1, QString::number(++m_lastId));
    json.insert("at"_L1, m_clock.utcNow().toString(Qt::ISODateWithMs));
    json.insert("action"_L1, entry.action);
    json.insert("target"_L1, orNull(shortened(entry.target)));
    json.insert("result"_L1, entry.refusal.isEmpty() ? u"accepted"_s : u"refused"_s);
    json.insert("code"_L1, orNull(entry.refusal));

    log(json);
    m_entries.push_back(json);
    if (m_entries.size() > kKept)
        m_entries.pop_front();
    append(json);
    Q_EMIT recorded(json);
}

void AuditLog::load()
{
    QFile file(m_file);
    if (m_file.isEmpty() || !file.exists())
        return;
    m_size = file.size();
    QString damage;
    if (!file.open(QIODevice::ReadOnly))
        damage = file.errorString();
    else if (file.size() > kMaxFileBytes)
        damage = u"too large for an audit log"_s;
    else
        damage = readLines(file);
    for (const QJsonObject &entry : m_entries)
        m_lastId = std::max(m_lastId, idOf(entry));
    if (!damage.isEmpty())
        setAside(damage);
}

/// Empty, or what is wrong with the first line that is no entry.
QString AuditLog::readLines(QFile &file)
{
    QString damage;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine(kMaxEntryBytes);
        if (line.isEmpty())
            return file.errorString();
        ++m_lines;
        const QJsonObject entry = QJsonDocument::fromJson(line).object();
        if (line.endsWith('\n') && isEntry(entry))
            m_entries.push_back(entry);
        else if (damage.isEmpty())
            damage = u"line %1 is not an audit entry"_s.arg(m_lines);
        if (m_entries.size() > kKept)
            m_entries.pop_front();
    }
    return damage;
}

/// Half a line is what a crash or a full disk leaves; whatever it was, it is kept beside.
void AuditLog::setAside(const QString &damage)
{
    const QString aside = m_file + u".damaged"_s;
    QFile::remove(aside);
    const bool isKept = QFile::copy(m_file, aside);
    m_mustRewrite = true;
    qCWarning(lcAudit).noquote() << LogLine("audit log damaged")
                                        .with("file", m_file)
                                        .with("reason", damage)
                                        .with("entries", m_entries.size())
                                        .with("copy", isKept ? aside : u"none"_s)
                                        .toString();
}

void AuditLog::append(const QJsonObject &entry)
{
    if (m_file.isEmpty())
        return;
    const bool isFull = m_lines >= 2 * kKept;
    const QString failure = m_mustRewrite || isFull ? tryRewrite() : tryAppend(entry);
    m_mustRewrite = !failure.isEmpty();
    if (failure.isEmpty()) {
        m_hasWarned = false;
    } else if (!std::exchange(m_hasWarned, true)) {
        qCWarning(lcAudit).noquote() << LogLine("audit log not written")
                                            .with("file", m_file)
                                            .with("reason", failure)
                                            .toString();
    }
}

/// Empty, or the system's reason.
QString AuditLog::tryAppend(const QJsonObject &entry)
{
    QFile file(m_file);
    const bool isOpen = file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered,
                                  QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    const QByteArray line = lineOf(entry);
    if (!isOpen || file.write(line) != line.size())
        return file.errorString();
    ++m_lines;
    m_size += line.size();
    return {};
}

QString AuditLog::tryRewrite()
{
    QByteArray content;
    for (const QJsonObject &entry : m_entries)
        content += lineOf(entry);
    const QString failure = writeAtomically(m_file, content);
    if (failure.isEmpty()) {
        m_lines = static_cast<int>(m_entries.size());
        m_size = content.size();
    }
    return failure;
}

} // namespace quiesce
