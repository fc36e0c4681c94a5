// SPDX-License-Identifier: GPL-3.0-only
// DenseTable: the table of this page's lists, dense, copied as rows, and never simply blank.
#pragma once

#include <QTableView>

namespace quiesce {

/// Rows of one height that follows the font; whole rows are selected; Ctrl+C copies them with tabs
/// between the cells.
///
/// Thread: GUI.
class DenseTable final : public QTableView
{
    Q_OBJECT

public:
    /// `name`: for screen readers.
    explicit DenseTable(const QString &name, QWidget *parent = nullptr);

    /// Shown while there are no rows.
    void setEmptyText(const QString &text);
    /// Each column's width in letters of the font; the last takes what is left over.
    void setWidths(const QList<int> &letters);
    /// It is never lower than so many rows.
    void setLeastRows(int rows);
    void copySelected();
    /// Of the current one; -1: none.
    [[nodiscard]] int currentRow() const { return currentIndex().row(); }
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void followFont();

    QString m_emptyText;
    QList<int> m_letters;
    int m_leastRows = 0;
};

} // namespace quiesce
