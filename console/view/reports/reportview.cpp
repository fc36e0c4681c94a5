// SPDX-License-Identifier: GPL-3.0-only
// ReportView: see the header.
#include "console/view/reports/reportview.h"

#include "common/printable.h"
#include "console/model/reports/reporttext.h"
#include "console/view/look/look.h"
#include "console/view/reports/facttable.h"
#include "console/view/reports/phasechart.h"

#include <QClipboard>
#include <QEvent>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace quiesce {

namespace {

constexpr double kHeadlineScale = 1.4;
constexpr int kWideEms = 120; ///< from this width on, tallies and hooks stand beside each other

QFont scaled(QFont font, double factor)
{
    font.setBold(true);
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * factor);
    else
        font.setPixelSize(static_cast<int>(font.pixelSize() * factor));
    return font;
}

QString difference(qint64 now, qint64 then)
{
    if (now == then)
        return ReportView::tr("same");
    const QString amount = QLocale().toString(std::abs(now - then));
    return now > then ? ReportView::tr("+%1").arg(amount) : ReportView::tr("−%1").arg(amount);
}

} // namespace

ReportView::ReportView(QWidget *parent)
    : QWidget(parent)
    , m_phases(new PhaseChart(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeHeadline());
    layout->addWidget(makeFacts());
    layout->addWidget(m_phases);
    layout->addWidget(makeTables());
    layout->addStretch(1);
}

QWidget *ReportView::makeHeadline()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    m_icon = new QLabel(row);
    m_outcome = new QLabel(row);
    m_outcome->setTextFormat(Qt::PlainText);
    m_outcome->setWordWrap(true);
    m_outcome->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *copy = new QPushButton(tr("&Copy"), row);
    copy->setToolTip(tr("Copies the whole report to the clipboard"));
    copy->setMenu(makeCopyMenu());
    layout->addWidget(m_icon);
    layout->addWidget(m_outcome, 1);
    layout->addWidget(copy, 0, Qt::AlignTop);
    return row;
}

QMenu *ReportView::makeCopyMenu()
{
    auto *menu = new QMenu(this);
    menu->addAction(tr("As &text"), this,
                    [this] { QGuiApplication::clipboard()->setText(reportAsText(m_report)); });
    menu->addAction(tr("As &JSON"), this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(reportAsJson(m_report)));
    });
    return menu;
}

QWidget *ReportView::makeFacts()
{
    auto *facts = new QWidget(this);
    auto *form = new QFormLayout(facts);
    form->setContentsMargins(0, 0, 0, 0);
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    m_when = addFact(*form, tr("When:"));
    m_who = addFact(*form, tr("Asked for by:"));
    m_reason = addFact(*form, tr("Reason:"));
    m_cut = addFact(*form, tr("Cut:"));
    m_process = addFact(*form, tr("Process:"));
    m_note = addFact(*form, tr("Note:"));
    return facts;
}

QLabel *ReportView::addFact(QFormLayout &form, const QString &name)
{
    auto *value = new QLabel(this);
    value->setTextFormat(Qt::PlainText);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *label = new QLabel(name, this);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    form.addRow(label, value);
    return value;
}

QWidget *ReportView::makeTables()
{
    auto *tables = new QWidget(this);
    auto *layout = new QVBoxLayout(tables);
    layout->setContentsMargins(0, 0, 0, 0);
    m_tallies = new FactTable(tr("Tallies"), tables);
    m_hooks = new FactTable(tr("Hooks"), tables);
    m_slowest = new FactTable(tr("Last to finish"), tables);
    m_tables = new QHBoxLayout;
    m_tables->addWidget(m_tallies, 1, Qt::AlignTop);
    m_tables->addWidget(m_hooks, 1, Qt::AlignTop);
    layout->addLayout(m_tables);
    layout->addWidget(m_slowest);
    return tables;
}

