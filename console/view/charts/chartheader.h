// SPDX-License-Identifier: GPL-3.0-only
// ChartHeader: a chart's heading and its legend, each series with its line and its latest value.
#pragma once

#include <QList>
#include <QPen>
#include <QString>
#include <QWidget>

namespace quiesce {

/// The legend shows each line as it is drawn, dashes too: colour alone tells nothing apart. Shows
/// that its parent has the focus.
class ChartHeader final : public QWidget
{
    Q_OBJECT

public:
    struct Entry
    {
        QString name; ///< empty: the heading says it
        QString value;
        QPen pen;
    };

    explicit ChartHeader(const QString &title, QWidget *parent = nullptr);

    void setEntries(const QList<Entry> &entries);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] int widthOf(const Entry &entry, int valueWidth) const;
    void paintFocus(QPainter &painter) const;
    int paintEntry(QPainter &painter, const Entry &entry, int valueWidth, int right) const;

    QString m_title;
    QList<Entry> m_entries;
    QList<int> m_valueWidths; ///< the widest so far: numbers that change move nothing
};

} // namespace quiesce
