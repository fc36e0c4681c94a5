// SPDX-License-Identifier: GPL-3.0-only
// Stop reports as JSON files, one each, named so that their names sort by time.
#include "service/core/reportstore.h"

#include "common/logline.h"
#include "service/core/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QRegularExpression>
#include <cerrno>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcReports, "quiesce.reports")

QString fileNameOf(const StopReport &report)
{
    static const QRegularExpression unsafe(u"[^A-Za-z0-9._-]"_s);
    QString instance = report.instanceId;
    instance.replace(unsafe, u"_"_s);
    return u"%1-%2.json"_s.arg(report.stoppedAt.toUTC().toString(u"yyyyMMdd'T'HHmmss.zzz'Z'"),
                               instance);
}

/// The names of what may be reports, newest first.
QStringList reportNames(const QDir &folder)
{
    static const QRegularExpression form(u"^\\d{8}T\\d{6}\\.\\d{3}Z-.*\\.json$"_s);
    return folder.entryList(QDir::Files, QDir::Name | QDir::Reversed).filter(form);
}

QString because(const QString &path, const QString &reason)
{
    return path + u": "_s + reason;
}

/// @error why the file is not a report, for people.
Result<QJsonObject, QString> readReport(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Failure{ file.errorString() };
    if (file.size() > ReportStore::kMaxReportBytes)
        return Failure{ u"too large for a report"_s };
    QJsonParseError error{};
    const QJsonObject report =
        QJsonDocument::fromJson(file.read(ReportStore::kMaxReportBytes), &error).object();
    if (error.error != QJsonParseError::NoError)
        return Failure{ error.errorString() };
    if (!report.value("reportVersion"_L1).isDouble() || !report.value("outcome"_L1).isString())
        return Failure{ u"not a stop report"_s };
    return report;
}

void removeOld(const QDir &folder)
{
    const QStringList names = reportNames(folder);
    for (const QString &name : names.mid(ReportStore::kKept)) {
        const QString path = folder.filePath(name);
        const Result<QJsonObject, QString> report = readReport(path);
        QFile file(path);
        if (report && !file.remove()) {
            qCWarning(lcReports).noquote() << LogLine("old report not removed")
                                                  .with("path", path)
                                                  .with("reason", file.errorString())
                                                  .toString();
        }
    }
}

} // namespace

ReportStore::ReportStore(QString folder)
    : m_folder(std::move(folder))
{ }

Result<QString, QString> ReportStore::write(const StopReport &report) const
{
    if (m_folder.isEmpty())
        return QString();
    const QDir folder(m_folder);
    errno = 0;
    if (!folder.mkpath(u"."_s))
        return Failure{ because(m_folder, qt_error_string(errno)) };
    const QString path = folder.filePath(fileNameOf(report));
    const QString failure =
        writeAtomically(path, QJsonDocument(toJson(report)).toJson(QJsonDocument::Indented));
    if (!failure.isEmpty())
        return Failure{ because(path, failure) };
    removeOld(folder);
    return path;
}

QList<QJsonObject> ReportStore::read(int limit) const
{
    QList<QJsonObject> reports;
    if (m_folder.isEmpty())
        return reports;
    const QDir folder(m_folder);
    for (const QString &name : reportNames(folder)) {
        if (reports.size() >= limit)
            break;
        Result<QJsonObject, QString> report = readReport(folder.filePath(name));
        if (report) {
            reports.append(report.takeValue());
            continue;
        }
        qCWarning(lcReports).noquote() << LogLine("not a report")
                                              .with("path", folder.filePath(name))
                                              .with("reason", report.error())
                                              .toString();
    }
    return reports;
}

} // namespace quiesce