void ReportView::setReport(const StopReport &report)
{
    m_report = report;
    showHeadline();
    showFacts();
    m_phases->setReport(m_report, m_span);
    showTallies();
    showHooks();
    showSlowest();
}

void ReportView::setCompared(const std::optional<StopReport> &earlier)
{
    m_earlier = earlier;
    showTallies();
}

void ReportView::setSpan(std::chrono::milliseconds span)
{
    m_span = span;
    m_phases->setReport(m_report, m_span);
}

void ReportView::showHeadline()
{
    const Condition condition = conditionOf(m_report);
    const int size = QFontMetrics(scaled(font(), kHeadlineScale)).height();
    m_icon->setPixmap(conditionIcon(condition, palette()).pixmap(size));
    m_icon->setHidden(m_icon->pixmap().isNull());
    m_outcome->setFont(scaled(font(), kHeadlineScale));
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, toneTextColor(toneOf(condition), palette()));
    m_outcome->setPalette(colors);
    m_outcome->setText(
        tr("%1 in %2").arg(conditionText(condition), spanText(durationOf(m_report))));
}

void ReportView::showFacts()
{
    const QDateTime at = m_report.requestedAt;
    m_when->setText(at.isValid() ? QLocale().toString(at.toLocalTime(), QLocale::LongFormat)
                                 : tr("Unknown"));
    m_when->setToolTip(at.toUTC().toString(Qt::ISODateWithMs));
    m_who->setText(whoAsked(m_report.cause));
    m_reason->setText(m_report.cause.reason.isEmpty() ? tr("None given")
                                                      : printable(m_report.cause.reason));
    m_cut->setText(whatWasCut(m_report));
    m_process->setText(tr("%1 %2, instance %3, exit code %4")
                           .arg(printable(m_report.name), printable(m_report.version),
                                printable(m_report.instanceId),
                                QString::number(m_report.exitCode)));
    m_note->setText(versionNote(m_report));
    auto *form = static_cast<QFormLayout *>(m_note->parentWidget()->layout());
    form->labelForField(m_note)->setHidden(isKnownVersion(m_report));
    m_note->setHidden(isKnownVersion(m_report));
}

void ReportView::showTallies()
{
    QStringList headers{ tr("Tally"), tr("Count") };
    if (m_earlier)
        headers << tr("Change");
    const QList<ReportTally> now = talliesOf(m_report);
    const QList<ReportTally> then = m_earlier ? talliesOf(*m_earlier) : now;
    QList<QStringList> rows;
    for (qsizetype i = 0; i < now.size(); ++i) {
        QStringList row{ now[i].name, QLocale().toString(now[i].count) };
        if (m_earlier)
            row << difference(now[i].count, then[i].count);
        rows << row;
    }
    m_tallies->setFacts(headers, rows);
}

void ReportView::showHooks()
{
    QList<QStringList> rows;
    for (const StopReport::Hook &hook : std::as_const(m_report.hooks))
        rows << QStringList{ printable(hook.name), endName(hook.result), spanText(hook.duration) };
    m_hooks->setFacts({ tr("Hook"), tr("Result"), tr("Took") }, rows);
    m_hooks->setHidden(rows.isEmpty());
}

void ReportView::showSlowest()
{
    QList<QStringList> rows;
    for (const StopReport::Slow &slow : std::as_const(m_report.slowest))
        rows << QStringList{ printable(slow.label.isEmpty() ? slow.id : slow.label),
                             printable(slow.kind), endName(slow), spanText(slow.age) };
    m_slowest->setFacts({ tr("Last to finish"), tr("Kind"), tr("Ended"), tr("Age") }, rows);
    m_slowest->setHidden(rows.isEmpty());
}

void ReportView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool isWide = width() >= kWideEms * fontMetrics().averageCharWidth();
    m_tables->setDirection(isWide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void ReportView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    const QEvent::Type type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::FontChange || type == QEvent::StyleChange)
        showHeadline();
}

} // namespace quiesce
