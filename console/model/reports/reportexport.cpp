// SPDX-License-Identifier: GPL-3.0-only
// A stop report whole, as text for people and as JSON.
#include "common/printable.h"
#include "console/model/reports/reporttext.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QStringList>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct ReportExport
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::ReportExport)
};

/// Local and with its offset: what is pasted elsewhere must say which time it means.
QString timeText(const QDateTime &at)
{
    return at.isValid()
        ? at.toLocalTime().toOffsetFromUtc(at.toLocalTime().offsetFromUtc()).toString(Qt::ISODate)
        : ReportExport::tr("unknown");
}

class Lines final
{
public:
    void add(const QString &label, const QString &value)
    {
        if (!value.isEmpty())
            m_lines << ReportExport::tr("%1: %2").arg(label, value);
    }
    void addItem(const QString &text) { m_lines << u"  "_s + text; }
    void addHeading(const QString &text) { m_lines << ReportExport::tr("%1:").arg(text); }
    [[nodiscard]] QString text() const { return m_lines.join(u'\n') + u'\n'; }

private:
    QStringList m_lines;
};

void addHead(Lines &lines, const StopReport &report)
{
    lines.add(ReportExport::tr("Service"), printable(report.name));
    lines.add(ReportExport::tr("Version"), printable(report.version));
    lines.add(ReportExport::tr("Instance"), printable(report.instanceId));
    lines.add(ReportExport::tr("Outcome"), conditionText(conditionOf(report)));
    lines.add(ReportExport::tr("Exit code"), QString::number(report.exitCode));
    lines.add(ReportExport::tr("Asked for by"), whoAsked(report.cause));
    lines.add(ReportExport::tr("Reason"), printable(report.cause.reason));
    lines.add(ReportExport::tr("Asked for at"), timeText(report.requestedAt));
    lines.add(ReportExport::tr("Stopped at"), timeText(report.stoppedAt));
    lines.add(ReportExport::tr("Took"), spanText(durationOf(report)));
    lines.add(ReportExport::tr("Cut"), whatWasCut(report));
    lines.add(ReportExport::tr("Note"), versionNote(report));
}

void addLists(Lines &lines, const StopReport &report)
{
    if (!report.phases.isEmpty())
        lines.addHeading(ReportExport::tr("Phases"));
    for (const StopReport::Phase &phase : report.phases)
        lines.addItem(
            ReportExport::tr("%1: %2").arg(phaseName(phase.name), spanText(phase.duration)));
    if (!report.hooks.isEmpty())
        lines.addHeading(ReportExport::tr("Hooks"));
    for (const StopReport::Hook &hook : report.hooks)
        lines.addItem(
            ReportExport::tr("%1: %2, %3")
                .arg(printable(hook.name), endName(hook.result), spanText(hook.duration)));
    if (!report.slowest.isEmpty())
        lines.addHeading(ReportExport::tr("Last to finish"));
    for (const StopReport::Slow &slow : report.slowest)
        lines.addItem(ReportExport::tr("%1: %2, %3")
                          .arg(printable(slow.label), endName(slow), spanText(slow.age)));
}

} // namespace

QString reportAsText(const StopReport &report)
{
    Lines lines;
    addHead(lines, report);
    const QList<ReportTally> tallies = talliesOf(report);
    for (const ReportTally &tally : tallies)
        lines.add(tally.name, QLocale().toString(tally.count));
    addLists(lines, report);
    return lines.text();
}

QByteArray reportAsJson(const StopReport &report)
{
    return QJsonDocument(toJson(report)).toJson(QJsonDocument::Indented);
}

} // namespace quiesce
