// SPDX-License-Identifier: GPL-3.0-only
// FactTable: see the header.
#include "console/view/reports/facttable.h"

#include <QEvent>
#include <QHeaderView>
#include <QWheelEvent>
#include <algorithm>

namespace quiesce {

FactTable::FactTable(const QString &name, QWidget *parent)
    : QTableWidget(parent)
{
    setAccessibleName(name);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setTabKeyNavigation(false);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setWordWrap(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setHighlightSections(false);
}

void FactTable::setFacts(const QStringList &headers, const QList<QStringList> &rows)
{
    setRowCount(0);
    setColumnCount(static_cast<int>(headers.size()));
    setHorizontalHeaderLabels(headers);
    for (int column = 0; column < headers.size(); ++column) {
        horizontalHeader()->setSectionResizeMode(
            column, column == 0 ? QHeaderView::Stretch : QHeaderView::Fixed);
        horizontalHeaderItem(column)->setTextAlignment(
            (column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    for (const QStringList &row : rows.mid(0, kMaxRows))
        addRow(row);
    if (const qsizetype more = rows.size() - kMaxRows; more > 0)
        addRow({ tr("and %n more", nullptr, static_cast<int>(more)) });
    fitColumns();
}

/// What their texts need, with some air.
void FactTable::fitColumns()
{
    const int air = 3 * fontMetrics().averageCharWidth();
    for (int column = 1; column < columnCount(); ++column) {
        const int header = horizontalHeader()->sectionSizeHint(column);
        setColumnWidth(column, std::max(sizeHintForColumn(column), header) + air);
    }
    updateGeometry();
}

void FactTable::addRow(const QStringList &texts)
{
    const int row = rowCount();
    insertRow(row);
    for (int column = 0; column < std::min<int>(columnCount(), static_cast<int>(texts.size()));
         ++column) {
        auto *item = new QTableWidgetItem(texts[column]);
        item->setToolTip(texts[column].toHtmlEscaped());
        item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        setItem(row, column, item);
    }
}

QSize FactTable::sizeHint() const
{
    int height = 2 * frameWidth() + horizontalHeader()->sizeHint().height();
    for (int row = 0; row < rowCount(); ++row)
        height += std::max(rowHeight(row), sizeHintForRow(row));
    return { QTableWidget::sizeHint().width(), height };
}

QSize FactTable::minimumSizeHint() const
{
    return { 20 * fontMetrics().averageCharWidth(), sizeHint().height() };
}

void FactTable::changeEvent(QEvent *event)
{
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
}

void FactTable::wheelEvent(QWheelEvent *event)
{
    event->ignore(); // it shows all its rows: what is around it scrolls
}

} // namespace quiesce
