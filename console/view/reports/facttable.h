// SPDX-License-Identifier: GPL-3.0-only
// FactTable: a small table that only tells, as tall as its rows.
#pragma once

#include <QStringList>
#include <QTableWidget>

namespace quiesce {

/// Its columns take what their texts need, the first what is left. Nothing in it can be changed.
///
/// Limits:  kMaxRows; a last row says how many more there were.
class FactTable final : public QTableWidget
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxRows = 100;

    explicit FactTable(const QString &name, QWidget *parent = nullptr);

    /// Texts of the columns from the second on stand at the right.
    void setFacts(const QStringList &headers, const QList<QStringList> &rows);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void fitColumns();
    void addRow(const QStringList &texts);
};

} // namespace quiesce
