// SPDX-License-Identifier: GPL-3.0-only
// Any bytes as an admin request's body and query: an answer or a refusal, never more than it says.
#include "service/core/auditlog.h"
#include "service/http/admin/bodyreader.h"
#include "service/http/admin/listpage.h"
#include "tests/fuzz/pieces.h"
#include "tests/support/manualclock.h"

#include <QByteArray>
#include <QJsonDocument>
#include <cstdint>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::ManualClock;
using quiesce::test::require;
using std::chrono::milliseconds;

namespace {

/// What an operator's words become in the audit must be readable again, whatever they were.
void audit(const QString &actor, const QString &reason)
{
    static const ManualClock clock;
    AuditLog log(clock, {});
    AuditEntry entry;
    entry.action = u"stop"_s;
    entry.cause.kind = StopCause::Kind::Api;
    entry.cause.actor = actor;
    entry.cause.reason = reason;
    log.record(entry);
    const QByteArray line =
        QJsonDocument(log.entries().back()).toJson(QJsonDocument::Compact) + '\n';
    require(line.size() <= AuditLog::kMaxEntryBytes, "an audit entry is within its bound");
    require(line.count('\n') == 1, "an audit entry is one line");
    require(QJsonDocument::fromJson(line).object() == log.entries().back(),
            "an audit entry can be read back");
}

void readBody(const QByteArray &bytes)
{
    BodyReader body("application/json", bytes);
    const QString actor = body.text(u"actor"_s);
    const QString reason = body.text(u"reason"_s);
    const auto by = body.duration(u"byMs"_s, milliseconds(1), BodyReader::Need::Required);
    const auto grace = body.duration(u"graceMs"_s);
    const std::optional<Refusal> refusal = body.refusal();
    require(refusal || by, "what is required is there, or refused");
    require(!by || (*by >= milliseconds(1) && *by <= BodyReader::kMaxDuration), "by is in range");
    require(!grace || *grace <= BodyReader::kMaxDuration, "grace is in range");
    if (refusal) {
        require(refusal->status >= 400 && refusal->status < 500, "it is the client's fault");
        require(!refusal->code.isEmpty() && refusal->detail.size() < 512, "it says so shortly");
        require(QJsonDocument::fromJson(problemJson(*refusal)).isObject(), "as a problem");
    }
    audit(actor, reason);
}

void readPage(const QByteArray &bytes)
{
    const auto page = ListPage::from(QUrlQuery(QString::fromUtf8(bytes)));
    if (!page)
        return require(page.error().status == 400, "a page that cannot be is a bad request");
    require(page.value().limit >= 1 && page.value().limit <= ListPage::kMaxLimit, "limit");
    require(page.value().after.size() <= ListPage::kMaxIdLength, "after");
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int * /*argc*/, char *** /*argv*/)
{
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {});
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    readBody(bytes);
    readPage(bytes);
    return 0;
}
