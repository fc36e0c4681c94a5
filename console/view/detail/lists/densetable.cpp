// SPDX-License-Identifier: GPL-3.0-only
// DenseTable: see the header.
#include "console/view/detail/lists/densetable.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

namespace quiesce {

namespace {

constexpr qsizetype kMaxCopiedRows = 10'000;

QString lineOf(const QModelIndex &row)
{
    QStringList cells;
    for (int column = 0; column < row.model()->columnCount(); ++column)
        cells << row.siblingAtColumn(column).data().toString();
    return cells.join(u'\t');
}

} // namespace

DenseTable::DenseTable(const QString &name, QWidget *parent)
    : QTableView(parent)
{
    setAccessibleName(name);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setAlternatingRowColors(true);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignVCenter | Qt::AlignLeft);
    followFont();
}

void DenseTable::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void DenseTable::setWidths(const QList<int> &letters)
{
    m_letters = letters;
    followFont();
}

void DenseTable::setLeastRows(int rows)
{
    m_leastRows = rows;
    updateGeometry();
}

QSize DenseTable::minimumSizeHint() const
{
    const QSize least = QTableView::minimumSizeHint();
    const int rows = m_leastRows * verticalHeader()->defaultSectionSize();
    return { least.width(),
             std::max(least.height(),
                      horizontalHeader()->sizeHint().height() + rows + 2 * frameWidth()) };
}

void DenseTable::followFont()
{
    verticalHeader()->setMinimumSectionSize(fontMetrics().height());
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() * 3 / 2);
    updateGeometry();
    if (!model())
        return;
    const int columns = std::min(int(m_letters.size()), model()->columnCount());
    for (int column = 0; column < columns; ++column)
        setColumnWidth(column, fontMetrics().averageCharWidth() * m_letters[column]);
}

void DenseTable::copySelected()
{
    QModelIndexList rows = selectionModel() ? selectionModel()->selectedRows() : QModelIndexList();
    std::sort(rows.begin(), rows.end());
    rows.resize(std::min(rows.size(), kMaxCopiedRows));
    QStringList lines;
    std::transform(rows.cbegin(), rows.cend(), std::back_inserter(lines), lineOf);
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(u'\n') + u'\n');
}

void DenseTable::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (m_emptyText.isEmpty() || (model() && model()->rowCount() > 0))
        return;
    QPainter painter(viewport());
    painter.setPen(palette().color(QPalette::Disabled, QPalette::Text));
    const int em = fontMetrics().height();
    painter.drawText(viewport()->rect().adjusted(em, em / 2, -em, -em / 2),
                     int(Qt::AlignCenter | Qt::TextWordWrap), m_emptyText);
}

void DenseTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        followFont();
}

void DenseTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        copySelected();
    else
        QTableView::keyPressEvent(event);
}

} // namespace quiesce
